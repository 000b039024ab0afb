"""A notebook downloaded from the site runs outside of the repository, after its first cell."""

import json
from pathlib import Path

import nbformat
import pytest
from minibook import ROOT, fresh_environment, run_notebook

from tools import sphinx_downloads

# The sites in conftest.py are built once, by the process that runs all of these.
pytestmark = pytest.mark.xdist_group("small sites")
CHAPTERS = ["book/foundations/01_integrate", "book/rich/08_infinite_width"]


def downloaded(folder, chapter):
    """The file that a page offers for download."""
    return folder / "_sources" / f"{chapter}.ipynb"


def test_a_downloaded_notebook_is_the_committed_one_after_one_line_that_installs(known):
    folder, url = known
    (wheel,) = (folder / "downloads").glob("*.whl")
    for chapter in CHAPTERS:
        notebook = nbformat.read(downloaded(folder, chapter), as_version=4)
        nbformat.validate(notebook)
        text, install, *rest = notebook.cells
        assert f"{url}{chapter}.html" in text.source
        assert install.source == f"%pip install --quiet {url}downloads/{wheel.name}"
        committed = json.loads((ROOT / f"{chapter}.ipynb").read_text(encoding="utf-8"))
        assert len(rest) == len(committed["cells"])
        for cell, original in zip(rest, committed["cells"], strict=True):
            assert cell.source == "".join(original["source"])


def test_a_notebook_that_needs_more_installs_it(monkeypatch):
    url, wheel = "http://127.0.0.1/", "rnnbook-1.0-py3-none-any.whl"
    monkeypatch.setenv("BOOK_SITE", url)
    _, install = sphinx_downloads.first_cells(wheel, "book/appendix/sweeps")
    assert install.source == f'%pip install --quiet "rnnbook[sweep] @ {url}downloads/{wheel}"'
    monkeypatch.setattr(sphinx_downloads.address, "site", lambda: None)
    _, install = sphinx_downloads.first_cells(wheel, "book/appendix/sweeps")
    assert install.source == f"%pip install --quiet {wheel}[sweep]"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Jupyter, as a reader has it, is all that is there."""
    return fresh_environment(tmp_path_factory.mktemp("reader") / "env", "ipykernel<7.3")


@pytest.mark.environment
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_downloaded_notebook_runs_in_an_empty_folder(known, python, chapter, tmp_path):
    folder, _ = known
    path = tmp_path / Path(chapter).with_suffix(".ipynb").name
    path.write_bytes(downloaded(folder, chapter).read_bytes())
    notebook = run_notebook(path, python)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


def test_without_an_address_the_notebook_takes_the_file_beside_it(unknown):
    (wheel,) = (unknown / "downloads").glob("*.whl")
    text, install, *_ = nbformat.read(downloaded(unknown, "book/index"), as_version=4).cells
    assert wheel.name in text.source
    assert install.source == f"%pip install --quiet {wheel.name}"
    page = (unknown / "book" / "how_to_use.html").read_text(encoding="utf-8")
    assert f'href="../downloads/{wheel.name}"' in page
