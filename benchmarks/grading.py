"""Time the grading of a class of 30, as it might come in for one assignment.

    python -m benchmarks.grading [NAME] [--jobs N] [--unsafe]

Of the submissions 20 are complete, 4 lack half of their answers, 2 were not worked on, and in each
of the others something goes wrong: an exception, a cell that ends the process, edited tests, and
one cell without end, which is tried again alone. Then it is timed how long the command takes when
nothing has changed, as when marks are entered.
"""

import argparse
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.utils import is_solution

from assignments import course, grade, release, samples

LIMIT = 600  # seconds, on two idle cores


def half(notebook):
    """Return a submission without every second of its answers."""
    notebook = nbformat.from_dict(notebook)
    for cell in list(filter(is_solution, notebook.cells))[::2]:
        cell.source = ""
    return notebook


def submissions(original):
    """Return the submissions of a class."""
    made = samples.samples(original)
    good = made["complete"]
    odd = [made[name] for name in ("exception", "killed", "tests_edited", "endless_loop")]
    return [good] * 20 + [half(good)] * 4 + [made["untouched"]] * 2 + odd


def main():
    """Make a class, grade it, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", default=course.names()[0], choices=course.names())
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--unsafe", action="store_true")
    given = parser.parse_args()
    settings = course.Course("benchmark", (given.name,))
    original = release.instructor_version(given.name, settings.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder, grades = Path(scratch, "class"), Path(scratch, "grades")
        for k, notebook in enumerate(submissions(original)):
            notebook.metadata["student"] = k  # no two files are the same
            release.put(notebook, folder / f"student-{k:02}" / f"{given.name}.ipynb")
        for what in ("grade the class", "grade again, where nothing has changed"):
            start = time.monotonic()
            grade.grade_class(folder, grades, settings, given.jobs, given.unsafe)
            taken = time.monotonic() - start
            late = "" if taken < LIMIT else f", more than the {LIMIT} s that it should take at most"
            print(f"\n{given.name}, {given.jobs} jobs: {taken:.0f} s to {what}{late}\n")


if __name__ == "__main__":
    main()
