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

    def parts(y):
        """Gramians and overlaps with the decays, for one state or several.

        From Kronecker products, which for three neurons take far less time than the package.
        """
        v, A = y[..., :3], y[..., 3:].reshape(*y.shape[:-1], 3, 3) - np.eye(3)
        left, right = A[..., :, None, :, None], A[..., None, :, None, :]
        system = (left * np.eye(3)[:, None, :] + np.eye(3)[:, None, :, None] * right).reshape(
            *A.shape[:-2], 9, 9
        )
        gap = rates[:, None, None] * np.eye(3) - A[..., None, :, :]
        return v, system, gap, np.linalg.solve(gap, U[:, None])[..., 0]

    def gramian(system, x):
        outer = x[..., :, None] * x[..., None, :]
        found = np.linalg.solve(system, -outer.reshape(*system.shape[:-1], 1))
        return found.reshape(outer.shape)

    def slope(_, y):
        v, system, gap, x = parts(y)
        P, Q = gramian(system, U), gramian(system.T, v)
        back = np.linalg.solve(gap.swapaxes(1, 2), v[:, None])[..., 0]
        by_W = (amplitudes[:, None] * back).T @ x - Q @ P
        return np.concatenate([amplitudes @ x - P @ v, by_W.ravel()])

    places = np.linspace(-1, END, 201)
    begin = np.zeros(12)
    begin[[6, 10]] = seed
    span = (0, 10.0**END)
    run = solve_ivp(slope, span, begin, "LSODA", 10.0**places, rtol=1e-8, atol=1e-13)
    v, system, _, x = parts(run.y.T)
    P = gramian(system, np.broadcast_to(U, v.shape))
    loss = start + (v * ((P @ v[..., None])[..., 0] / 2 - amplitudes @ x)).sum(axis=-1)
    shown = np.maximum(np.log10(np.maximum(loss / start, 1e-9)), LOWEST - 0.5)
    yield 1, "loss", places, shown
    modes = 1 - np.linalg.eigvals(run.y[3:].T.reshape(-1, 3, 3)).real
    for k, rate in enumerate(np.sort(modes, axis=1).T):
        yield 2, f"mode {k}", places, np.log10(rate)


FIGURES = {"staircase": ("book/beyond/15_memories.html", staircase)}
