"""What a sweep costs beside the work itself: `rb.sweep` on one core and on all, and on a thousand.

    python benchmarks/sweeps.py efficiency    # needs an otherwise idle machine, and some minutes
    python benchmarks/sweeps.py overhead      # a minute
    python benchmarks/sweeps.py thousand      # some minutes, mostly asleep

README.md here says what is measured.
"""

import argparse
import heapq
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


def sleep(n, seconds):
    time.sleep(seconds)
    return n


def thousand(workers=1000, rounds=4):
    """A thousand workers that sleep in place of work, so they need no cores: is each kept busy?"""
    from distributed import Client, LocalCluster

    def report(name, executor):
        for seconds in (0.3, 1, 3, 10):
            grid = {"n": np.arange(rounds * workers), "seconds": [seconds]}
            wall = timed(sleep, grid, executor)
            share = rounds * seconds / wall
            print(f"{name:8} {seconds:4} s a point  efficiency {100 * share:4.0f} %", flush=True)

    print(f"load of the machine before: {os.getloadavg()[0]:.2f}")
    report("threads", partial(ThreadPoolExecutor, workers))
    cluster = LocalCluster(
        n_workers=1, threads_per_worker=workers, processes=False, dashboard_address=":0"
    )
    with cluster, Client(cluster) as client:
        report("Dask", client.get_executor())
    print("simulated: lengths scatter by half their mean, which is a hundred times the overhead")
    for points in (2, 5, 10, 50):
        share = simulated(workers, points * workers, overhead=1e-3, mean=1.0, scatter=0.5)
        print(f"{points:3} points a worker  efficiency {100 * share:4.0f} %")


def simulated(workers, points, overhead, mean, scatter):
    """Efficiency if one dispatcher takes `overhead` seconds a point and lengths scatter.

    Lengths are drawn from a gamma distribution, and handed out in the order in which they come.
    """
    shape = 1 / scatter**2
    lengths = np.random.default_rng(0).gamma(shape, mean / shape, points)
    free, dispatcher = [0.0] * workers, 0.0
    for length in lengths:
        dispatcher = max(dispatcher, free[0]) + overhead
        heapq.heapreplace(free, dispatcher + length)
    return lengths.sum() / workers / max(free)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    measures = {measure.__name__: measure for measure in (efficiency, overhead, thousand)}
    parser.add_argument("measure", choices=measures)
    measures[parser.parse_args().measure]()
