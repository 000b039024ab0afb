"""Sweeps: a function at every point of a grid, on any executor, kept as the results come.

Others do the work: `concurrent.futures` is how points are handed out, to processes, Dask or MPI
alike; NumPy spawns the random streams; xarray holds the results. What is here ties them together:
which point has which stream, what is written when, and what happens when something goes wrong.

Two files keep a sweep. The journal is what it goes on from: a line of JSON for the sweep, and one
for each point, appended as it ends. Nothing that is there is written again, and a line that a kill
has torn is a point to do again. The NetCDF file is for readers, and made from it.
"""

import ast
import errno
import inspect
import json
import math
import os
import pickle
import textwrap
import time
import traceback
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from contextlib import closing
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .checks import whole_number
from .progress import Progress

if TYPE_CHECKING:
    import xarray as xr

# Enough for a thousand workers to find the next point waiting; more would only take memory.
_IN_FLIGHT = 4096
# Seconds from one writing of the NetCDF file to the next, at least; and so many times as long as it
# takes, so that a large file costs no more than a few per cent of the time.
_REFRESH, _REFRESH_FACTOR = 60, 30


def sweep(
    function: Callable[..., Any],
    grid: Mapping[str, ArrayLike],
    draws: int | None = None,
    seed: int | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    progress: bool = True,
    checkpoint: str | os.PathLike | None = None,
) -> "xr.Dataset":
    """Call a function at every point of a grid, and return the results with the grid as axes.

    A point that fails is recorded and does not stop the others. With a `checkpoint`, a sweep that
    was interrupted, in whatever way, goes on where it stopped when it is called again.

    Parameters
    ----------
    function : callable
        Called as ``function(**point)``, and with ``rng=generator`` if it has an argument `rng`.
        It returns a number, an array, or a dictionary of these by their names, of the same shapes
        at each point. Other processes have to be able to import it: define it in a file.
    grid : dict
        For each argument the values that it takes: numbers, or strings. A point is one of each.
    draws : int, optional
        Repeat each point so many times, with different random numbers: the last axis, "draw".
    seed : int, optional
        Where all random numbers come from; needed if `function` has an argument `rng`. Place k of
        the grid has the k-th child of ``numpy.random.SeedSequence(seed)``, and its draw j the j-th
        child of that. So a point has the same numbers on every executor and in every order.
    executor : Executor, or a function that makes one, optional
        Who calls `function`; by default this process does. ``ProcessPoolExecutor`` (without
        brackets) takes all cores. ``client.get_executor()`` is a cluster of Dask's, and
        ``mpi4py.futures.MPIPoolExecutor`` one that speaks MPI. One that is made here is also shut
        down here, and replaced if a worker's death breaks it.
    progress : bool
        Show a progress bar.
    checkpoint : path, optional
        A NetCDF file to write, NAME.nc. It is brought up to date about every minute, and at the
        end. NAME.journal beside it has every point that has ended. Two sweeps must not write one
        checkpoint at the same time.

    Returns
    -------
    xarray.Dataset
        Has a variable for each name that `function` returned ("value" if it gave no names), whose
        axes are those of the grid, "draw", and for arrays NAME_0, NAME_1 and so on. Where a point
        failed it is NaN, and the variable `error` says why; elsewhere `error` is empty.

    Raises
    ------
    ImportError
        If xarray is not installed.
    ValueError
        If an argument does not fit, or the checkpoint is that of another sweep.
    FileExistsError
        If there is a NetCDF file of that name without a journal.
    RuntimeError
        If all points failed, workers cannot load `function`, or an executor that was given broke.

    Notes
    -----
    Points that failed are tried again when the sweep is called again. If a worker dies and the
    executor was made here, points that were under way are tried again, the first few one by one:
    the one over which workers die fails, and no other. Dask tries a point again by itself, as often
    as ``distributed.scheduler.allowed-failures`` says. Ctrl-C keeps what has ended, and cancels
    what has not begun.

    Examples
    --------
    >>> import rnnbook as rb
    >>> def first_loss(sigma, c_star, rng):
    ...     rnn = rb.ginibre(100, sigma, rng, v_scale=1)
    ...     return rb.population_loss(rnn, rb.exponential(c_star))
    >>> grid = {"sigma": [0.2, 0.8], "c_star": [0.1, 0.3, 0.5]}
    >>> found = rb.sweep(first_loss, grid, draws=4, seed=0, progress=False)
    >>> dict(found["value"].sizes)
    {'sigma': 2, 'c_star': 3, 'draw': 4}
    """
    _installed("xarray")
    if draws is not None:
        draws = whole_number(draws, "draws", 1)
    if seed is not None:
        seed = whole_number(seed, "seed", 0)
    if not (executor is None or isinstance(executor, Executor) or callable(executor)):
        raise ValueError(f"executor must be an Executor or make one; got {executor!r}.")
    plan = _Plan(function, grid, draws, seed)
    file = None if checkpoint is None else _Checkpoint(Path(checkpoint), plan)
    records = {} if file is None else file.records
    # Those that failed last: if they bring workers down again, the others have been done.
    ended = {index for index, record in records.items() if "values" in record}
    todo = sorted(set(range(plan.size)) - ended, key=lambda index: (index in records, index))
    failed = 0
    bar = Progress(
        total=plan.size, initial=len(ended), disable=not progress, desc="sweep", unit="point"
    )
    try:
        with bar, closing(_outcomes(plan, todo, executor)) as outcomes:
            for index, record in outcomes:
                records[index] = record
                if file is not None:
                    file.add(index, record)
                if "error" in record:
                    failed += 1
                    bar.set_postfix(failed=failed, refresh=False)
                bar.update()
    finally:
        if file is not None:
            file.close()
    if not any("values" in record for record in records.values()):
        raise RuntimeError(f"All points failed; the first because of {records[0]['error']}")
    return plan.dataset(records)


