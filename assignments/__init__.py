"""The graded assignments of the course, and what hands them out and grades them.

`course.toml` has the seed and the limits; `source/` the notebooks, with solutions and hidden tests.
In the order in which data flows: `course` (settings), `numbers` (those of a course), `references`
(what hidden tests compare with), `release` (student versions), `merge` (answers of a submission in
the original notebook), `worker` (runs one), `grade` (runs all, marks, table and files); `checks` is
what hidden tests call, `samples` makes submissions to try grading on.
"""
