"""What a source notebook must be like: whoever edits one is told before students get it."""

import nbformat
import pytest
import small
from nbformat.v4 import new_code_cell, new_markdown_cell

from assignments import course, release
from assignments.merge import grade_id


def released(tmp_path, change):
    """The instructor's version of the small assignment after a change of its source."""
    notebook = small.notebook()
    change(notebook.cells)
    release.put(notebook, course.notebook(tmp_path, small.NAME))
    return release.instructor_version(small.NAME, "s", tmp_path)


def written(name, source):
    """A change: a cell gets this code."""

    def change(cells):
        next(cell for cell in cells if grade_id(cell) == name).source = source

    return change


def no_id(cells):
    del cells[4].metadata["nbgrader"]["grade_id"]


def copied(cells):
    copy = nbformat.from_dict(cells[4])
    copy.id = "copy"
    cells.insert(5, copy)


REFUSED = {
    "code without an id": (lambda cells: cells.insert(1, new_code_cell("a = 3")), "'a = 3' has no"),
    "tests without an id": (no_id, "has no id"),
    "a copy": (copied, "the id 'half-test' of another cell"),
    "a magic": (written("imports", "%matplotlib inline\nimport sympy as sp"), "imports, line 1"),
    "a cell of a magic": (written("imports", "%%time\nimport sympy as sp"), "imports, line 1"),
    "a shell": (written("half-test", "!ls"), "half-test, line 1"),
    "awaiting": (written("imports", "import sympy as sp\nawait sp"), "imports, line 2"),
    "a magic beside numbers": (written("numbers", "%time\nx = draw(1, 2, 1)"), "numbers, line 1"),
}


@pytest.mark.parametrize(("change", "why"), REFUSED.values(), ids=REFUSED)
def test_what_grading_could_not_work_with_is_refused_and_said(tmp_path, change, why):
    with pytest.raises(ValueError, match=f"small: .*{why}"):
        released(tmp_path, change)


def test_texts_need_no_id_and_answers_may_have_magics(tmp_path):
    def change(cells):
        cells.insert(1, new_markdown_cell("A text."))
        cells.insert(2, new_markdown_cell("Another."))
        written("half", small.solved("%time half = x / 2"))(cells)

    assert len(released(tmp_path, change).cells) == len(small.notebook().cells) + 2
