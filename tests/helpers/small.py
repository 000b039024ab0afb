"""A small assignment, quick to grade, to try on it all that can go wrong in a submission."""

import re
from dataclasses import replace
from textwrap import indent

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from assignments import release
from assignments.course import Course
from assignments.samples import answered

NAME = "small"
# Against hanging only: however slow and busy the machine, what is right has the time it needs.
SETTINGS = Course(
    "a seed", (NAME,), cell_cpu_seconds=1200, submission_cpu_seconds=1500, memory_gib=4
)
# For what runs out of time; every other cell of this assignment computes for a second at most.
SHORT = replace(SETTINGS, cell_cpu_seconds=6, wall_factor=10)
# For what only waits, until the clock says so.
IDLE = replace(SETTINGS, cell_cpu_seconds=4, wall_factor=8)

SECRET = "the secret of the hidden test"
IDEA = "Think of what halves a number."
HALF = f'expect(close(half, x / 2), "{IDEA}")  # {SECRET}'
SQUARE = 'expect(equivalent(square, "a**2"), "A square.")'
TWICE = 'expect(twice(7) == 14, "All numbers.")'
MODEL = "A model answer that no student receives."


def cell(kind, grade_id, source, tags=(), **marks):
    """Return a cell with nbgrader's metadata."""
    make = new_code_cell if kind == "code" else new_markdown_cell
    marks = {"grade": False, "solution": False, "locked": True, "task": False} | marks
    nbgrader = {"schema_version": 3, "grade_id": grade_id, "cell_type": kind, **marks}
    return make(source, id=grade_id, metadata={"nbgrader": nbgrader, "tags": list(tags)})


def answer(grade_id, source, **marks):
    """A cell for an answer."""
    return cell("code", grade_id, source, solution=True, locked=False, **marks)


def solved(source):
    """Code between the marks of a solution."""
    return f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"


def tests(grade_id, points, visible, hidden):
    """A cell of tests."""
    hidden = f"### BEGIN HIDDEN TESTS\nfrom checks import close, equivalent, expect\n{hidden}"
    source = f"{visible}\n{hidden}\n### END HIDDEN TESTS"
    return cell("code", grade_id, source, grade=True, points=points)


def notebook():
    """Return the source notebook: three questions for the machine, one for a person."""
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
        cells=[
            cell("markdown", "intro", "# A small assignment"),
            cell("code", "imports", "import sympy as sp"),
            cell(
                "code",
                "numbers",
                'x = draw(1, 1000, 1)\ny = draw(0.1, 0.9, 0.1)  # a\nz = draw(["sin", "cos"])',
                tags=["numbers"],
            ),
            answer("half", solved("half = x / 2")),
            tests("half-test", 1, "assert half", HALF),
            answer("twice", indent(solved("return 2 * a"), "    ").join(["def twice(a):\n", ""])),
            tests("twice-test", 2, "assert twice(1) == 2", TWICE),
            answer("square", solved('square = sp.Symbol("a") ** 2')),
            tests("square-test", 3, "", SQUARE),
            cell("markdown", "why", MODEL, grade=True, solution=True, locked=False, points=4),
        ],
    )


def repeated(count, name, hidden):
    """Return the source notebook with more questions that ask the same, after the first.

    They ask for `name_0`, `name_1`, ..., which are the ids of their cells too, and give a point.

    Parameters
    ----------
    count : int
    name : str
        What the hidden test calls the answer.
    hidden : str
        The hidden test.
    """
    made = notebook()
    at = place(made, "twice")
    for number in reversed(range(count)):
        own = f"{name}_{number}"
        test = tests(f"{own}-test", 1, "", renamed(hidden, name, number))
        made.cells[at:at] = [answer(own, solved("pass")), test]
    return made


def renamed(source, name, number):
    """Return code with another name for an answer: that of the question with this number."""
    return re.sub(rf"\b{name}\b", f"{name}_{number}", source)


def write(folder, made=None):
    """Write the source notebook, or another in its place, and return the folder that it is in."""
    path = folder / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(made or notebook(), path)
    return folder


def complete(source):
    """Return a submission with all answers."""
    return answered(release.instructor_version(NAME, SETTINGS.seed, source))


def place(submission, grade_id):
    """Return where a cell is in a notebook."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in submission.cells]
    return ids.index(grade_id)
