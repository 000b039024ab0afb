"""A notebook downloaded from the site runs outside of the repository, after its first cell."""

import json
from pathlib import Path

import nbformat
import pytest
from built import served
from minibook import ROOT, build_pages, fresh_environment, run_notebook

CHAPTERS = ["book/foundations/01_integrate", "book/rich/07_infinite_width"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a small site, and the address at which it was built to be and is served."""
    folder = tmp_path_factory.mktemp("pages")
    with served(folder / "_build" / "html") as url:
        yield build_pages(folder, ["book/how_to_use", *CHAPTERS], BOOK_SITE=url), url


def downloaded(folder, chapter):
    """The file that a page offers for download."""
    return folder / "_sources" / f"{chapter}.ipynb"


def test_a_downloaded_notebook_is_the_committed_one_after_one_line_that_installs(site):
    folder, url = site
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


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_downloaded_notebook_runs_in_an_empty_folder(site, chapter, tmp_path):
    folder, _ = site
    # Jupyter, as a reader has it, is all that is there.
    python = fresh_environment(tmp_path / "env", "ipykernel<7.3")
    work = tmp_path / "work"
    work.mkdir()
    path = work / Path(chapter).with_suffix(".ipynb").name
    path.write_bytes(downloaded(folder, chapter).read_bytes())
    notebook = run_notebook(path, python)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


def test_without_an_address_the_notebook_takes_the_file_beside_it(tmp_path):
    site = build_pages(tmp_path, ["book/how_to_use"], GIT_DIR=str(tmp_path))
    (wheel,) = (site / "downloads").glob("*.whl")
    text, install, *_ = nbformat.read(downloaded(site, "book/index"), as_version=4).cells
    assert wheel.name in text.source
    assert install.source == f"%pip install --quiet {wheel.name}"
    page = (site / "book" / "how_to_use.html").read_text(encoding="utf-8")
    assert f'href="../downloads/{wheel.name}"' in page
