"""What sweeps call in tests: worker processes import it from here.

    python sweeping.py CHECKPOINT FOLDER

runs the sweep of `gated`, for tests that kill it.
"""

import os
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np


def processes():
    """Make a pool of two processes.

    Not copies of pytest's, which would bring along the locks of its threads, but of one that has
    loaded the package and nothing else.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["rnnbook.sweeps"])
    return ProcessPoolExecutor(2, mp_context=context)


def noisy(x, name, rng):
    """A number and an array, with random parts."""
    return {"level": x + rng.normal(), "curve": len(name) * rng.random(3)}


def deadly(n, folder):
    """Return n, but the first call with n = 3 kills its process, and each with n = 5."""
    mark = Path(folder, "died")
    if n == 5 or (n == 3 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def gated(x, folder, rng):
    """Return random numbers, but until the file `go` is there only for x below what `halt` says."""
    while not Path(folder, "go").exists() and x >= float(Path(folder, "halt").read_text()):
        time.sleep(0.01)
    return {"mean": rng.normal(x), "sample": rng.random(4), "process": os.getpid()}


def sweep_gated(checkpoint, folder, executor):
    """Sweep over 200 points."""
    import rnnbook as rb

    grid = {"x": np.linspace(0, 1, 20), "folder": [str(folder)]}
    return rb.sweep(gated, grid, 10, 3, executor, progress=False, checkpoint=checkpoint)


if __name__ == "__main__":
    checkpoint, folder = sys.argv[1:]
    sweep_gated(checkpoint, folder, processes)
