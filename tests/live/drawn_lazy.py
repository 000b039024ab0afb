"""What the live figures of the part "Lazy learning" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

from functools import cache

import numpy as np
import sympy as sp
from scipy.optimize import brentq

import rnnbook as rb
from rnnbook import lazy


def relative_loss(s, sigma, c_star, omega_star=0.0, trainable=("v",)):
    energy = (1 / c_star + c_star / (c_star**2 + omega_star**2)) / 8
    return lazy.learning_curve(s, sigma, c_star, omega_star, trainable) / energy


def reservoir(state):
    target = state["sigma"], state["c_star"], state["omega_star"]
    place = np.linspace(-1, 6, 141)
    fall = np.log10(relative_loss(10**place, *target))
    # Rounding leaves 1e-15 or so of a loss of one, outside of the chart.
    seen = fall > -12
    if seen.all():
        yield 1, "loss", place, fall
    yield 2, "length", place, np.log10(lazy.weight_change(10**place, *target)["v"])
    angle = np.linspace(0, 2 * np.pi, 121)
    yield 0, "edge", target[0] * np.cos(angle), target[0] * np.sin(angle)
    yield 0, "target", np.array([1 - target[1]]), np.array([target[2]])


def tangent(state):
    sigma, c_star = state["sigma"], state["c_star"]
    place, t = np.linspace(-1, 4, 101), np.linspace(0, 10, 161)
    for trained in (("v",), ("W", "v"), ("W", "u", "v")):
        fall = np.log10(relative_loss(10**place, sigma, c_star, trainable=trained))
        if fall[-1] > -12:
            yield 0, ", ".join(trained), place, fall
    yield 1, "readers", t, lazy.reservoir_kernel(t, t, sigma)
    yield 1, "recurrent", t, lazy.tangent_kernel(t, t, sigma, ("W",))


@cache
def border(kappa, fraction):
    """Where the reservoir has this fraction of the loss left at s = kappa^2, the lower branch."""

    def excess(c_star, sigma):
        return relative_loss(kappa**2, sigma, c_star) - fraction

    points = []
    for sigma in np.linspace(0.005, 0.995, 100):
        best = np.sqrt(1 - sigma**2)
        if excess(best, sigma) <= 0:
            points.append((sigma, brentq(excess, 1e-7, best, args=(sigma,))))
    return np.array(points)


def crossover(state):
    kappa, sigma, c_star = state["kappa"], state["sigma"], state["c_star"]
    place = np.linspace(-1, 5, 121)
    yield 1, "lazy", place, np.log10(np.maximum(1e-6, relative_loss(10**place, sigma, c_star)))
    a, c = rb.integrator.variables
    scale = sp.Symbol("kappa", positive=True)
    given = {**rb.integrator.defaults, scale: kappa}
    flow = rb.ReducedFlow((a, c), rb.integrator.loss, (1, scale**2), given, 1 - c, (0, 1))
    loss = flow.solve(10**place, c_star=c_star).loss * 4 * c_star
    yield 1, "rich", place, np.log10(np.maximum(1e-6, loss))
    points = border(kappa, state["fraction"])
    if points.size:
        yield 0, "border", *points.T


FIGURES = {
    "reservoir": ("book/lazy/09_reservoir.html", reservoir),
    "tangent": ("book/lazy/10_tangent.html", tangent),
    "crossover": ("book/lazy/11_crossover.html", crossover),
}
