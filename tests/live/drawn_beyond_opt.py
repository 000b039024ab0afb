"""What the live figure of the chapter "Optimisers" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

import math
from functools import cache

import numpy as np
import sympy as sp

import rnnbook as rb

RECORDS, LEAST, GOAL, SLOWEST = 160, 1e-6, 0.01, 0.03
# How the optimisers of the package step is tested with the package: here they run on plain numbers,
# since gradient descent takes tens of thousands of steps.
OVERLAP, KEEP, KEEP_SQUARE, FLOOR = math.sqrt(2 / math.pi), 0.9, 0.999, 1e-8
POWERS = {"spectral": 1, "sign": 1, "adam": 1, "momentum": 2, "plain": 3}


@cache
def formulas():
    symbols = (*rb.integrator.variables, *rb.integrator.parameters)
    values = [*rb.integrator.flow, rb.integrator.loss]
    return sp.lambdify(symbols, values, "math", cse=True)


def heavy_ball(eta, keep):
    gathered = [0.0, 0.0]

    def update(by_a, by_c, _):
        gathered[:] = keep * gathered[0] + by_a, keep * gathered[1] + by_c
        return eta * gathered[0], eta * gathered[1]

    return update


def signs(eta, overlap):
    def update(by_a, by_c, _):
        return eta * overlap * ((by_a > 0) - (by_a < 0)), eta * ((by_c > 0) - (by_c < 0))

    return update


def adam(eta):
    means, squares = [0.0, 0.0], [0.0, 0.0]

    def update(by_a, by_c, k):
        change = []
        for i, (slope, scale) in enumerate(((by_a, OVERLAP), (by_c, 1.0))):
            slope = scale * slope
            means[i] = KEEP * means[i] + (1 - KEEP) * slope
            squares[i] = KEEP_SQUARE * squares[i] + (1 - KEEP_SQUARE) * slope**2
            size = math.sqrt(squares[i] / (1 - KEEP_SQUARE**k)) + FLOOR
            change.append(scale * eta * means[i] / (1 - KEEP**k) / size)
        return change

    return update


@cache
def run(name, c_star, factor):
    hessian = rb.integrator.hessian.subs(
        dict(
            zip(
                (*rb.integrator.variables, *rb.integrator.parameters),
                (1, c_star, c_star),
                strict=True,
            )
        )
    )
    limit = 2 / np.linalg.eigvalsh(np.array(hessian, dtype=float))[-1]
    step, rare = 0.5 * math.sqrt(0.02) * factor * c_star, 2 * c_star
    gentle = 0.02 * (2 - rare) * limit * factor
    update, count = {
        "plain": (heavy_ball(0.5 * factor * limit, 0.0), 6 / (factor * limit)),
        "momentum": (heavy_ball(gentle, 1 - rare), 4 * rare / gentle + 20 / rare),
        "spectral": (signs(step, 1.0), 2 / step),
        "sign": (signs(step, OVERLAP), 2 / step),
        "adam": (adam(0.05 * factor * c_star), 60 / (factor * c_star)),
    }[name]
    count, at = math.ceil(count - 1e-9), formulas()
    wanted = {round(10**power) for power in np.linspace(0, math.log10(count), RECORDS)}
    a, c, above, shown = 0.0, 1.0, 0, []
    by_a, by_c, first = at(a, c, c_star)
    for k in range(1, count + 1):
        da, dc = update(by_a, by_c, k)
        a, c = a + da, c + dc
        by_a, by_c, loss = at(a, c, c_star)
        if loss >= GOAL * first:
            above = k
        if k in wanted:
            shown.append((math.log10(k), math.log10(max(loss / first, LEAST)), c))
    return np.array(shown).T, above + 1 if above < count else None


def race(state):
    c_star, factor = state["c_star"], state["factor"]
    for name, power in POWERS.items():
        (steps, loss, rate), settled = run(name, c_star, factor)
        yield 0, name, steps, loss
        yield 1, name, steps, rate
        memory = -math.log10(c_star)
        if settled is not None:
            done = np.array([math.log10(settled)])
            yield 0, f"{name} done", done, np.array([-2.0])
            yield 2, f"{name} count", np.array([memory]), done
        anchor, far = math.log10(run(name, SLOWEST, 1.0)[1]), -math.log10(SLOWEST)
        ends = np.array([0.4, far])
        yield 2, f"{name} power", ends, anchor + power * (ends - far)


FIGURES = {"race": ("book/beyond/14_optimisers.html", race)}
