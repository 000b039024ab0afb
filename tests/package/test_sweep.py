"""Sweeps: every point once, with its own numbers, whatever happens on the way."""

import errno
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import nbformat
import numpy as np
import pytest
import sweeping
import xarray as xr

import rnnbook as rb
from rnnbook import sweeps

ROOT = Path(__file__).parents[2]
sweep = partial(rb.sweep, progress=False)
GRID = {"x": [0.5, 1.5, 2.5], "name": ["a", "bb"]}


def square(n):
    return n**2


def fails_at_two(n):
    if n == 2:
        raise ArithmeticError("two is too much")
    return n


# What comes back.


def test_results_stand_at_their_points():
    def function(a, b):
        return {"product": a * b, "powers": [a**b, b**a], "larger": a > b, "phase": np.exp(1j * a)}

    found = sweep(function, {"a": [1, 2, 3], "b": [4, 0.5]})
    assert found["product"].dims == ("a", "b")
    assert found["powers"].dims == ("a", "b", "powers_0")
    for a in (1, 2, 3):
        for b in (4, 0.5):
            here = found.sel(a=a, b=b)
            assert here["product"] == a * b
            assert here["powers"].values.tolist() == [a**b, b**a]
            assert here["larger"] == (a > b)
            assert here["phase"] == np.exp(1j * a)
    assert found["larger"].dtype == bool
    assert (found["error"] == "").all()


def test_a_function_gets_plain_numbers_and_strings():
    kinds = []
    sweep(lambda a, b, c: kinds.append((type(a), type(b), type(c))) or 0,
          {"a": np.arange(1), "b": np.linspace(0, 1, 1), "c": ["x"]})  # fmt: skip
    assert kinds == [(int, float, str)]


def test_each_point_has_the_stream_that_numpy_spawns_for_it():
    found = sweep(sweeping.noisy, GRID, seed=7)
    children = iter(np.random.SeedSequence(7).spawn(6))
    for x in GRID["x"]:
        for name in GRID["name"]:
            expected = sweeping.noisy(x, name, np.random.default_rng(next(children)))
            here = found.sel(x=x, name=name)
            assert here["level"] == expected["level"]
            assert (here["curve"] == expected["curve"]).all()


def test_each_draw_has_a_stream_of_its_own_and_more_draws_do_not_change_it():
    few, many = (sweep(sweeping.noisy, GRID, draws, seed=7) for draws in (2, 5))
    assert few["level"].dims == ("x", "name", "draw")
    xr.testing.assert_identical(few, many.sel(draw=slice(0, 1)))
    children = [place.spawn(5) for place in np.random.SeedSequence(7).spawn(6)]
    rng = np.random.default_rng(children[3][4])  # x = 1.5, name = "bb", and the last draw
    assert many["level"][1, 1, 4] == 1.5 + rng.normal()
    assert np.unique(many["level"]).size == 30


class Backwards(Executor):
    """Runs what is submitted in one thread, the last first."""

    def __init__(self):
        self.tasks, self.most, self.more = [], 0, threading.Condition()
        threading.Thread(target=self.run, daemon=True).start()

    def submit(self, function, *args):
        future = Future()
        with self.more:
            self.tasks.append((future, function, args))
            self.most = max(self.most, len(self.tasks))
            self.more.notify()
        return future

    def run(self):
        while True:
            with self.more:
                self.more.wait_for(lambda: self.tasks)
                future, function, args = self.tasks.pop()
            future.set_result(function(*args))


@pytest.mark.parametrize("executor", [Backwards(), ThreadPoolExecutor, sweeping.processes])
def test_the_executor_does_not_change_the_result(executor):
    here = sweep(sweeping.noisy, GRID, 4, 0)
    xr.testing.assert_identical(sweep(sweeping.noisy, GRID, 4, 0, executor), here)


def test_a_long_sweep_does_not_hand_out_everything_at_once():
    executor = Backwards()
    n = np.arange(sweeps._IN_FLIGHT + 1000)
    assert (sweep(square, {"n": n}, executor=executor)["value"] == n**2).all()
    assert executor.most <= sweeps._IN_FLIGHT


