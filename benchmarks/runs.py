"""Long runs that are kept as they end: started again, a script goes on where it stopped."""

import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import rnnbook as rb

BUILD = Path(__file__).resolve().parent.parent / "_build"


def all_cores(workers=None):
    """Make a pool with a process for each core. Each takes one BLAS thread."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read by a new process when it imports NumPy
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def swept(name, function, grid):
    """Return `rb.sweep(function, grid)` on all cores, kept in `_build/NAME.nc`.

    Delete NAME.nc and NAME.journal there if what `function` calls has changed.
    """
    BUILD.mkdir(exist_ok=True)
    found = rb.sweep(function, grid, executor=all_cores, checkpoint=BUILD / f"{name}.nc")
    failed = found["error"].values[found["error"] != ""]
    if failed.size:
        raise RuntimeError(f"{failed.size} points failed; the first because of {failed[0]}")
    return found


def kept(name, keys, run):
    """Return `run(*key)` for each key, as a dictionary by the key's JSON.

    Results are JSON too, and each is written to `_build/NAME.jsonl` as soon as it is there. What is
    found in that file is not run again: delete it if the script has changed.
    """
    path = BUILD / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    runs = {}
    if path.exists():
        lines = map(json.loads, path.read_text().splitlines())
        runs = {json.dumps(key): found for key, found in lines}
    with path.open("a") as file:
        for key in keys:
            text = json.dumps(key)
            if text in runs:
                continue
            start = time.perf_counter()
            runs[text] = run(*key)
            file.write(f"[{text}, {json.dumps(runs[text])}]\n")
            file.flush()
            print(text, f"{time.perf_counter() - start:.1f} s", flush=True)
    return runs
