"""Sample submissions, to try grading on: complete ones, and ones in which something goes wrong.

python -m assignments.samples FOLDER [NAME ...]      of all assignments, or of those named
"""

import sys
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_solution

from . import course, release

ENDLESS = "while True:\n    pass\n"


def answered(original):
    """Return a student's version with all answers of the original."""
    notebook = release.student_version(original)
    for cell, model in zip(notebook.cells, original.cells, strict=True):
        if is_solution(cell):
            cell.source = model.source
    return notebook


def changed(notebook, change, which=is_solution):
    """Return a copy in which `change` was done to the first code cell of a kind."""
    notebook = nbformat.from_dict(notebook)
    place = next(
        k for k, cell in enumerate(notebook.cells) if which(cell) and cell.cell_type == "code"
    )
    change(notebook.cells, place)
    return notebook


def in_front(text):
    """A change: put code in front of that of the cell."""

    def change(cells, place):
        cells[place].source = f"{text}\n{cells[place].source}"

    return change


def delete(cells, place):
    """A change: delete the cell."""
    del cells[place]


def empty(cells, place):
    """A change: leave nothing of the tests in the cell."""
    cells[place].source = "assert True"


def samples(original):
    """Return sample submissions of an assignment by name."""
    good = answered(original)
    return {
        "complete": good,
        "untouched": release.student_version(original),
        "endless_loop": changed(good, in_front(ENDLESS)),
        "exception": changed(good, in_front('raise RuntimeError("not finished")')),
        "syntax_error": changed(good, in_front("def (:")),
        "killed": changed(
            good, in_front("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
        ),
        "tests_deleted": changed(good, delete, is_grade),
        "tests_edited": changed(good, empty, is_grade),
    }


def write(folder, names, seed, source=course.SOURCE):
    """Write the samples to FOLDER/SAMPLE/NAME.ipynb: all of the first, two of each other one."""
    for k, name in enumerate(names):
        made = samples(release.instructor_version(name, seed, source))
        for student in list(made)[: len(made) if k == 0 else 2]:
            release.put(made[student], Path(folder) / student / f"{name}.ipynb")


def main():
    """Write the samples of the course."""
    write(sys.argv[1], sys.argv[2:] or course.names(), course.read().seed)


if __name__ == "__main__":
    main()