@pytest.mark.parametrize("progress", [True, False])
def test_progress_is_shown_on_stderr_and_only_on_request(progress, capsys):
    rb.sweep(fails_at_two, {"n": [1, 2, 3]}, progress=progress)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert ("3/3" in shown.err and "failed=1" in shown.err) == progress
    assert bool(shown.err) == progress


# Failures.


def test_a_point_that_fails_is_recorded_and_the_others_are_not_touched():
    found = sweep(fails_at_two, {"n": [1, 2, 3]})
    assert found["value"].values.tolist() == pytest.approx([1, np.nan, 3], nan_ok=True)
    assert found["error"].values[[0, 2]].tolist() == ["", ""]
    assert "ArithmeticError: two is too much (test_sweep.py, line " in found["error"].item(1)


@pytest.mark.parametrize("executor", [None, Backwards()])
def test_a_point_of_another_shape_is_recorded_whenever_it_ended(executor):
    found = sweep(lambda n: np.arange(2 + (n == 2)), {"n": [1, 2, 3]}, executor=executor)
    assert found["value"].shape == (3, 2)
    assert np.isnan(found["value"]).any("value_0").values.tolist() == [False, True, False]
    assert "(3,)" in found["error"].item(1)
    assert "(2,)" in found["error"].item(1)


@pytest.mark.parametrize(
    ("bad", "said"),
    [("text", "number"), (None, "number"), ({"n": 1}, "name 'n'"), ({"error": 1}, "name 'error'"),
     ({3: 1}, "name 3"), ([1, [2, 3]], "inhomogeneous")],
)  # fmt: skip
def test_what_is_no_result_is_recorded(bad, said):
    found = sweep(lambda n: bad if n == 2 else {"y": 1.0}, {"n": [1, 2]})
    assert said in found["error"].item(1)
    assert np.isnan(found["y"].item(1))


def test_if_all_points_fail_the_sweep_fails():
    with pytest.raises(RuntimeError, match=r"All points failed.*ZeroDivisionError"):
        sweep(lambda n: n / 0, {"n": [1, 2]})


def test_a_worker_that_dies_costs_its_own_point_only(tmp_path):
    grid = {"n": range(12), "folder": [str(tmp_path)]}
    found = sweep(sweeping.deadly, grid, executor=sweeping.processes).squeeze("folder")
    assert (tmp_path / "died").exists()
    assert found["n"][found["error"] != ""] == 5
    assert "worker" in found["error"].item(5)
    assert (found["value"] == found["n"]).drop_sel(n=5).all()


def test_a_given_executor_that_breaks_keeps_what_there_is(tmp_path):
    grid = {"n": range(12), "folder": [str(tmp_path)]}
    again = partial(sweep, sweeping.deadly, grid, checkpoint=tmp_path / "a.nc")
    with sweeping.processes() as pool:
        for executor in (pool, lambda: pool):  # which is broken when it is given again
            with pytest.raises(RuntimeError, match="Call the sweep again"):
                again(executor=executor)
    found = again(executor=sweeping.processes)
    assert (found["error"] != "").sum() == 1


def test_a_pool_that_breaks_while_it_starts_a_process_is_a_broken_one():
    class Torn(Backwards):
        def submit(self, function, *args):
            if function is sweeps._attempt:
                raise OSError(errno.EBADF, "Bad file descriptor")
            return super().submit(function, *args)

    with pytest.raises(RuntimeError, match="Call the sweep again"):
        sweep(square, {"n": [1, 2]}, executor=Torn())


