"""What the live figures of the part "Rich learning" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

import math
from functools import cache

import numpy as np

import rnnbook as rb


def reduced_flow(state):
    trained = (("W", "v"), ("W",), ("v",), ("W", "u", "v"))[state["trained"]]
    flow, s = rb.integrator_flow(trained), np.linspace(0, 3, 301)
    start = {"a": state["a_start"], "c": state["c_start"]}
    if trained == ("W", "u", "v"):
        start["a"] = max(0.01, start["a"])
    names = [symbol.name for symbol in flow.variables]
    fixed = {name: value for name, value in start.items() if name not in names}
    initial = [start[name] for name in names]
    path = flow.solve(s, initial=initial, c_star=state["c_star"], **fixed)
    curves = {name: path.variables.get(name, np.full(s.size, start[name])) for name in start}
    yield 0, "a", s, curves["a"]
    yield 0, "c", s, curves["c"]
    yield 1, "path", curves["c"], curves["a"]
    yield 2, "loss", s, path.loss / path.loss[0]


def descent(state):
    c_star = state["c_star"]
    # The curvature at rest, by differences of the loss: no formula of the package.
    h = 1e-3 * np.array([1.0, c_star])
    hessian = np.empty((2, 2))
    for i, j in np.ndindex(2, 2):
        shifts = [
            (p * h[i] * np.eye(2)[i] + q * h[j] * np.eye(2)[j]) for p in (1, -1) for q in (1, -1)
        ]
        values = [rb.integrator.loss_at(np.array([1, c_star]) + x, c_star=c_star) for x in shifts]
        hessian[i, j] = (values[0] - values[1] - values[2] + values[3]) / (4 * h[i] * h[j])
    limit = 2 / np.linalg.eigvalsh(hessian)[-1]
    initial = (0.85, 1.5 * c_star)
    flow = rb.integrator.solve(np.linspace(0, 60 * limit, 121), initial=initial, c_star=c_star)
    yield 0, "flow", flow.variables["c"] / c_star, flow.variables["a"]
    if state["share"] < 1:  # above the limit, iterates magnify the error of the differences
        path = rb.integrator.descend(state["share"] * limit, 60, initial=initial, c_star=c_star)
        yield 0, "steps", path.variables["c"] / c_star, path.variables["a"]
        yield 1, "steps", np.arange(61), path.variables["c"] / c_star


@cache
def trained_network():
    """The network with which chapter 5 opens."""
    start = rb.ginibre(200, sigma=0.1, rng=np.random.default_rng(4))
    s, t = np.linspace(0, 1.5, 61), np.linspace(0, 40, 101)
    return rb.gradient_flow(
        start, rb.exponential(0.1), s, rtol=1e-4, eigenvalues=True, response_times=t
    )


@cache
def trained_networks():
    """Those with which chapter 7 opens."""
    s, t = np.linspace(0, 1.5, 61), np.linspace(0, 40, 101)
    return [
        rb.gradient_flow(
            rb.ginibre(150, sigma, np.random.default_rng(3)),
            rb.exponential(0.1),
            s,
            rtol=1e-4,
            eigenvalues=True,
            response_times=t,
        )
        for sigma in (0.001, 0.1, 0.3, 0.6)
    ]


def training_run(state):
    return drawn_run(trained_network(), state["s"])


def training_runs(state):
    return drawn_run(trained_networks()[state["run"]], state["s"])


def drawn_run(run, s):
    k, t = np.argmin(np.abs(run.s - s)), np.linspace(0, 40, 101)
    theory = rb.integrator.solve(run.s, c_star=0.1)
    values = run.eigenvalues[k]
    yield 0, "outlier", values.real[:1], values.imag[:1]
    yield 0, "bulk", values.real[1:], values.imag[1:]
    yield 0, "theory", theory.outlier.real[k : k + 1], np.zeros(1)
    yield 1, "f", t, run.responses[k]
    yield 1, "target", t, rb.exponential(0.1).impulse_response(t)
    yield 2, "network", run.s, run.decay_rate


@cache
def tree(depth, sigma):
    s = np.linspace(0, 1.5, 61)
    return rb.gradient_flow(rb.fock(depth, sigma), rb.exponential(0.2), s, rtol=1e-4)


def infinite_width(state):
    sigma = round(state["sigma"], 1)
    run = tree((1, 2, 3, 5)[state["depth"]], sigma)
    without = rb.integrator.solve(run.s, c_star=0.2)
    yield 0, "no bulk", run.s, without.loss / without.loss[0]
    yield 0, "tree", run.s, run.loss / run.loss[0]
    seen = np.where(run.outlier.real > sigma + 1e-3, run.decay_rate, np.nan)
    yield 1, "tree", run.s, seen


def random_numbers(seed):
    """Standard normal numbers as random.js makes them: mulberry32, then Box and Muller."""

    def uniform():
        nonlocal seed
        seed = (seed + 0x6D2B79F5) % 2**32
        mixed = (seed ^ seed >> 15) * (seed | 1) % 2**32
        mixed ^= (mixed + (mixed ^ mixed >> 7) * (mixed | 61)) % 2**32
        return (mixed ^ mixed >> 14) / 2**32

    while True:
        yield math.sqrt(-2 * math.log(1 - uniform())) * math.cos(2 * math.pi * uniform())


def drawn_network(sigma, draw, n=60):
    numbers = np.fromiter(random_numbers(draw), float, n * n + n)
    W, u = sigma / np.sqrt(n) * numbers[: n * n].reshape(n, n), numbers[n * n :]
    return rb.LinearRNN(W, u / np.linalg.norm(u), np.zeros(n))


def network(state):
    sigma, c_star = round(state["sigma"], 2), round(state["c_star"], 2)
    s, t = np.linspace(0, 1.5, 151), np.linspace(0, 40, 101)
    k = np.argmin(np.abs(s - state["s"]))
    theory = rb.integrator.solve(s, c_star=c_star)
    yield 0, "theory", theory.outlier.real[k : k + 1], np.zeros(1)
    yield 0, "target", np.array([1 - c_star]), np.zeros(1)
    yield 1, "target", t, np.exp(-c_star * t)
    yield 2, "theory", s, theory.loss / theory.loss[0]
    if k == 0:  # what it has learned later, a test of its own compares
        values = drawn_network(sigma, state["draw"]).eigenvalues()
        values = values[np.lexsort((-values.imag.round(9), -values.real.round(9)))]
        yield 0, "outlier", values.real[:1], values.imag[:1]
        yield 0, "bulk", values.real[1:], values.imag[1:]


def teach(state):
    c_star, s = 1 / state["T_star"], np.linspace(0, 2, 201)
    path = rb.integrator.solve(s, c_star=c_star)
    k = min(200, math.floor(100 * state["s"] + 0.5))
    signal = np.zeros(120)
    for start, stop, value in ((6, 10, 1.0), (24, 28, 1.0), (44, 48, 1.0), (70, 80, -0.8)):
        signal[start:stop] = value
    t = 0.5 * np.arange(1, 121)
    said = rb.exponential(path.decay_rate[k]).simulate(signal, 0.5)
    yield 0, "wanted", t, rb.exponential(c_star).simulate(signal, 0.5)
    yield 0, "said", t, path.variables["a"][k] * said
    yield 1, "learned", s, path.outlier.real


FIGURES = {
    "teach": ("book/index.html", teach),
    "training_runs": ("book/rich/05_rich.html", training_run),
    "reduced_flow": ("book/rich/05_rich.html", reduced_flow),
    "training_runs (6)": ("book/rich/07_outlier.html", training_runs),
    "network": ("book/rich/07_outlier.html", network),
    "infinite_width": ("book/rich/08_infinite_width.html", infinite_width),
    "descent": ("book/rich/06_timescales.html", descent),
}
