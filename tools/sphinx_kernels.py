"""Sphinx extension of the book: notebooks run side by side, in patient kernels that share no ports.

MyST-NB runs a notebook when it reads its page, so one after another, through jupyter-cache; there
are no settings for either. Here all notebooks that will be read are put in a queue before the first
is, and a page waits for its own. What runs a notebook, and what a page gets, are as they were.
A notebook that has just been run by nbval is not run again (notebook_runs.py).
"""

import os
import queue
import threading
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import nbclient
import nbformat
from jupyter_cache.executors import utils
from jupyter_cache.executors.utils import ExecutionResult
from jupyter_core.utils import ensure_event_loop
from myst_nb.core.execute import direct

from tools.kernels import PATIENT
from tools.notebook_runs import code_cells, kept, key

# Two at least: while one waits, for a kernel to start or end, another computes.
WORKERS = max(2, os.cpu_count() or 1)
KEPT = ("outputs", "execution_count")


class Ahead:
    """Notebooks that run before their pages are read.

    Parameters
    ----------
    run : callable
        `run(notebook, cwd=..., **options)` runs a notebook in place, and returns a result that has
        it as `nb`.
    """

    def __init__(self, run):
        self.run = run
        self.queue = queue.SimpleQueue()
        self.results = {}

    def start(self, paths, **options):
        """Begin to run the notebooks at these paths, in their folders."""
        for path in paths:
            notebook, cwd = nbformat.read(path, as_version=4), str(path.parent)
            result = self.results[key(notebook, cwd)] = Future()
            if run := kept(notebook, cwd):
                result.set_result(ExecutionResult(run[0], cwd, time=run[1]))
            else:
                self.queue.put((result, notebook, {"cwd": cwd, **options}))
        # Who ends a build ends these too, and a kernel that has lost its parent ends by itself.
        for _ in range(min(WORKERS, len(paths))):
            threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        """Run one notebook after another until there are no more."""
        with closing(ensure_event_loop()):  # the thread's, which nbclient uses
            while not self.queue.empty():
                with suppress(queue.Empty):
                    result, notebook, options = self.queue.get_nowait()
                    try:
                        result.set_result(self.run(notebook, **options))
                    except BaseException as error:
                        result.set_exception(error)

    def __call__(self, notebook, cwd, **options):
        """Run a notebook in place, or wait until it has been run."""
        found = self.results.pop(key(notebook, cwd), None)
        if found is None:
            return self.run(notebook, cwd=cwd, **options)
        result = found.result()
        for cell, done in zip(code_cells(notebook), code_cells(result.nb), strict=True):
            cell.update({name: done[name] for name in KEPT})
        notebook.metadata.update(result.nb.metadata)  # which has the state of the widgets
        result.nb = notebook
        return result


def run_ahead(app, env, docnames):
    """Start the notebooks of all pages that will be read."""
    if app.config.nb_execution_mode != "force":
        return
    paths = [Path(env.doc2path(name)) for name in docnames]
    direct.single_nb_execution.start(
        [path for path in paths if path.suffix == ".ipynb"],
        timeout=app.config.nb_execution_timeout,
        allow_errors=app.config.nb_execution_allow_errors,
    )


def setup(app):
    """Register with Sphinx."""
    utils.executenb = partial(nbclient.execute, **PATIENT)
    direct.single_nb_execution = Ahead(utils.single_nb_execution)
    app.connect("env-before-read-docs", run_ahead)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
