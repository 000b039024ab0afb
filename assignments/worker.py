"""Run one submission and judge it: a process of its own, which is trusted.

It reads a job, a line of JSON, and writes what happens, a line each. The student's code runs in
another process (`kernel`). If that ends, it is started again without the cell that ended it.
Whoever had this started (`workers`) may end it at any time: what it has told counts.

python -m assignments.worker      is one that has loaded everything itself
"""

import json
import os
import sys
import threading
import time
from contextlib import suppress

from . import sandbox
from .judge import Judge
from .kernel import DiedError, Kernel, OutOfTimeError, RemoteError

HARD = 4  # times the limit for a test, after which the system ends this process


class Report:
    """What happened, told to whoever started this; what cells print is not part of it."""

    def __init__(self):
        self.lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def __call__(self, **event):
        print(json.dumps(event), file=self.lines, flush=True)


def limit_own_time(seconds):
    """Let the system end this process if it computes for longer, and does not heed a signal."""
    with suppress(ImportError):
        import resource

        wanted = int(time.process_time() + HARD * seconds) + 1
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def limit_own_memory(gib):
    """Let an answer of an absurd size be an error here, and not the end of the machine.

    If that is short of memory all the same, the system is to end this process, or one of the
    student's, before any other.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource

        most = int(gib * sandbox.GIB)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


class Session:
    """All cells of a submission, as far as they can be run.

    Parameters
    ----------
    job : dict
        "cells": list of {"kind": "given", "student" or "test", "source", "visible"}; "skip":
        places; "cell_cpu_seconds", "submission_cpu_seconds", "wall_factor", "memory_gib", "unsafe".
    tell : callable
        Called with what happens.
    """

    def __init__(self, job, tell):
        self.job, self.tell, self.done, self.used = job, tell, set(job["skip"]), 0.0

    def limit(self, kernel):
        """CPU seconds for the next cell."""
        spent = self.used + kernel.used() + time.process_time()
        return min(self.job["cell_cpu_seconds"], self.job["submission_cpu_seconds"] - spent)

    def one(self, place, cell, kernel, judge):
        """Run a cell, or judge it."""
        limit = self.limit(kernel)
        if limit <= 0:
            self.tell(event="slow", cell=place)  # no failure of what comes from here on
            raise TimeoutError
        limit_own_time(limit)
        self.tell(event="start", cell=place)
        if cell["kind"] == "test":
            judge.limit = limit
            verdict = judge.test(cell["source"], cell["visible"])
            self.done.add(place)  # also if the process has to be started again
            self.tell(event="verdict", cell=place, state=verdict.state, idea=verdict.idea)
            return
        try:
            kernel.run(cell["source"], limit)
        except OutOfTimeError:
            self.done.add(place)
            self.tell(event="slow", cell=place)

    def through(self):
        """Go through the cells in one process; return whether it came to the end."""
        place, job = -1, self.job
        kernel = Kernel(job["memory_gib"], job["wall_factor"], job["unsafe"])
        with kernel:
            judge = Judge(kernel, job["cell_cpu_seconds"])
            try:
                for place, cell in enumerate(job["cells"]):
                    # Ours is ours, also if the student's process ended there: what a test does not
                    # find here, it would take for an answer.
                    if cell["kind"] == "given":
                        judge.given(cell["source"])
                    if place not in self.done and cell["source"].strip():
                        self.one(place, cell, kernel, judge)
                    elif cell["kind"] == "test":
                        judge.complete(cell["source"])  # those behind it may use what it defines
            except DiedError as error:
                self.done.add(place)
                self.tell(event="slow" if error.slow else "ended", cell=place)
                return False
            finally:
                self.used += kernel.last_used
        return True

    def run(self):
        """Run them all."""
        with suppress(TimeoutError):
            while not self.through():
                pass
        self.tell(event="end")


def end_with_parent():
    """End when whoever started this ends, and its end of the pipe with it."""
    sys.stdin.read()
    os._exit(1)


def work():
    """Run a job."""
    tell, job = Report(), json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    limit_own_memory(job["memory_gib"])
    try:
        Session(job, tell).run()
    except (DiedError, OutOfTimeError, RemoteError):
        tell(event="broken")  # the process with the student's code could not even be started


if __name__ == "__main__":
    work()
