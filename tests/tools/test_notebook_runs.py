"""What nbval has run and compared is what the pages show, and nothing else is."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbclient
import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import notebook_runs
from tools.kernels import PATIENT, STARTUP
from tools.sphinx_kernels import Ahead

ROOT = Path(__file__).resolve().parents[2]
CELLS = [
    "import matplotlib.pyplot as plt, rnnbook as rb\nrb.plots.use_book_style()",
    # The first part of the line has left the kernel when the second is printed.
    "import sys\nprint('one', end='')\nsys.stdout.flush()\nprint(' line')\n6 * 7",
    "plt.plot([0, 1]);",
    "import ipywidgets\nslider = ipywidgets.IntSlider(1, max=50)\nslider",
    "slider.value = 41",
]


def save(path, *sources):
    notebook = new_notebook(cells=[new_markdown_cell("words"), *map(new_code_cell, sources)])
    write(notebook, path)
    return notebook


def run_nbval(path):
    """Run a notebook with nbval, as `make outputs` does, and return the exit status."""
    plain = ["-c", os.devnull, "-p", "no:cacheprovider", "-p", "conftest"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "MPL"))}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plain, "--nbval", "--nbval-current-env", path.name],
        cwd=path.parent,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def take(notebook, folder):
    """Let a build take the run of a notebook; return what it got, and what it had to run."""
    again = []

    def run(notebook, cwd, **options):
        again.append(notebook)
        return SimpleNamespace(nb=notebook)

    ahead = Ahead(run)
    ahead.start([folder / "one.ipynb"])
    result = ahead(notebook, cwd=str(folder))
    return result, again


def without_names(value):
    """Leave out what is random in a widget's name."""
    return re.sub(r"[0-9a-f]{32}", "NAME", str(value))


@pytest.fixture
def runs(tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    monkeypatch.setenv(notebook_runs.FOLDER, str(folder))
    return folder


def test_a_build_takes_what_it_would_have_run(runs, tmp_path, monkeypatch):
    notebook = save(tmp_path / "one.ipynb", *CELLS)
    assert run_nbval(tmp_path / "one.ipynb") == 0
    result, again = take(notebook, tmp_path)
    assert not again
    assert result.time > 0
    # The same from who runs notebooks for a build, in a kernel of a build.
    expected = save(tmp_path / "one.ipynb", *CELLS)
    monkeypatch.setenv("PYTHONSTARTUP", str(STARTUP))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    nbclient.execute(expected, cwd=str(tmp_path), **PATIENT)
    for cell, other in zip(notebook.cells, expected.cells, strict=True):
        assert without_names(cell.get("outputs")) == without_names(other.get("outputs"))
        assert cell.get("execution_count") == other.get("execution_count")
    assert notebook.cells[2].outputs[0].text == "one line\n"
    assert "<!-- phone: " in notebook.cells[3].outputs[0].data["image/svg+xml"]
    for part in ("widgets", "language_info"):
        assert without_names(notebook.metadata[part]) == without_names(expected.metadata[part])
    assert "'value': 41" in str(notebook.metadata.widgets)


def test_what_was_changed_since_is_run_again(runs, tmp_path):
    save(tmp_path / "one.ipynb", "1 + 1")
    assert run_nbval(tmp_path / "one.ipynb") == 0
    changed = save(tmp_path / "one.ipynb", "1 + 2")
    _, again = take(changed, tmp_path)
    assert [cell.source for cell in again[0].cells] == ["words", "1 + 2"]


def test_what_failed_is_run_again(runs, tmp_path):
    wrong = save(tmp_path / "one.ipynb", "1 + 1", "1 / 0", "1 + 2")
    assert run_nbval(tmp_path / "one.ipynb") == 1
    assert not runs.exists()
    assert notebook_runs.kept(wrong, tmp_path) is None


def test_no_run_is_kept_where_none_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv(notebook_runs.FOLDER, raising=False)
    notebook = save(tmp_path / "one.ipynb", "1 + 1")
    assert run_nbval(tmp_path / "one.ipynb") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.ipynb"]
    assert notebook_runs.kept(notebook, tmp_path) is None
