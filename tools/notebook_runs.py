"""Runs of notebooks that are kept: what nbval compared is what the pages show.

`make test` runs each notebook once. nbval, which compares the outputs with the committed ones,
leaves them in a folder, with pictures and widgets (conftest.py), and the build of the pages finds
them there (sphinx_kernels.py). `make book` alone is given no such folder, and runs all notebooks.
"""

import hashlib
import json
import os
import time
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.client import CellExecutionComplete
from nbval.plugin import coalesce_streams

FOLDER = "NOTEBOOK_RUNS"  # the variable of the environment that names the folder


def folder():
    """Return where runs are kept, None if they are not."""
    return Path(os.environ[FOLDER]) if os.environ.get(FOLDER) else None


def code_cells(notebook):
    """Return the cells of a notebook that are run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def key(notebook, cwd):
    """Return what tells the run of a notebook from others: where it runs, and its code."""
    return os.path.realpath(cwd), tuple(cell.source for cell in code_cells(notebook))


def place(notebook, cwd):
    """Return the file of a notebook's run, if runs are kept."""
    name = hashlib.sha256(json.dumps(key(notebook, cwd)).encode()).hexdigest()
    return folder() / f"{name}.ipynb"


def kept(notebook, cwd):
    """Return the notebook as it was run in the folder `cwd`, and the seconds that it took.

    None if no such run is kept.
    """
    if folder() is None or not (path := place(notebook, cwd)).is_file():
        return None
    run = nbformat.from_dict(json.loads(path.read_text("utf8")))
    return run, run.metadata.pop("seconds")


class Recorder:
    """Writes down a run of a notebook, from the messages of its kernel.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook, which stays as it is.
    cwd : path-like
        The folder in which it is run.
    language : dict
        What the kernel says of its language.
    """

    def __init__(self, notebook, cwd, language):
        self.start = time.perf_counter()
        self.cwd = cwd
        self.notebook = deepcopy(notebook)
        self.notebook.metadata.language_info = language
        cells = self.notebook.cells
        self.places = [k for k, cell in enumerate(cells) if cell.cell_type == "code"]
        self.cells = code_cells(self.notebook)
        for cell in self.cells:
            cell.update(outputs=[], execution_count=None)
        self.place = None
        # It knows what each message does to a notebook; the kernel is none of its own.
        self.client = NotebookClient(self.notebook, record_timing=False)
        self.client.reset_execution_trackers()

    def begin(self, number):
        """Say that the next messages are of the code cell of this number, from zero."""
        self.place = self.places[number]
        self.client.clear_before_next_output = False

    def take(self, message):
        """Write down a message of the cell."""
        with suppress(CellExecutionComplete):
            self.client.process_message(message, self.notebook.cells[self.place], self.place)

    def keep(self):
        """Keep the run, if all cells were run and no error came."""
        outputs = [output for cell in self.cells for output in cell.outputs]
        if any(cell.execution_count is None for cell in self.cells) or any(
            output.output_type == "error" for output in outputs
        ):
            return
        for cell in self.cells:
            cell.outputs = coalesce_streams(cell.outputs)
        self.client.set_widgets_metadata()
        self.notebook.metadata.seconds = time.perf_counter() - self.start
        folder().mkdir(parents=True, exist_ok=True)
        # nbformat would write widgets in another order.
        place(self.notebook, self.cwd).write_text(json.dumps(self.notebook), "utf8")
