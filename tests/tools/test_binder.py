"""Binder: what it reads, and that a notebook runs in the environment that it makes from it."""

import re
import sys

import pytest
from minibook import ROOT, environ, fresh_environment, run, run_notebook

from assignments import course
from tools import public

BINDER = ROOT / ".binder"


def version():
    """The version of Python that Binder takes."""
    return re.fullmatch(r"python-(\d+\.\d+)\s*", (BINDER / "runtime.txt").read_text())[1]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The tree that Binder opens."""
    folder = tmp_path_factory.mktemp("public") / "tree"
    public.write(folder, course.read())
    return folder


def test_binder_has_the_python_for_which_the_versions_were_locked():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"--python-version (\d\S+)", makefile) == [version()]


def test_repo2docker_makes_an_image_of_python_with_the_locked_versions_and_the_package(tree):
    said = run(
        sys.executable, "-m", "repo2docker", "--no-build", "--debug", ".", cwd=tree, env=environ()
    )
    assert f"Building conda environment for python={version()}\n" in said
    # Only the build pack of Python installs requirements.
    steps = [line for line in said.splitlines() if line.startswith(("COPY", "RUN"))]
    order = ["src/ ${REPO_DIR}/", 'pip install --no-cache-dir -r ".binder/requirements.txt"']
    order += ["./.binder/postBuild"]
    places = [next(k for k, step in enumerate(steps) if part in step) for part in order]
    assert places == sorted(places), steps


@pytest.mark.environment
def test_a_chapter_runs_in_the_environment_that_binder_makes(tree, tmp_path):
    if sys.version_info[:2] != tuple(map(int, version().split("."))):
        pytest.skip(f"Binder has Python {version()}")
    python = fresh_environment(tmp_path / "env", "-r", tree / ".binder" / "requirements.txt")
    path = f"{python.parent}:{environ()['PATH']}"
    run(tree / ".binder" / "postBuild", cwd=tree, env=environ(PATH=path))
    where = run(python, "-c", "import rnnbook; print(rnnbook.__file__)", env=environ(), cwd="/")
    assert str(tmp_path / "env") in where
    chapter = tree / "book" / "foundations" / "01_integrate.ipynb"
    notebook = run_notebook(chapter, python)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
