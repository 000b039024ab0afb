"""What the live figures of the part "Oscillations" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

import math

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import rnnbook as rb

POINTS = 601


def round_up(value):
    unit = 10 ** math.floor(math.log10(value))
    return unit * min(x for x in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if x * unit >= value)


def follow(at, duration):
    """Times, losses, and eigenvalues; `at(s)` returns losses and matrices, shape (k, 2, 2), at s.

    The moment when the two last become a pair is among the times.
    """

    def square(W):
        return ((W[..., 0, 0] - W[..., 1, 1]) / 2) ** 2 + W[..., 0, 1] * W[..., 1, 0]

    s = np.linspace(0, duration, POINTS)
    d = square(at(s)[1])
    (leave,) = np.nonzero((d[:-1] > 0) & (d[1:] <= 0))
    birth = None
    if leave.size:
        k = leave[-1]
        met = brentq(lambda x: square(at([0, x])[1][1]), s[k], s[k + 1], xtol=1e-9 * s[k + 1])
        s, birth = np.insert(s, k + 1, met), k + 1
    loss, W = at(s)
    values = np.linalg.eigvals(W).astype(complex)
    if birth is not None:  # of a double eigenvalue, rounding makes two
        values[birth] = values[birth].mean()
    values = values[np.arange(s.size)[:, None], np.lexsort((-values.imag, -values.real))]
    return s, loss, values, birth


def solved(slope, start, duration):
    """A flow is followed once; returns states at any times of it, shape (k, m)."""
    run = solve_ivp(
        lambda _, y: slope(y),
        (0, duration),
        start,
        "LSODA",
        dense_output=True,
        rtol=1e-9,
        atol=1e-12,
    )
    return lambda s: run.sol(np.asarray(s)).T


def pair(state):
    rates = {name: state[name] for name in ("c_star", "omega_star")}
    target, seed = rb.damped_cosine(**rates), state["seed"]
    mu, rest = rb.onset_rate(target, "W"), 1 - rb.plateau(target, "W")[1]
    length = np.log(1 / seed) / mu
    duration = round_up((np.log(1e6) + 3) / mu + 3)  # for the smallest seed

    states = solved(lambda y: rb.oscillator.rhs(y, **rates), [0, seed, 0], duration)

    def at(s):
        p, q, r = found = states(s).T
        return rb.oscillator.loss_at(found, **rates), np.moveaxis(
            np.array([[p, q], [-q, r]]), -1, 0
        )

    s, loss, values, birth = follow(at, duration)
    now = np.argmin(np.abs(s - state["share"] * duration))
    upper, lower = values[: now + 1].T
    yield 0, "first", upper.real, upper.imag
    yield 0, "second", lower.real, lower.imag
    yield 0, "target", np.array([1 - state["c_star"]]), np.array([state["omega_star"]])
    yield 0, "mirrored", np.array([1 - state["c_star"]]), np.array([-state["omega_star"]])
    if birth is not None:
        yield 0, "exceptional point", values[birth].real[:1], np.zeros(1)
        yield 1, "meeting", np.full(2, s[birth]), np.array([-9, 9])
    on_plateau = rb.oscillator.loss_at([rest, 0, 0], **rates)
    yield 1, "predicted", np.array([0, length, length]), np.array([1, 1, 0])
    yield 1, "loss", s, loss / on_plateau
    yield 1, "now", s[now : now + 1], loss[now : now + 1] / on_plateau
    yield 2, "imaginary", s, values[:, 0].imag
    yield 2, "upper", s, values[:, 0].real
    yield 2, "lower", s, values[:, 1].real


def onset(state):
    c, y, seed = state["c_star"], state["frequency"], state["seed"]
    y = max(0 if abs(y) < 0.005 else y, -0.9 * c)
    yield 0, "target", np.array([c]), np.array([y])
    if y == 0:
        return
    target = rb.damped_cosine(c, y) if y > 0 else rb.mixture([0.5, 0.5], [c + y, c - y])
    (a, alpha), rate = rb.plateau(target), abs(rb.onset_rate(target))
    length = np.log(1 / seed) / rate

    def general(state):
        """Two neurons of the package's general code, with any target: no reduced model."""
        rnn = rb.LinearRNN(state[2:].reshape(2, 2), [1, 0], state[:2])
        gradient = rb.dense_loss_and_gradient(rnn, target)[1]
        return -np.concatenate([gradient.v, gradient.W.ravel()])

    flow, duration = rb.oscillator_flow(("W", "v")), round_up((np.log(1e6) + 4) / rate)
    of_pair = {"c_star": c, "omega_star": y}
    slope = (lambda x: flow.rhs(x, **of_pair)) if y > 0 else general
    states = solved(slope, [0, 0, 0, 0, seed, 0], duration)

    def at(s):
        found = states(s)
        W = found[:, 2:].reshape(-1, 2, 2)
        if y > 0:
            return flow.loss_at(found.T, **of_pair), W
        nets = [rb.LinearRNN(x[2:].reshape(2, 2), [1, 0], x[:2]) for x in found]
        return np.array([rb.dense_loss_and_gradient(rnn, target)[0] for rnn in nets]), W

    s, loss, values, birth = follow(at, duration)
    on_plateau = target.energy / 2 - a**2 / (4 * alpha)
    yield 2, "upper", s, values[:, 0].real
    yield 2, "lower", s, values[:, 1].real
    yield 2, "imaginary", s, values[:, 0].imag
    if birth is not None:
        yield 2, "exceptional point", s[birth : birth + 1], values[birth].real[:1]
    yield 1, "predicted", np.array([0, length, length]), np.array([1, 1, 0])
    yield 1, "loss", s, loss / on_plateau


FIGURES = {
    "pair": ("book/oscillations/12_pair.html", pair),
    "onset": ("book/oscillations/13_onset.html", onset),
}
