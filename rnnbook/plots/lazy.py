"""Figures of the part "Lazy learning"."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba

from .style import (
    BULK,
    DASHES,
    LEARNING_TIME,
    MUTED,
    OUTLIER,
    TARGET,
    THEORY,
    dark_colors,
    legend_above,
)


def plot_exponents(sigma, circles, targets=None):
    """Draw where in the plane of eigenvalues of W a reservoir's learning exponent has given values.

    The one for exponent 1 is the edge of the bulk.

    Parameters
    ----------
    sigma : float
        Radius of the bulk, between 0 and 1.
    circles : dict of float to (float, float)
        Centre and radius by exponent, as `lazy.exponent_circles` gives them; that for infinity is
        drawn as a point.
    targets : dict of str to complex, optional
        Places 1 - c* + i omega* of targets, by label.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 5.2))
    angle = np.linspace(0, 2 * np.pi, 400)
    bulk = {"color": BULK, "alpha": 0.25, "linewidth": 0, "label": "bulk", "zorder": 0}
    ax.fill(sigma * np.cos(angle), sigma * np.sin(angle), **bulk)
    finite = {exponent: circle for exponent, circle in circles.items() if np.isfinite(exponent)}
    for color, dash, (exponent, (centre, radius)) in zip(
        dark_colors(len(finite)), cycle((":", "-.", "-", "--")), finite.items(), strict=False
    ):
        x, y = centre + radius * np.cos(angle), radius * np.sin(angle)
        style = {"linestyle": dash, "linewidth": 3.5 if exponent == 1 else 1.8}
        ax.plot(x, y, color=color, label=rf"$\beta$ = {exponent:g}", **style)
    if np.inf in circles:
        centre = circles[np.inf][0]
        ax.plot(centre, 0, "+", color=THEORY, markersize=10, label=r"$\beta = \infty$")
    ax.axvline(1, color=MUTED, linestyle="--", linewidth=1.5, label="edge of stability")
    for label, place in (targets or {}).items():
        ax.plot(place.real, place.imag, "o", color=TARGET)
        ax.annotate(
            label,
            (place.real, place.imag),
            xytext=(5, 4),
            textcoords="offset points",
            color=TARGET,
            fontweight="bold",
        )
    ax.set(
        xlabel=r"Re $\lambda$",
        ylabel=r"Im $\lambda$",
        xlim=(-1.9, 1.1),
        ylim=(-1.15, 1.15),
        aspect="equal",
    )
    legend_above(ax)
    return ax


def plot_ratios(s, panels):
    """Draw how networks scatter about a theory: mean and standard deviation of their logarithms.

    Parameters
    ----------
    s : ndarray, shape (k,)
        Learning times.
    panels : dict of str to dict of str to ndarray of shape (draws, k)
        By title of a panel and label of a curve, what was measured over the theory, draw by draw.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, one for each panel
    """
    shape = {"figsize": (6.4, 5.8), "sharex": True, "sharey": True, "squeeze": False}
    axes = plt.subplots(len(panels), 1, **shape)[1][:, 0]
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for color, dash, (label, ratios) in zip(
            dark_colors(len(curves)), cycle(DASHES), curves.items(), strict=False
        ):
            logs = np.log(ratios)
            mean, spread = logs.mean(axis=0), logs.std(axis=0, ddof=1)
            ax.plot(s, np.exp(mean), color=color, linestyle=dash, label=label)
            edges = np.exp(mean - spread), np.exp(mean + spread)
            ax.fill_between(s, *edges, color=color, alpha=0.25, linewidth=0)
        ax.axhline(1, color=THEORY, linestyle="--", linewidth=1.2, label="theory")
        ax.set(xscale="log", yscale="log", ylabel="loss over theory")
        ax.annotate(title, (0.02, 0.88), xycoords="axes fraction")
        ax.set_yticks([0.5, 1, 2], ["1/2", "1", "2"])
        ax.minorticks_off()
    axes[-1].set(xlabel=LEARNING_TIME)
    legend_above(axes[0])
    return axes


def plot_phase_diagram(sigma, c_star, moved, outlier, exponent):
    """Draw trained networks over the plane of bulk and target.

    The background is the learning exponent of the reservoir, with the line 1 - c* = sigma, on which
    it is 1.

    Parameters
    ----------
    sigma, c_star : ndarray, shape (k,)
        One entry a network.
    moved : ndarray, shape (k,)
        How far W moved; the area of a marker grows with it.
    outlier : ndarray of bool or float, shape (k,)
        In which share of draws an eigenvalue has left the bulk: as far are markers filled.
    exponent : callable
        The reservoir's learning exponent at a scale of weights and a decay rate, as
        `lazy.learning_exponent`.

    Returns
    -------
    matplotlib.axes.Axes
    """

    def area(distance):
        return 30 + 500 * distance

    _, ax = plt.subplots(figsize=(6.4, 5.4))
    x, y = np.linspace(0.005, 0.995, 100), np.linspace(0.005, 0.995, 100)
    beta = [[exponent(radius, rate) for radius in x] for rate in y]
    levels = [0, 0.25, 0.5, 1, 2, 1000]
    shades = [to_rgba(BULK, share) for share in np.linspace(0.5, 0, 5)]
    ax.contourf(x, y, beta, levels=levels, colors=shades)
    lines = ax.contour(x, y, beta, levels=[0.25, 0.5, 2], colors=THEORY, linewidths=0.7)
    between = [(0.3, 0.19), (0.3, 0.4), (0.5, 0.8)]  # where no marker is
    ax.clabel(lines, fmt=r"$\beta$ = %g", fontsize=9, manual=between)
    ax.plot([0, 1], [1, 0], color=THEORY, linestyle="--", label=r"threshold, $\beta = 1$")
    share = np.asarray(outlier, float)
    style = {"edgecolor": OUTLIER, "linewidth": 1.8, "zorder": 3}
    faces = [to_rgba(OUTLIER, part) for part in share]
    ax.scatter(sigma, c_star, area(moved), faces, **style)
    for label, part in (("outlier", 1), ("in some draws", 0.5), ("none", 0)):
        key = {"markersize": 8, "markeredgecolor": OUTLIER, "markeredgewidth": 1.8}
        ax.plot([], [], "o", color=to_rgba(OUTLIER, part), label=label, **key)
    for distance in (0.1, 0.5):
        key = {"markersize": np.sqrt(area(distance)), "markeredgewidth": 0}
        ax.plot([], [], "o", color=BULK, label=rf"$|\delta W|$ = {distance}", **key)
    ax.set(
        xlabel=r"scale of the initial weights $\sigma$",
        ylabel="decay rate $c^*$ of the target",
        xlim=(x[0], x[-1]),
        ylim=(y[0], y[-1]),
    )
    legend_above(ax)
    return ax