def test_workers_that_cannot_load_the_function_are_not_blamed_on_points():
    with pytest.raises(RuntimeError, match="define it in a file"):
        sweep(lambda n: n, {"n": range(9)}, executor=sweeping.processes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grid": {}}, "grid must be a dict"),
        ({"grid": [1]}, "grid must be a dict"),
        ({"grid": {"n": []}}, r"grid\['n'\] must be a list"),
        ({"grid": {"n": [[1, 2]]}}, r"grid\['n'\] must be a list"),
        ({"grid": {"n": [1, "a"]}}, r"grid\['n'\] must be a list"),
        ({"grid": {"n": [None, 1]}}, r"grid\['n'\] must be a list"),
        ({"grid": {"n": [1, 2, 1]}}, "twice"),
        ({"grid": {"n": [1], "draw": [1]}}, "'draw'"),
        ({"grid": {"m": [1]}}, "missing a required argument: 'n'"),
        ({"grid": {"n": [1], "m": [1]}}, "'m'"),
        ({"seed": 1}, "seed"),
        ({"draws": 2}, "draws"),
        ({"draws": 0}, "draws must be at least 1"),
        ({"function": lambda n, rng: n}, "give the sweep a seed"),
        ({"function": lambda n, rng: n, "seed": -1}, "seed must be at least 0"),
        ({"executor": 4}, "executor must be"),
        ({"checkpoint": "a.txt"}, "NAME.nc"),
    ],
)
def test_bad_arguments_are_refused(change, said):
    with pytest.raises(ValueError, match=said):
        sweep(**({"function": square, "grid": {"n": [1, 2]}} | change))


def test_without_xarray_the_package_works_and_a_sweep_says_what_to_install():
    code = (
        "import sys; sys.modules['xarray'] = sys.modules['h5netcdf'] = None\n"
        "import rnnbook as rb; rb.population_loss(rb.fock(2, 0.1), rb.exponential(0.1))\n"
        "try: rb.sweep(abs, {'x': [1]})\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert "xarray" in done.stdout
    assert "pip install 'rnnbook[sweep]'" in done.stdout


# Checkpoints.


def test_a_sweep_that_was_interrupted_goes_on_where_it_stopped(tmp_path):
    calls, stop = [], [3]

    def function(n, rng):
        calls.append(n)
        if n in stop:
            stop.clear()
            raise KeyboardInterrupt
        return n + rng.normal()

    again = partial(sweep, function, {"n": range(6)}, seed=1, checkpoint=tmp_path / "a.nc")
    with pytest.raises(KeyboardInterrupt):
        again()
    with xr.open_dataset(tmp_path / "a.nc") as kept:
        assert kept["error"].values.tolist() == [""] * 3 + ["not finished"] * 3
    found = again()
    assert calls == [0, 1, 2, 3, 3, 4, 5]
    xr.testing.assert_identical(found, sweep(function, {"n": range(6)}, seed=1))
    xr.testing.assert_equal(xr.load_dataset(tmp_path / "a.nc"), found)
    calls.clear()
    xr.testing.assert_identical(again(), found)
    assert calls == []


def test_points_that_failed_are_tried_again(tmp_path):
    def function(n):
        if n == 0 and not (tmp_path / "repaired").exists():
            raise OSError("no disk")
        return n

    again = partial(sweep, function, {"n": [0, 1]}, checkpoint=tmp_path / "a.nc")
    assert "no disk" in again()["error"].item(0)
    (tmp_path / "repaired").touch()
    assert again()["value"].values.tolist() == [0, 1]


def test_readers_can_open_a_sweep_that_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeps, "_REFRESH", 0)
    monkeypatch.setattr(sweeps, "_REFRESH_FACTOR", 0)

    def function(n):
        if n == 3:
            seen.append(xr.load_dataset(tmp_path / "a.nc"))
        return n**2

    seen = []
    sweep(function, {"n": range(5)}, checkpoint=tmp_path / "a.nc")
    np.testing.assert_equal(seen[0]["value"].values[:3], [0, 1, 4])
    assert seen[0]["error"].item(4) == "not finished"


def test_a_torn_record_is_a_point_to_do_again(tmp_path):
    again = partial(sweep, sweeping.noisy, GRID, 2, 5, checkpoint=tmp_path / "a.nc")
    whole = again()
    journal = tmp_path / "a.journal"
    text = journal.read_bytes()
    start = text.rstrip().rindex(b"\n")  # of the last record
    for end in [*range(start, start + 5), (start + len(text)) // 2, len(text) - 2, len(text) - 1]:
        journal.write_bytes(text[:end])
        xr.testing.assert_identical(again(), whole)
        assert len([line for line in journal.read_bytes().splitlines() if line]) >= 13
        xr.testing.assert_identical(again(), whole)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"function": partial(sweeping.noisy)}, "function"), ({"grid": GRID | {"x": [1.0]}}, "grid"),
     ({"draws": 3}, "draws"), ({"seed": 6}, "seed")],
)  # fmt: skip
def test_another_sweep_does_not_go_on_from_a_checkpoint(change, said, tmp_path):
    arguments = {"function": sweeping.noisy, "grid": GRID, "draws": 2, "seed": 5}
    arguments["checkpoint"] = tmp_path / "a.nc"
    sweep(**arguments)
    before = (tmp_path / "a.journal").read_bytes()
    with pytest.raises(ValueError, match=rf"a\.nc was made with another {said}.*delete"):
        sweep(**(arguments | change))
    assert (tmp_path / "a.journal").read_bytes() == before


