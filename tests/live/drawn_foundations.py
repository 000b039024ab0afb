"""What the live figures of the part "Foundations" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

import numpy as np

import rnnbook as rb
from rnnbook import explore


def integration(state):
    dt = 0.2
    noise = rb.white_noise(1, 500, dt, np.random.default_rng(0))[0]
    leaky = rb.exponential(state["c"])
    t = dt * np.arange(501)
    # The noise is sent in 16 bits.
    yield 0, "f", t, leaky.impulse_response(t)
    yield 1, "y", t[1:], leaky.simulate(noise, dt)
    yield 1, "exact", t[1:], dt * np.cumsum(noise)


def one_mode(state):
    a, c, c_star = state["a"], state["c"], state["c_star"]
    t = np.linspace(0, 40, 401)
    f, target = a * np.exp(-c * t), np.exp(-c_star * t)
    yield 0, "f", t, f
    yield 0, "target", t, target
    yield 1, "state", np.array([c]), np.array([a])
    yield 2, "squared", t, (f - target) ** 2


def krylov(state):
    sigma, m = round(state["sigma"], 1), state["m"]
    sizes = [1, 2, 3, 4, 6, 8, 12, 16, 20, 25, 30]
    activity, missed, errors = explore.krylov_record(sigma, sizes, 25.0, 126)
    t = np.linspace(0, 25, 126)
    yield 0, "activity", t, activity
    yield 0, "missed", t, missed[m - 1]
    yield 1, "errors", np.array(sizes), np.log10(errors)


FIGURES = {
    "integration": ("book/foundations/01_integrate.html", integration),
    "one_mode": ("book/foundations/02_loss.html", one_mode),
    "krylov": ("book/foundations/04_krylov.html", krylov),
}
