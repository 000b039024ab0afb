"""What the live figure of the chapter "Many memories" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y. On a logarithmic axis they are logarithms to base ten.
"""

from functools import cache

import numpy as np
from scipy.integrate import solve_ivp

import rnnbook as rb

LOWEST, END = -6, 5
U = np.array([1.0, 0.0, 0.0])


def staircase(state):
    return drawn(*(state[name] for name in ("slow", "middle", "weight", "seed")))


@cache
def drawn(slow, middle, weight, seed):
    return list(marks(slow, middle, weight, seed))


def marks(slow, middle, weight, seed):
    amplitudes = np.array([0.4 * (1 - weight), weight, 0.6 * (1 - weight)])
    rates = np.array([slow, middle, 0.9])
    target = rb.mixture(amplitudes, rates)
    yield 0, "target", np.log10(rates), amplitudes

    stairs = rb.staircase(target, 2)
    ends = np.log10(np.cumsum(np.log(1 / seed) / np.abs([stair.growth for stair in stairs])))
    start = target.energy / 2
    first, second = np.log10([stair.loss / start for stair in stairs])
    x = np.array([-1, ends[0], ends[0], ends[1], ends[1]])
    yield 1, "predicted", x, np.array([first, first, second, second, LOWEST - 0.5])

    def gradient(y):
        rnn = rb.LinearRNN(y[3:].reshape(3, 3), U, y[:3])
        return rb.loss_and_gradient(rnn, target)

    def slope(_, y):
        found = gradient(y)[1]
        return -np.concatenate([found.v, found.W.ravel()])

    places = np.linspace(-1, END, 201)
    begin = np.zeros(12)
    begin[[6, 10]] = seed
    span = (0, 10.0**END)
    run = solve_ivp(slope, span, begin, "LSODA", 10.0**places, rtol=1e-8, atol=1e-13)
    loss = np.array([gradient(y)[0] for y in run.y.T])
    shown = np.maximum(np.log10(np.maximum(loss / start, 1e-9)), LOWEST - 0.5)
    yield 1, "loss", places, shown
    modes = 1 - np.linalg.eigvals(run.y[3:].T.reshape(-1, 3, 3)).real
    for k, rate in enumerate(np.sort(modes, axis=1).T):
        yield 2, f"mode {k}", places, np.log10(rate)


FIGURES = {"staircase": ("book/beyond/15_memories.html", staircase)}
