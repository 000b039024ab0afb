"""What the live figures on inputs and decisions must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

import numpy as np
from scipy.stats import norm

import rnnbook as rb


def coloured(state):
    chi, c_star, start = state["chi"], state["c_star"], (0.0, state["c_start"])
    log_s = np.linspace(-1, 3, 601)
    s = np.concatenate([[0], 10**log_s])
    found = rb.integrator_flow(input_rate=chi).solve(s, start, c_star=c_star)
    a, c = found.variables["a"], found.variables["c"]
    yield 0, "path", c, a
    yield 0, "gain", np.array([0, 1.3 * c_star]), np.array([0, 1.3])
    angle = np.linspace(0, np.pi / 2, 61)
    yield 0, "circle", start[1] * np.cos(angle), start[1] * np.sin(angle)
    yield 0, "target", np.array([c_star]), np.array([1])
    yield 1, "a", log_s, a[1:]
    yield 1, "c", log_s, c[1:]
    yield 1, "white", log_s, rb.integrator.solve(s[1:], start, c_star=c_star).variables["c"]

    def ratios(rate):
        """From the Gramian of the two changes, the smoothing filter as one state more."""

        def hessian(behind):
            A = np.array([[-c_star, 1.0], [0.0, -c_star]])
            B = np.array([0.0, 1.0])  # states t exp(-c* t) and exp(-c* t)
            if behind is not None:
                A = np.block([[A, behind * B[:, None]], [np.zeros((1, 2)), -np.eye(1) * behind]])
                B = np.array([0.0, 0.0, 1.0])
            size = len(A)
            kron = np.kron(A, np.eye(size)) + np.kron(np.eye(size), A)
            gramian = np.linalg.solve(kron, -np.outer(B, B).ravel()).reshape(size, size)
            return gramian[:2, :2]  # a change of c has the other sign, which no eigenvalue sees

        found, white = hessian(rate), hessian(None)
        walls = np.linalg.eigvalsh(found)[-1], np.linalg.eigvalsh(white)[-1]
        floors = np.linalg.det(found) / walls[0], np.linalg.det(white) / walls[1]
        return np.log10([walls[0] / walls[1], floors[0] / floors[1]])

    log_chi = np.linspace(-3, 1, 81)
    curves = np.array([ratios(10**x) for x in log_chi])
    for k, name in enumerate(("walls", "floor")):
        yield 2, name, log_chi, curves[:, k]
        yield 2, f"{name} now", np.array([np.log10(chi)]), ratios(chi)[k : k + 1]


def evidence(state):
    duration, noise = state["duration"], state["noise"]
    s = np.linspace(0, 2.5, 251)
    found = rb.integrator.solve(s, c_star=0.1)
    c, now = found.variables["c"], round(state["s"] / 0.01)

    def correct(rate, mean):
        """From mean and variance of the output of f = exp(-rate t)."""
        spread = (1 + noise**2) * -np.expm1(-2 * rate * duration) / (2 * rate)
        return norm.cdf(mean * -np.expm1(-rate * duration) / rate / np.sqrt(spread))

    yield 0, "loss", s, found.loss / found.loss[0]
    yield 0, "c", s, c
    yield 0, "correct", s, correct(c, 0.2)
    yield 0, "moment", np.full(2, state["s"]), np.array([0, 1.05])
    mean = np.linspace(-0.6, 0.6, 121)
    yield 1, "perfect", mean, norm.cdf(mean * np.sqrt(duration / (1 + noise**2)))
    yield 1, "network", mean, correct(c[now], mean)
    times = np.linspace(-min(duration, 50), 0, 101)
    spread = (1 + noise**2) * -np.expm1(-2 * c[now] * duration) / (2 * c[now])
    yield 2, "network", times, np.sqrt(2 / np.pi / spread) * np.exp(c[now] * times)
    yield 2, "perfect", times, np.full(101, np.sqrt(2 / np.pi / duration / (1 + noise**2)))


FIGURES = {
    "coloured": ("book/beyond/16_input.html", coloured),
    "evidence": ("book/beyond/16_input.html", evidence),
}