class _Plan:
    """What is to be called where, with which random numbers.

    Attributes
    ----------
    size : int
        Number of points; point k is the k-th in C order of the axes.
    identity : dict
        What a checkpoint must agree with, as JSON.
    """

    def __init__(self, function, grid, draws, seed):
        if not isinstance(grid, Mapping) or not grid:
            raise ValueError(f"grid must be a dict of arguments and their values; got {grid!r}.")
        self.function, self.draws, self.seed = function, draws, seed
        self.grid = {name: _values(name, values) for name, values in grid.items()}
        _check_arguments(function, self.grid, draws, seed)
        self.axes = dict(self.grid)
        if draws is not None:
            self.axes["draw"] = np.arange(draws)
        self.shape = tuple(len(values) for values in self.axes.values())
        self.size = math.prod(self.shape)
        self.identity = {
            "function": _source(function),
            "grid": {name: values.tolist() for name, values in self.grid.items()},
            "draws": draws,
            "seed": seed,
        }

    def call(self, index):
        """Return what `_attempt` needs for this point."""
        place = np.unravel_index(index, self.shape)
        point = {
            name: values[k].item()
            for (name, values), k in zip(self.grid.items(), place, strict=False)
        }
        if self.seed is None:
            return self.function, point, None
        # As SeedSequence.spawn does, without making all the children before this one.
        which = (index,) if self.draws is None else divmod(index, self.draws)
        return self.function, point, np.random.SeedSequence(self.seed, spawn_key=which)

    def dataset(self, records):
        """Return what is known so far as a Dataset."""
        xr = _installed("xarray")
        error = np.array(["not finished"] * self.size, dtype=object)
        for index, record in records.items():
            error[index] = record.get("error", "")
        # The first point in the order of the grid, and not in time, says what shapes are right.
        found = {i: records[i]["values"] for i in sorted(records) if "values" in records[i]}
        first = next(iter(found), None)
        form = _form(found[first]) if found else {}
        for index in [index for index, values in found.items() if _form(values) != form]:
            error[index] = (
                f"ValueError: returned {_form(found[index])}, and the first point that did not "
                f"fail {form}: return the same names and shapes at each point"
            )
            del found[index]
        variables = {"error": (list(self.axes), error.reshape(self.shape))}
        for name, shape in form.items():
            kind = np.result_type(*{values[name].dtype for values in found.values()})
            if len(found) < self.size and kind.kind not in "fc":
                kind = np.result_type(kind, float)  # of numbers, only these can be missing
            array = np.full((self.size, *shape), np.nan if kind.kind in "fc" else 0, kind)
            for index, values in found.items():
                array[index] = values[name]
            axes = [*self.axes, *(f"{name}_{k}" for k in range(len(shape)))]
            variables[name] = (axes, array.reshape(self.shape + shape))
        about = {"function": self.identity["function"].splitlines()[0]}
        about |= {} if self.seed is None else {"seed": self.seed}
        return xr.Dataset(variables, coords=self.axes, attrs=about)