def test_a_function_whose_code_has_changed_is_another_one(tmp_path):
    for version, code in enumerate(["return n", "return n  # says the same", "return n + 1"]):
        (tmp_path / f"version_{version}.py").write_text(f"def function(n):\n    {code}\n")
    sys.path.insert(0, str(tmp_path))
    try:
        same, also, other = (__import__(f"version_{k}").function for k in range(3))
    finally:
        sys.path.remove(str(tmp_path))
    for function in (same, also):
        sweep(function, {"n": [1]}, checkpoint=tmp_path / "a.nc")
    with pytest.raises(ValueError, match="another function"):
        sweep(other, {"n": [1]}, checkpoint=tmp_path / "a.nc")


def test_files_of_others_are_left_alone(tmp_path):
    (tmp_path / "a.nc").write_text("precious")
    with pytest.raises(FileExistsError, match=r"a\.journal"):
        sweep(square, {"n": [1]}, checkpoint=tmp_path / "a.nc")
    for text in ("precious", "{}", ""):
        (tmp_path / "b.journal").write_text(text)
        with pytest.raises(ValueError, match="not the journal of a sweep"):
            sweep(square, {"n": [1]}, checkpoint=tmp_path / "b.nc")
        assert (tmp_path / "b.journal").read_text() == text


@pytest.mark.usefixtures("keyboard")
def test_ctrl_c_keeps_what_has_ended_and_cancels_what_has_not_begun(tmp_path):
    called, over = [], threading.Event()
    checkpoint, journal = tmp_path / "a.nc", tmp_path / "a.journal"

    def function(n):
        called.append(n)
        if n == 3:
            while journal.read_bytes().count(b"\n") < 4:
                time.sleep(0.001)
            os.kill(os.getpid(), signal.SIGINT)
            over.wait()
        return n

    executor = partial(ThreadPoolExecutor, 1)
    with pytest.raises(KeyboardInterrupt):
        sweep(function, {"n": range(50)}, executor=executor, checkpoint=checkpoint)
    over.set()
    assert called == [0, 1, 2, 3]
    assert (xr.load_dataset(checkpoint)["error"] == "").sum() == 3


# In earnest: processes that are killed, Dask and MPI. These two are tested by `make environments`.
cluster = pytest.mark.environment


HERE = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def script(checkpoint, folder):
    """Start the sweep of 200 points in a process of its own."""
    return subprocess.Popen(
        [sys.executable, sweeping.__file__, checkpoint, folder],
        env=HERE,
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )


def results(dataset):
    return dataset.drop_vars("process")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The sweep of 200 points, in this process. It waits for nothing."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "go").touch()
    return lambda other: results(sweeping.sweep_gated(None, folder, None)).assign_coords(
        folder=[str(other)]
    )


def test_a_sweep_that_is_killed_gives_bit_for_bit_the_same(tmp_path, undisturbed):
    checkpoint, journal = tmp_path / "a.nc", tmp_path / "a.journal"
    rng = np.random.default_rng()  # a random moment, another one in each run
    points = rng.integers(1, 191)
    (tmp_path / "halt").write_text(str(points / 200 + 0.05))  # it will not end before it is killed
    process = script(checkpoint, tmp_path)
    while not (journal.exists() and journal.read_bytes().count(b"\n") > points):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    kept = journal.read_bytes().count(b"\n") - 1
    assert points <= kept < 200
    (tmp_path / "go").touch()
    found = results(sweeping.sweep_gated(checkpoint, tmp_path, ThreadPoolExecutor))
    xr.testing.assert_identical(found, undisturbed(tmp_path))
    assert journal.read_bytes().count(b"\n") in (201, 202)  # a torn line may stand there too


