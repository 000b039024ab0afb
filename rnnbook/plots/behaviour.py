"""Figures of the chapter on inputs and on what memory is for."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

from .style import DASHES, DECAY_RATE, MARKERS, NETWORK, TARGET, THEORY, dark_colors, legend_above

CONTOUR = "#A9ADB1"  # thin lines of equal loss, which are still seen on a dark page


def plot_theory_and_means(pairs, xlabel, ylabel):
    """Draw theory as lines, and measured means with error bars in the same colours.

    Parameters
    ----------
    pairs : dict of str to (ndarray, ndarray, ndarray, ndarray, ndarray)
        By label, x and y of the theory, then x, mean and error of what was measured.
    xlabel, ylabel : str

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 4.2))
    for color, dash, marker, (label, (x, y, x_data, mean, error)) in zip(
        dark_colors(len(pairs)), cycle(DASHES), cycle(MARKERS), pairs.items(), strict=False
    ):
        points = {"marker": marker, "markersize": 6, "markerfacecolor": "white"}
        ax.plot(x, y, color=color, linestyle=dash, linewidth=1.6)
        ax.errorbar(
            x_data, mean, error, color=color, linestyle="", capsize=3, linewidth=1.5, **points
        )
        ax.plot([], [], color=color, linestyle=dash, linewidth=1.6, label=label, **points)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)
    return ax


def plot_landscapes(panels, c_star, circle=False):
    """Draw the loss in the plane of c and a for several inputs, and how learning moves on it.

    Parameters
    ----------
    panels : dict of str to (ReducedFlow, Trajectory)
        Model and learning by the title of the panel; two stand side by side.
    c_star : float
    circle : bool
        Also draw the unit circle.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    _, axes = plt.subplots(1, len(panels), figsize=(6.4, 3.6), sharey=True, squeeze=False)
    c, a = np.meshgrid(np.linspace(0.02, 1.1, 160), np.linspace(0, 1.3, 140))
    angle = np.linspace(0, np.pi / 2, 91)
    for ax, (title, (flow, learned)) in zip(axes[0], panels.items(), strict=True):
        loss = flow.loss_at(np.stack([a, c]), c_star=c_star)
        loss = loss / flow.loss_at([0.0, 1.0], c_star=c_star)
        levels = np.linspace(0.05, 0.95, 10) ** 2  # in equal steps of the size of the error
        ax.contour(c, a, loss, levels=levels, colors=CONTOUR, linewidths=1)
        ax.plot([], [], color=CONTOUR, linewidth=1, label="equal loss")
        if circle:
            style = {"color": THEORY, "linestyle": ":", "linewidth": 2}
            ax.plot(np.cos(angle), np.sin(angle), label="$a^2 + c^2 = 1$", **style)
        path = learned.variables["c"], learned.variables["a"]
        ax.plot(*path, color=NETWORK, label="learning")
        ax.plot(c_star, 1, "*", color=TARGET, markersize=14, linestyle="", label="target")
        ax.set(xlabel=DECAY_RATE, xlim=(0, 1.1), ylim=(0, 1.3))
        ax.set_title(title, fontsize=12)
    axes[0, 0].set(ylabel="amplitude $a$")
    legend_above(axes[0])
    return axes[0]