def _values(name, values):
    """Return the values of an argument as an array that makes a coordinate."""
    array = np.asarray(values)
    if not isinstance(name, str) or name in ("rng", "draw", "error"):
        raise ValueError(f"grid must not have the name {name!r}: the sweep uses it itself.")
    strings = array.dtype.kind == "U" and all(isinstance(value, str) for value in values)
    if array.ndim != 1 or array.size == 0 or not (array.dtype.kind in "biuf" or strings):
        raise ValueError(f"grid[{name!r}] must be a list of numbers or of strings; got {values!r}.")
    if np.unique(array).size != array.size:
        raise ValueError(f"grid[{name!r}] has a value twice; use draws to repeat points.")
    return array


def _check_arguments(function, grid, draws, seed):
    """Refuse what does not fit together, before the first point is tried."""
    signature = inspect.signature(function)
    random = "rng" in signature.parameters
    try:
        signature.bind(**grid, **({"rng": None} if random else {}))
    except TypeError as error:
        raise ValueError(f"grid does not have the arguments of function: {error}.") from None
    if random and seed is None:
        raise ValueError("function has an argument rng: give the sweep a seed, a whole number.")
    if not random and (draws is not None or seed is not None):
        raise ValueError(
            "draws and seed are for a function that draws random numbers: give function an "
            "argument rng, or leave them out."
        )


def _form(values):
    return {name: array.shape for name, array in values.items()}


def _source(function):
    """Return the name of a function and its code, in a form without comments and layout."""
    if isinstance(function, partial):
        fixed = pickle.dumps((function.args, function.keywords))
        return f"{_source(function.func)}\n{sha256(fixed).hexdigest()}"
    name = getattr(function, "__qualname__", type(function).__qualname__)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # typed in, compiled, or part of an expression
        return name
    return f"{name}\n{ast.unparse(tree)}"


def _installed(name):
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            f"Sweeps need {name}, which is not installed: pip install 'rnnbook[sweep]'"
        ) from error


# What runs at a point, in whichever process, and how points get there.


def _attempt(function, point, stream):
    """Call the function, and return its values as arrays, or what went wrong."""
    random = {} if stream is None else {"rng": np.random.default_rng(stream)}
    try:
        found = function(**point, **random)
        named = found if isinstance(found, Mapping) else {"value": found}
        return {"values": {name: _checked(name, named[name], point) for name in named}}
    except Exception as error:
        (*_, frame) = traceback.extract_tb(error.__traceback__)
        return _failure(error, f" ({Path(frame.filename).name}, line {frame.lineno})")


def _checked(name, value, point):
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must be a number or an array of numbers; got {value!r}.")
    if not isinstance(name, str) or name in (*point, "draw", "error"):
        raise TypeError(f"a result must not have the name {name!r}: give it another one.")
    return array


def _failure(error, where=""):
    return {"error": f"{type(error).__name__}: {error}{where}"}


def _outcomes(plan, todo, executor):
    """Yield each index of `todo` with what `_attempt` returned there, as it comes."""
    if executor is None:
        for index in todo:
            yield index, _attempt(*plan.call(index))
        return
    given = isinstance(executor, Executor)
    left, careful = deque(todo), 0
    while left:
        pool = executor if given else executor()
        under_way = {}
        works = ended = False
        try:
            _try_out(pool, plan.function)
            works = True
            ready = SimpleQueue()
            while left or under_way:
                while left and len(under_way) < (1 if careful else _IN_FLIGHT):
                    future = _submit(pool, _attempt, *plan.call(left[0]))
                    under_way[future] = left.popleft()
                    future.add_done_callback(ready.put)
                    if not ready.empty():
                        break
                future = ready.get()
                record = _result(future)
                careful = max(careful - 1, 0)
                yield under_way.pop(future), record
            ended = True
        except (BrokenExecutor, CancelledError) as error:
            _end_workers(pool)
            if given or not works:
                raise RuntimeError(
                    "The executor broke, as when a worker dies. Call the sweep again with another "
                    "one: with a checkpoint it goes on from here. If executor is a function that "
                    "makes one, such as ProcessPoolExecutor without brackets, it does so itself."
                ) from error
            lost = list(under_way.values())
            if careful and len(lost) == 1:
                # It was alone, in a pool that had just been seen to work.
                careful -= 1
                yield lost[0], _failure(error, " A worker died over this point.")
            else:
                # In order of submission, so the guilty is among the first, which were running.
                careful = min(len(lost), (os.cpu_count() or 1) + 1)
                left.extendleft(reversed(lost))
        finally:
            for future in under_way:
                future.cancel()
            if not given:
                pool.shutdown(wait=ended, cancel_futures=True)


