"""Notebooks of a build run side by side, and each page gets its own."""

import nbclient
import pytest
from jupyter_cache.executors import utils
from nbclient.exceptions import CellExecutionError
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.kernels import PATIENT
from tools.sphinx_kernels import Ahead

# Each notebook waits for a file that the other one writes.
MEET = """
import time
from pathlib import Path
Path("{mine}.there").touch()
while not Path("{other}.there").exists():
    time.sleep(0.05)
print("{mine} met {other}")
"""


def text(notebook):
    return [output.text for cell in notebook.cells for output in cell.get("outputs", [])]


def save(folder, name, *sources):
    notebook = new_notebook(cells=[new_markdown_cell(name), *map(new_code_cell, sources)])
    write(notebook, folder / f"{name}.ipynb")
    return notebook


@pytest.fixture
def ahead(monkeypatch):
    monkeypatch.setattr(utils, "executenb", lambda *a, **o: nbclient.execute(*a, **o, **PATIENT))
    return Ahead(utils.single_nb_execution)


def test_notebooks_run_side_by_side_and_find_their_pages(ahead, tmp_path):
    one = save(tmp_path, "one", MEET.format(mine="one", other="two"), "6 * 7")
    two = save(tmp_path, "two", MEET.format(mine="two", other="one"))
    options = {"timeout": None, "allow_errors": False}
    ahead.start(sorted(tmp_path.glob("*.ipynb")), **options)
    # Pages are read in another order.
    result = ahead(two, cwd=str(tmp_path), **options)
    assert result.nb is two
    assert result.err is None
    assert text(two) == ["two met one\n"]
    ahead(one, cwd=str(tmp_path), **options)
    assert one.cells[1].outputs[0].text == "one met two\n"
    assert one.cells[2].outputs[0].data["text/plain"] == "42"
    assert [cell.execution_count for cell in one.cells[1:]] == [1, 2]


def test_what_fails_fails_on_its_own_page_only(ahead, tmp_path):
    wrong = save(tmp_path, "wrong", "1 / 0")
    right = save(tmp_path, "right", "print('right')")
    options = {"timeout": None, "allow_errors": False}
    ahead.start([tmp_path / "wrong.ipynb", tmp_path / "right.ipynb"], **options)
    failed = ahead(wrong, cwd=str(tmp_path), **options)
    assert isinstance(failed.err, CellExecutionError)
    assert "ZeroDivisionError" in failed.exc_string
    ahead(right, cwd=str(tmp_path), **options)
    assert text(right) == ["right\n"]


def test_what_was_changed_on_the_way_to_its_page_is_run_as_it_is_there(ahead, tmp_path):
    notebook = save(tmp_path, "one", "print('as saved')")
    options = {"timeout": None, "allow_errors": False}
    ahead.start([tmp_path / "one.ipynb"], **options)
    notebook.cells[1].source = "print('as read')"
    ahead(notebook, cwd=str(tmp_path), **options)
    assert text(notebook) == ["as read\n"]
