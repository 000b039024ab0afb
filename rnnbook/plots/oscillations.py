"""Figures of the part "Oscillations"."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, SymLogNorm

from .style import (
    ATTRACT,
    DASHES,
    LEARNING_TIME,
    MARKERS,
    NETWORK,
    REPEL,
    SERIES,
    TARGET,
    THEORY,
    dark_colors,
    legend_above,
)

_SIGNS = LinearSegmentedColormap.from_list("repel or attract", [REPEL, "white", ATTRACT])


def plot_oscillations(pairs):
    """Lay trained networks (markers) over theory (lines), in loss and in the rightmost eigenvalue.

    Parameters
    ----------
    pairs : dict of str to (Trajectory, Trajectory)
        Theory and network by label.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (3,)
    """
    _, axes = plt.subplots(3, 1, figsize=(6.4, 7.6), sharex=True)
    for color, marker, dash, (label, pair) in zip(
        dark_colors(len(pairs)), cycle(MARKERS), cycle(DASHES), pairs.items(), strict=False
    ):
        drawn = {"color": color, "markersize": 5, "markerfacecolor": "white", "linewidth": 1.5}
        stride = (pair[1].s.size // 40) | 1
        for trajectory, style in (
            (pair[0], {"linestyle": dash}),
            (pair[1], {"marker": marker, "linestyle": "", "markevery": stride}),
        ):
            rows = trajectory.loss, trajectory.outlier.real, trajectory.outlier.imag
            for ax, values in zip(axes, rows, strict=True):
                ax.plot(trajectory.s, values, **drawn, **style)
        axes[0].plot([], [], linestyle=dash, marker=marker, label=label, **drawn)
    axes[0].set(ylabel="loss $L$")
    axes[1].set(ylabel=r"Re $\lambda$")
    axes[2].set(ylabel=r"Im $\lambda$", xlabel=LEARNING_TIME)
    legend_above(axes[0])
    return axes


def plot_eigenvalue_paths(theory, networks, meeting, target):
    """Draw how eigenvalues move in the complex plane.

    Parameters
    ----------
    theory : ndarray of complex, shape (k, 2)
        The two eigenvalues of a reduced model along its path.
    networks : ndarray of complex, shape (m, 2)
        Those of a network.
    meeting : float
        Exceptional point, where the two meet.
    target : complex
        One of the two eigenvalues that the target asks for.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 4.8))
    ax.plot(theory.real, theory.imag, "--", color=THEORY, linewidth=1.8)
    ax.plot([], [], "--", color=THEORY, label="theory")
    ax.plot(
        networks.real.ravel(),
        networks.imag.ravel(),
        "o",
        color=NETWORK,
        markerfacecolor="white",
        label="network",
    )
    large = {"markersize": 11, "linestyle": "", "zorder": 3}
    ax.plot(meeting, 0, "*", color=ATTRACT, label="exceptional point", **large)
    both = [target.imag, -target.imag]
    ax.plot([target.real] * 2, both, "X", color=TARGET, label="target", **large)
    ax.set(xlabel=r"Re $\lambda$", ylabel=r"Im $\lambda$", aspect="equal")
    legend_above(ax)
    return ax


def plot_largest_eigenvalues(runs):
    """Draw the two eigenvalues of W of largest modulus against learning time, one panel a run.

    The larger of the two is the first. Its imaginary part is dotted.

    Parameters
    ----------
    runs : dict of str to Trajectory
        With eigenvalues recorded, by title.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    room = {"hspace": 0.08}  # a title stays clear of the numbers above it
    shape = {"figsize": (6.4, 2.9 * len(runs)), "squeeze": False, "gridspec_kw": room}
    _, axes = plt.subplots(len(runs), 1, **shape)
    for ax, (title, run) in zip(axes[:, 0], runs.items(), strict=True):
        if run.eigenvalues is None:
            raise ValueError("runs must have eigenvalues; record them with eigenvalues=True.")
        order = np.argsort(-np.abs(run.eigenvalues), axis=1, kind="stable")[:, :2]
        first, second = np.take_along_axis(run.eigenvalues, order, axis=1).T
        ax.plot(run.s, first.real, "-", color=NETWORK, label=r"Re $\lambda_1$")
        ax.plot(run.s, second.real, "--", color=SERIES[-1], label=r"Re $\lambda_2$")
        ax.plot(run.s, np.abs(first.imag), ":", color=NETWORK, label=r"|Im $\lambda_1$|")
        ax.set_title(title, fontsize=12)
        ax.set(ylabel=r"eigenvalues of $W$", xlim=(run.s[0], run.s[-1]))
    legend_above(axes[0, 0])
    axes[-1, 0].set(xlabel=LEARNING_TIME)
    return axes[:, 0]


def plot_growth_map(x, y, rates, xlabel, ylabel, regions):
    """Draw a rate that takes both signs over a plane: green attracts, purple repels.

    Parameters
    ----------
    x : ndarray, shape (k,)
    y : ndarray, shape (m,)
    rates : ndarray, shape (m, k)
        NaN where there is none.
    xlabel, ylabel : str
    regions : dict of str to (float, float)
        Texts, and where to put them.

    Returns
    -------
    matplotlib.axes.Axes
    """
    figure, ax = plt.subplots(figsize=(6.4, 5.4))
    largest = np.nanmax(np.abs(rates))
    norm = SymLogNorm(1e-3 * largest, vmin=-largest, vmax=largest)
    mesh = ax.pcolormesh(x, y, rates, cmap=_SIGNS, norm=norm, shading="gouraud", rasterized=True)
    levels = [1e-3, 1e-2, 1e-1, 1.0]
    lines = ax.contour(
        x, y, rates, levels=[-v for v in levels[::-1]] + levels, colors="k", linewidths=0.7
    )
    # The lines of the lowest rate run along the place where the sign changes: no room for numbers.
    shown = [v for v in lines.levels if abs(v) > levels[0]]
    ax.clabel(lines, shown, fontsize=9, fmt=lambda v: f"{v:g}".replace("-", "−"))
    for text, place in regions.items():
        ax.text(
            *place,
            text,
            ha="center",
            va="center",
            fontsize=11,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 3},
        )
    bar = figure.colorbar(mesh, label="growth rate of the coupling, signed")
    bar.set_ticks([sign * v for v in levels if v <= largest for sign in (-1, 1)] + [0])
    bar.minorticks_off()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(False)
    return ax
