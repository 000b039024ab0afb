"""What a sweep costs beside the work itself.

    python benchmarks/sweeps.py efficiency    # minutes; means something on an idle machine only
    python benchmarks/sweeps.py overhead      # a minute

README.md here says what is measured.
"""

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import crossover
import numpy as np
from runs import all_cores

import rnnbook as rb


def timed(function, grid, executor=None, **more):
    """Seconds that a sweep takes; none of its points may fail."""
    start = time.perf_counter()
    found = rb.sweep(function, grid, executor=executor, progress=False, **more)
    end = time.perf_counter()
    assert (found["error"] == "").all(), found["error"].values
    return end - start


def efficiency():
    """Points of the map of the crossover, on 1, 2, 4, ... processes."""
    cores = len(os.sched_getaffinity(0))
    counts = sorted({2**k for k in range(cores.bit_length()) if 2**k <= cores} | {cores})
    grid = crossover.places() | {"seed": range(4)}
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}; 64 networks")
    alone = None
    for workers in counts:
        wall = timed(crossover.train, grid, partial(all_cores, workers))
        alone = alone or wall
        share = alone / wall / workers
        print(f"{workers:4} processes  {wall:7.1f} s  efficiency {100 * share:4.0f} %", flush=True)


def nothing(n):
    return n


def overhead(points=5000, repeats=5):
    """A function that does nothing: what is left is the sweep and its executor."""
    from distributed import Client, LocalCluster

    grid = {"n": np.arange(points)}

    def report(name, executor=None, checkpoint=False):
        with tempfile.TemporaryDirectory() as folder:
            took = [
                timed(
                    nothing,
                    grid,
                    executor,
                    checkpoint=Path(folder, f"{k}.nc") if checkpoint else None,
                )
                for k in range(repeats)
            ]
        print(f"{name:32} {1e6 * min(took) / points:7.0f} us a point", flush=True)

    print(f"load of the machine before: {os.getloadavg()[0]:.2f}")
    report("this process")
    report("this process, with a checkpoint", checkpoint=True)
    report("two threads", partial(ThreadPoolExecutor, 2))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        report("two processes", pool)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        report("Dask, two processes", client.get_executor())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    measures = {measure.__name__: measure for measure in (efficiency, overhead)}
    parser.add_argument("measure", choices=measures)
    measures[parser.parse_args().measure]()