def _submit(pool, function, *args):
    """Have a function called; a BrokenExecutor if the pool is broken, or just breaking."""
    try:
        return pool.submit(function, *args)
    except OSError as error:
        # A pool of processes closes its sockets when it breaks, under a process being started too.
        if error.errno == errno.EBADF:
            raise BrokenExecutor("The pool broke while it started a process.") from error
        raise


def _end_workers(pool):
    """End the processes of a pool that has broken.

    It does so itself, but may overlook one that was just being started, and then Python waits for
    that one without end when it exits: seen in Python 3.11.7, in every twelfth pool that broke.
    """
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()


def _try_out(pool, function):
    """See that workers live, and can load the function, before points are blamed for it."""
    error = _submit(pool, callable, function).exception()
    if error is not None:
        raise RuntimeError(
            f"The workers of the executor cannot load function ({type(error).__name__}: {error}). "
            "Other processes import it by its name: define it in a file, at the top level, and "
            "call the sweep under `if __name__ == '__main__':`."
        ) from error


def _result(future):
    """Return what a future brought: what `_attempt` returned, or how the executor failed at it."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenExecutor) or not isinstance(error, Exception):
        raise error
    return _failure(error)


class _Checkpoint:
    """The files of a sweep; see the top of this module.

    Attributes
    ----------
    records : dict
        What has ended, by index.
    """

    def __init__(self, path, plan):
        if path.suffix != ".nc":
            raise ValueError(f"checkpoint must be a NetCDF file, NAME.nc; got {str(path)!r}.")
        _installed("h5netcdf")
        self.path, self.journal, self.plan = path, path.with_suffix(".journal"), plan
        self.records = {}
        if self.journal.exists():
            self._read()
        elif path.exists():
            raise FileExistsError(
                f"{path} is there, but not {self.journal.name}, from which the sweep would go on: "
                "give checkpoint another name, or move the file away."
            )
        else:
            _write_whole(self.journal, lambda new: new.write_text(json.dumps(plan.identity) + "\n"))
        self.file = self.journal.open("ab")
        self.next_refresh = time.monotonic() + _REFRESH

    def _read(self):
        text = self.journal.read_bytes()
        header, *lines = text.split(b"\n")
        try:
            identity = json.loads(header)
            other = [name for name, own in self.plan.identity.items() if identity[name] != own]
        except (ValueError, TypeError, KeyError):
            raise ValueError(f"{self.journal} is not the journal of a sweep.") from None
        if other:
            raise ValueError(
                f"The checkpoint {self.path} was made with another {' and another '.join(other)}. "
                "Take the same, to go on; or give checkpoint another name; or delete "
                f"{self.path.name} and {self.journal.name}, to start again."
            )
        for line in lines:
            try:
                index, record = json.loads(line)
            except ValueError:  # torn by a kill, or the end
                continue
            if "values" in record:
                record = {"values": {name: _unpack(*v) for name, v in record["values"].items()}}
            self.records[index] = record
        if not text.endswith(b"\n"):
            with self.journal.open("ab") as file:
                file.write(b"\n")

    def add(self, index, record):
        if "values" in record:
            record = {"values": {name: _pack(array) for name, array in record["values"].items()}}
        self.file.write(json.dumps([index, record]).encode() + b"\n")
        self.file.flush()
        if time.monotonic() > self.next_refresh:
            self.refresh()

    def refresh(self):
        start = time.monotonic()
        dataset = self.plan.dataset(self.records)
        _write_whole(self.path, lambda new: dataset.to_netcdf(new, engine="h5netcdf"))
        end = time.monotonic()
        self.next_refresh = end + max(_REFRESH, _REFRESH_FACTOR * (end - start))

    def close(self):
        self.file.close()
        self.refresh()


def _write_whole(path, write):
    """Let `write` make a file, and put it in place when it is complete."""
    new = path.with_name(path.name + ".new")
    write(new)
    os.replace(new, path)


def _pack(array):
    return array.dtype.str, array.shape, b64encode(array.tobytes()).decode()


def _unpack(kind, shape, data):
    return np.frombuffer(b64decode(data), kind).reshape(shape)
