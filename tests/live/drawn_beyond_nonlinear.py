"""What the live figure of the chapter "Nonlinear neurons" must draw, computed in Python.

A function takes the state of a figure and yields curves: the place of the chart in the figure, the
name of the mark, and its numbers, x and y.
"""

import numpy as np
from drawn_rich import random_numbers
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import erf

import rnnbook as rb

STEP, STEPS, SHOWN = 0.1, 10000, 1500


def neuron(state):
    gain, w = state["gain"], state["w"]
    h = np.linspace(-6, 6, 321)

    def drift(h):
        return w * erf(np.sqrt(np.pi) / 2 * gain * h) / gain - h

    yield 0, "potential", h, np.array([-quad(drift, 0, end)[0] for end in h])
    valley = brentq(drift, 1e-3, 30) if w > 1 else 0
    bottoms = np.array([-valley, valley]) if valley else np.zeros(1)
    depth = -quad(drift, 0, valley)[0]
    yield 0, "stable", bottoms, np.full(bottoms.size, depth)
    yield 1, "exact", h, rb.neuron_density(h, w, gain)

    def excess(variance):
        """Of the variance over what it gives itself, if h is Gaussian."""
        slope = 1 / np.sqrt(1 + np.pi * gain**2 * variance / 2)
        return 2 * variance * (1 - w * slope) - 1

    variance = brentq(excess, 0.5, 1e4)
    yield 1, "closure", h, np.exp(-(h**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    noise = np.fromiter(random_numbers(1), float, STEPS) / np.sqrt(STEP)
    one = rb.NonlinearRNN([[w]], [1.0], [1.0], gain)
    states = one.simulate(noise, STEP, return_states=True)[1][:, 0]
    yield 2, "way", STEP * np.arange(1, SHOWN + 1), states[:SHOWN]
    counts, edges = np.histogram(states, 64, (-6, 6))
    bars = counts / STEPS / (12 / 64)
    yield 1, "histogram", np.repeat(edges, 2)[1:-1], np.repeat(bars, 2)


FIGURES = {"neuron": ("book/beyond/17_nonlinear.html", neuron)}
