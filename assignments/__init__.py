"""The graded assignments of the course, and what hands them out and grades them.

`course.toml` has the seed and the limits; `source/` the notebooks, with solutions and hidden tests.
In the order in which data flows:

- handing out: `course` (settings), `numbers` (those of a course), `references` (what hidden tests
  compare with), `release` (student versions);
- a class: `collect` (which files are whose; `archives` opens zips), `grade` (all submissions),
  `kept` (results, so that only what changed is graded again);
- a submission: `reading`, `merge` (its answers in the original notebook), `one` (all of it),
  `worker` (the process that judges; `workers` starts it), `kernel` and `sandbox` (the process with
  the student's code, and the wall around it), `student` (what runs behind that wall), `plain` (data
  both ways), `judge` (hidden tests, which call `checks`);
- results: `results`, `titles` (names of questions), `marks` (by hand), `sheets` and `tables` (files
  for spreadsheets), `feedback` (pages for students).

`samples` makes submissions to try grading on.
"""
