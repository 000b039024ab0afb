"""Figures of the chapter "Many memories"."""

import matplotlib.pyplot as plt
import numpy as np

from .style import LEARNING_TIME, NETWORK, THEORY, legend_above


def plot_staircases(runs):
    """Draw the loss of networks that learn pole after pole, over the plateaus of theory.

    Parameters
    ----------
    runs : dict of str to (ndarray, ndarray, ndarray, ndarray)
        By title: learning times and loss of a network, and, for each plateau, its loss and the
        learning time at which it is left.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    shape = {"figsize": (6.4, 2.6 * len(runs)), "sharex": True, "squeeze": False}
    _, axes = plt.subplots(len(runs), 1, **shape)
    for ax, (title, (s, loss, heights, ends)) in zip(axes[:, 0], runs.items(), strict=True):
        ax.loglog(s[1:], loss[1:], "-", color=NETWORK, label="network")
        edges = np.concatenate([[s[1]], ends])
        for k, height in enumerate(heights):
            after = heights[k + 1] if k + 1 < len(heights) else loss[-1]
            x, y = [edges[k], edges[k + 1], edges[k + 1]], [height, height, after]
            ax.loglog(x, y, "--", color=THEORY, linewidth=1.8, label=None if k else "theory")
        ax.set_title(title, fontsize=12)
        ax.set(ylabel="loss $L$")
    legend_above(axes[0, 0])
    axes[-1, 0].set(xlabel=LEARNING_TIME)
    return axes[:, 0]
