"""What others get of the repository: its files, a few of its pages, a fresh environment."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command, **options):
    """Run a command; an error that shows all it said if it failed."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout[-4000:]}"
    return done.stdout


def environ(**variables):
    """The environment variables for a process that must not find what the tests' own has.

    Nor what `make` was told of the book: BOOK_REPOSITORY, BOOK_SITE, BOOK_WITH_PDF.
    """
    dropped = {"PYTHONPATH", "VIRTUAL_ENV", "MPLBACKEND"}
    kept = {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("BOOK_")}
    return kept | variables


def build_pages(folder, pages, **variables):
    """Build some pages with the book's own configuration, without running them; return the site.

    The variables are set in the environment of the build.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["execute_notebooks"] = "off"
    extensions = config["sphinx"]["local_extensions"]
    extensions.update({name: str(ROOT / place) for name, place in extensions.items()})
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": p} for p in pages]}
    for name, content in (("_config.yml", config), ("_toc.yml", toc)):
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    command = [BIN / "jupyter-book", "build", ROOT, "--all", "--quiet"]
    command += ["--config", folder / "_config.yml", "--toc", folder / "_toc.yml"]
    run(*command, "--path-output", folder, env=environ(PYTHONPATH=str(ROOT), **variables))
    return folder / "_build" / "html"


def fresh_environment(folder, *packages):
    """Make an environment with pip and these packages (as uv names them); return its Python."""
    version = "{}.{}".format(*sys.version_info)
    run(BIN / "uv", "venv", "--quiet", "--seed", "--python", version, folder, env=environ())
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(BIN / "uv", "pip", "install", "--quiet", "--python", python, *packages, env=environ())
    return python


def run_notebook(path, python):
    """Run a notebook in its folder, with the kernel of another environment; return it."""
    kernel = path.parent / "kernels"
    run(python, "-m", "ipykernel", "install", "--prefix", kernel, "--name", "fresh", env=environ())
    places = {"JUPYTER_PATH": str(kernel / "share" / "jupyter")}
    program = (
        "import sys, nbformat\n"
        "from nbclient import NotebookClient\n"
        "sys.path.append(sys.argv[2])\n"
        "from tools.kernels import PATIENT\n"
        "notebook = nbformat.read(sys.argv[1], as_version=4)\n"
        "NotebookClient(notebook, kernel_name='fresh', timeout=None, **PATIENT).execute()\n"
        "nbformat.write(notebook, sys.argv[1])\n"
    )
    run(sys.executable, "-c", program, path, ROOT, cwd=path.parent, env=environ(**places))
    return nbformat.read(path, as_version=4)
