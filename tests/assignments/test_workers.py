"""The processes that judge: each is like a new one, and none is left."""

import json
import os
import subprocess
import sys
import time

import psutil
import pytest
import small
import walls
from test_class import ended

from assignments import course, one, workers

WRONG = {
    "kind": "test",
    "source": "from checks import close, expect\nexpect(close(1, 2), 'An idea.')",
    "visible": "",
}


def given(source):
    return {"kind": "given", "source": source, "visible": ""}


@pytest.fixture
def own_workers(monkeypatch):
    """Those of this test only."""
    made = workers.Workers()
    monkeypatch.setattr(one, "WORKERS", made)
    yield made
    made.close()


def execute(*cells, settings=small.SETTINGS):
    return one.execute(list(cells), settings, walls.unsafe())


def test_a_worker_has_nothing_of_the_one_before_it():
    change = given("import checks\nchecks.close = lambda *a, **k: True")
    assert execute(change, WRONG).verdicts == {1: ("passed", "")}  # the control
    assert execute(WRONG).verdicts == {0: ("failed", "An idea.")}


def test_where_the_process_that_starts_them_has_ended_another_does(own_workers):
    assert execute(WRONG).ended
    first = own_workers.process
    first.kill()
    first.wait()
    assert execute(WRONG).ended
    assert own_workers.process is not first


def job(*cells, unsafe):
    """What is sent to a worker."""
    limits = {"cell_cpu_seconds": 1200, "submission_cpu_seconds": 1500, "wall_factor": 8}
    more = {"skip": [], "memory_gib": 4, "unsafe": unsafe}
    return json.dumps({"cells": cells, **limits, **more})


def endless(mark):
    """A job of a single cell of ours that has no end, and tells by a file that it has begun."""
    source = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\nwhile True:\n    pass"
    return job(given(source), unsafe=True)


def test_one_that_hangs_is_ended(own_workers, tmp_path):
    mark = tmp_path / "mark"
    with (tmp_path / "errors").open("w") as errors, own_workers.one([], errors) as worker:
        print(endless(mark), file=worker.jobs, flush=True)
        while not mark.exists():
            time.sleep(0.05)
        below = psutil.Process(own_workers.process.pid).children(recursive=True)
        assert below
    while not all(map(ended, below)):
        time.sleep(0.05)


def test_why_none_can_be_started_is_told(own_workers, tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho there is no such module >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(workers.sys, "executable", str(python))
    with pytest.raises(RuntimeError, match="does not start: there is no such module"):
        one.execute([WRONG], small.SETTINGS, unsafe=True)


GRADER = f"""
import sys
sys.path[:0] = {sys.path!r}
from assignments.workers import WORKERS
with WORKERS.one([], sys.stderr) as worker:
    print(sys.argv[1], file=worker.jobs, flush=True)
    print(worker.events.read())
"""
LIMITED = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (3000, 3000))\n"


def test_a_machine_that_limits_computing_time_grades_all_the_same():
    pytest.importorskip("resource")
    answer = {"kind": "student", "source": "half = 9", "visible": ""}
    test = {"kind": "test", "source": "assert half == 9", "visible": ""}
    sent = job(answer, test, unsafe=walls.unsafe())
    line = [sys.executable, "-c", LIMITED + GRADER, sent]
    said = subprocess.run(line, capture_output=True, text=True)
    assert '"state": "passed"' in said.stdout, said.stderr
    assert '"end"' in said.stdout


def test_one_that_loads_everything_itself_judges_the_same():
    line = [sys.executable, "-c", "from assignments import workers\nworkers.afresh()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": course.HERE.parent}
    with subprocess.Popen(line, text=True, **pipes) as process:
        print(job(WRONG, unsafe=walls.unsafe()), file=process.stdin, flush=True)
        said = process.stdout.read()
    assert "An idea." in said
    assert '"end"' in said


def test_what_our_cells_load_is_loaded_ahead_and_what_a_student_loads_is_not():
    ours = given("import json\nimport numpy as np, sympy as sp\nfrom scipy.linalg import expm")
    answer = {"kind": "student", "source": "import theirs", "visible": ""}
    test = {"kind": "test", "source": "import hidden", "visible": ""}
    assert one.modules([ours, answer, test]) == ["json", "numpy", "sympy", "scipy.linalg"]


def test_no_text_runs_in_what_is_loaded_ahead(own_workers, tmp_path, monkeypatch):
    """As in modules that our cells load later: none keeps what SymPy has of its own."""
    (tmp_path / "loaded_ahead.py").write_text("from sympy import lambdify, parse_expr")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    mark = tmp_path / "mark"
    text = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    sources = [f"loaded_ahead.lambdify((), {text!r})()", f"loaded_ahead.parse_expr({text!r})"]
    tests = [{"kind": "test", "source": source, "visible": ""} for source in sources]
    told = execute(given("import loaded_ahead"), *tests)
    idea = "Your answer is not of the kind asked for (SyntaxError)."
    assert told.verdicts == dict.fromkeys([1, 2], ("failed", idea))
    assert not mark.exists()


def test_none_is_left_when_the_grader_has_ended_in_whatever_way(tmp_path):
    mark = tmp_path / "mark"
    with psutil.Popen([sys.executable, "-c", GRADER, endless(mark)]) as process:
        while not mark.exists():
            assert process.poll() is None
            time.sleep(0.05)
        below = process.children(recursive=True)
        process.kill()
    assert len(below) >= 3  # what starts workers, a worker, and the student's process
    while not all(map(ended, below)):
        time.sleep(0.05)