@pytest.fixture(scope="module")
def client():
    """Three worker processes of Dask's on this machine."""
    import dask
    from distributed import Client, LocalCluster

    rules = {
        # A point is given up at its fourth death: one that its worker has just ended may be counted
        # too, which must not happen to it each time.
        "distributed.scheduler.allowed-failures": 3,
        # Points do not wait at a worker, where its death would count as theirs.
        "distributed.scheduler.worker-saturation": 1.0,
    }
    with (
        dask.config.set(rules),
        LocalCluster(
            n_workers=3, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        client.wait_for_workers(3)
        # Or the first that has loaded it would do all the work.
        client.run(import_module, "rnnbook.sweeps")
        yield client


@cluster
@pytest.mark.xdist_group("dask")  # which share the cluster
def test_dask_gives_the_same_results(client, tmp_path, undisturbed):
    (tmp_path / "go").touch()
    found = sweeping.sweep_gated(tmp_path / "a.nc", tmp_path, client.get_executor())
    assert len(np.unique(found["process"])) > 1
    xr.testing.assert_identical(results(found), undisturbed(tmp_path))


@cluster
@pytest.mark.xdist_group("dask")  # which share the cluster
def test_dask_goes_on_when_one_of_its_workers_is_killed(client, tmp_path):
    # The last one: a worker that was killed does not always come back.
    grid = {"n": range(12), "folder": [str(tmp_path)]}
    found = sweep(sweeping.deadly, grid, executor=client.get_executor()).squeeze("folder")
    assert (tmp_path / "died").exists()
    assert found["n"][found["error"] != ""] == 5
    assert "KilledWorker" in found["error"].item(5)
    assert (found["value"] == found["n"]).drop_sel(n=5).all()


def mpiexec():
    """The command that starts MPI here: what the tests' environment brought, or the machine's."""
    beside = Path(sys.executable).parent / "mpiexec"
    return str(beside) if beside.exists() else shutil.which("mpiexec")


needs_mpi = pytest.mark.skipif(
    mpiexec() is None or find_spec("mpi4py") is None,
    reason="there is no mpiexec, or no mpi4py, here: install openmpi and mpi4py",
)


def lines_of_the_book():
    """The script of the page "Large sweeps", and what takes the place of its executor."""
    page = nbformat.read(ROOT / "book" / "appendix" / "sweeps.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")
    study, *others = re.findall(r"^```python\n(.*?)^```$", text, re.S | re.M)
    assert study.startswith("# study.py")
    return study, others


@pytest.mark.parametrize(
    ("executor", "start"),
    [
        ("ProcessPoolExecutor", []),
        pytest.param("Client()", [], marks=cluster),
        pytest.param("MPI", None, marks=[cluster, needs_mpi]),
    ],
)
def test_the_lines_of_the_book_give_the_same_everywhere(executor, start, tmp_path):
    study, others = lines_of_the_book()
    usual = "    executor = ProcessPoolExecutor\n"
    assert usual in study
    (instead,) = [lines for lines in (usual, *others) if executor in lines]
    study = study.replace(usual, instead).replace("[25, 50, 100, 200, 400]", "[25, 50]")
    (tmp_path / "study.py").write_text(study)
    command = [sys.executable, "study.py"]
    if start is None:
        # One of the two hands out the points. Open MPI wants to be asked for more processes than
        # cores, and to run for root.
        command = ["env", "PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe"]
        command += ["OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"]
        command += [mpiexec(), "-n", "2", sys.executable, "-m", "mpi4py.futures", "study.py"]
    done = subprocess.run(command, cwd=tmp_path, env=HERE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names = runpy.run_path(str(tmp_path / "study.py"))
    grid = {"n": [25, 50], "sigma": [0.3, 0.6, 0.9]}
    here = sweep(names["reservoir"], grid, draws=20, seed=0)
    found = xr.load_dataset(tmp_path / "reservoir.nc")
    xr.testing.assert_equal(found["left"], here["left"])
