"""Figures of the part "Rich learning"."""

import matplotlib.pyplot as plt
import numpy as np

from .foundations import plot_eigenvalues
from .style import (
    BULK,
    DECAY_RATE,
    LEARNING_TIME,
    MARKERS,
    NETWORK,
    OUTLIER,
    TARGET,
    THEORY,
    dark_colors,
    legend_above,
)


def plot_phase_portrait(
    flow,
    trajectories,
    a_range=(-0.5, 2.0),
    c_range=(0.02, 1.2),
    ax=None,
    zoom=None,
    label="learning",
    **parameters,
):
    """Draw the reduced dynamics of the integrator in the plane of c and a, with nullclines.

    Parameters
    ----------
    flow : ReducedFlow
        In the variables a and c.
    trajectories : sequence of Trajectory
    a_range, c_range : (float, float)
    ax : matplotlib.axes.Axes, optional
    zoom : ((float, float), (float, float)), optional
        Ranges of c and of a that an inset shows larger.
    label : str
        What the legend calls the trajectories.
    **parameters : float
        Parameters of the flow, by name.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.0, 5.0))
    c, a = np.meshgrid(np.linspace(*c_range, 60), np.linspace(*a_range, 60))
    da, dc = flow.rhs(np.stack([a, c]), **parameters)
    ax.streamplot(c, a, dc, da, color="#BDBDBD", density=0.9, linewidth=0.8, arrowsize=0.9)
    _draw_portrait(ax, flow, trajectories, a_range, c_range, parameters)
    ax.plot([], [], color=NETWORK, label=label)
    ax.plot([], [], "--", color=THEORY, label="$da/ds = 0$")
    ax.plot([], [], ":", color=THEORY, linewidth=2.5, label="$dc/ds = 0$")
    ax.set(xlabel=DECAY_RATE, ylabel="amplitude $a$")
    legend_above(ax)
    if zoom is not None:
        inset = ax.inset_axes([0.21, 0.1, 0.34, 0.34])
        _draw_portrait(inset, flow, trajectories, zoom[1], zoom[0], parameters)
        inset.tick_params(labelsize=9)
        ax.indicate_inset_zoom(inset, edgecolor="black")
    return ax


def _draw_portrait(ax, flow, trajectories, a_range, c_range, parameters):
    """Draw nullclines, paths and resting point over a part of the plane."""
    c, a = np.meshgrid(np.linspace(*c_range, 120), np.linspace(*a_range, 120))
    da, dc = flow.rhs(np.stack([a, c]), **parameters)
    ax.contour(c, a, da, levels=[0], colors=[THEORY], linestyles="--", linewidths=2)
    ax.contour(c, a, dc, levels=[0], colors=[THEORY], linestyles=":", linewidths=2.5)
    for trajectory in trajectories:
        path = trajectory.variables["c"], trajectory.variables["a"]
        ax.plot(*path, color=NETWORK)
        ax.plot(path[0][0], path[1][0], "o", color=NETWORK, markerfacecolor="white")
    target = r"target $(c^*, 1)$"
    ax.plot(parameters["c_star"], 1, "*", color=TARGET, markersize=14, linestyle="", label=target)
    ax.set(xlim=c_range, ylim=a_range)


def plot_descent(
    flow, descents, a_range=(0.5, 1.5), c_range=(0.02, 0.3), shown=50, ax=None, **parameters
):
    """Draw iterates of gradient descent on contours of the loss, in the plane of c and a.

    The last two iterates are large, so that a cycle of two shows, which the first ones would hide.

    Parameters
    ----------
    flow : ReducedFlow
        In the variables a and c.
    descents : dict of str to Trajectory
        Iterates by label.
    a_range, c_range : (float, float)
    shown : int
        How many iterates are drawn from the start on.
    ax : matplotlib.axes.Axes, optional
    **parameters : float
        Parameters of the flow, by name.

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 4.6))
    c, a = np.meshgrid(np.linspace(*c_range, 150), np.linspace(*a_range, 150))
    loss = flow.loss_at(np.stack([a, c]), **parameters)
    levels = np.geomspace(1e-4, 1, 13)
    ax.contour(c, a, loss, levels=levels, colors="#C8C8C8", linewidths=1)
    for color, marker, (label, path) in zip(
        dark_colors(len(descents)), MARKERS, descents.items(), strict=False
    ):
        c, a = path.variables["c"], path.variables["a"]
        style = {"color": color, "marker": marker}
        ax.plot(c[:shown], a[:shown], **style, markersize=4, linewidth=0.8, label=label)
        ax.plot(c[-2:], a[-2:], **style, markersize=12, markerfacecolor="none", zorder=4)
    ax.plot(parameters["c_star"], 1, "*", color=TARGET, markersize=15, linestyle="", label="target")
    ax.set(xlabel=DECAY_RATE, ylabel="amplitude $a$", xlim=c_range, ylim=a_range)
    legend_above(ax)
    return ax


def plot_cycles(shares, decay_rates):
    """Draw where gradient descent ends up against its learning rate, one dot an iterate.

    Parameters
    ----------
    shares : ndarray, shape (k,)
        Learning rates as multiples of the limit 2 / (largest curvature).
    decay_rates : ndarray, shape (steps, k)
        Late iterates of c, as multiples of c*.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots()
    # As pixels: tens of thousands of dots would make a vector image of megabytes.
    ax.plot(shares, decay_rates.T, ".", color=NETWORK, markersize=1.2, alpha=0.5, rasterized=True)
    ax.axvline(1, color=THEORY, linestyle="--", linewidth=1.5)
    ax.set(
        xlabel=r"learning rate $\eta / \eta_{\max}$",
        ylabel="late decay rates $c/c^*$",
        xlim=(shares[0], shares[-1]),
    )
    return ax


def plot_spectra(trajectory, indices, radius):
    """Draw the eigenvalues of W at several learning times; large points are those off the bulk.

    Parameters
    ----------
    trajectory : Trajectory
        With eigenvalues recorded.
    indices : sequence of int
        Which recorded times to draw; four fill the figure.
    radius : float
        Radius of the initial bulk.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    if trajectory.eigenvalues is None:
        raise ValueError("trajectory has no eigenvalues; record them with eigenvalues=True.")
    rows = int(np.ceil(len(indices) / 2))
    _, axes = plt.subplots(rows, 2, figsize=(6.4, 2.7 * rows), sharex=True, sharey=True)
    for ax, index in zip(axes.flat, indices, strict=False):
        values = {"eigenvalues": trajectory.eigenvalues[index]}
        plot_eigenvalues(values, radius, title=f"$s$ = {trajectory.s[index]:.2f}", ax=ax)
        ax.lines[0].set_markersize(2.5)
        # Nearer to the bulk a large point would cover it.
        outside = trajectory.eigenvalues[index]
        outside = outside[np.abs(outside) > radius + 0.05]
        ax.plot(outside.real, outside.imag, "o", color=OUTLIER, markersize=7, linestyle="")
        ax.set(xlim=(-0.45, 1.1), ylim=(-0.6, 0.6))
        ax.label_outer()
    return axes


def plot_clouds(runs, index=-1):
    """Draw the eigenvalues of W of several networks side by side, each with its initial bulk.

    Parameters
    ----------
    runs : dict of float to Trajectory
        Runs with eigenvalues recorded, by the radius sigma of their initial bulk; four fill the
        figure.
    index : int
        Which recorded time to draw.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    rows = int(np.ceil(len(runs) / 2))
    _, axes = plt.subplots(rows, 2, figsize=(6.4, 3.0 * rows), sharex=True, sharey=True)
    for ax, (sigma, run) in zip(axes.flat, runs.items(), strict=False):
        if run.eigenvalues is None:
            raise ValueError("A run has no eigenvalues; record them with eigenvalues=True.")
        values = run.eigenvalues[index]
        _draw_cloud(ax, values, sigma, rf"$\sigma$ = {sigma:g}", values == run.outlier[index])
        ax.set(xlim=(-0.75, 1.1), ylim=(-0.75, 0.75))
        ax.label_outer()
    return axes


def plot_bulks(spectra, radius):
    """Draw spectra with the same bulk side by side, and what lies outside it in another colour.

    Parameters
    ----------
    spectra : dict of str to ndarray of complex
        Eigenvalues by the title of their panel.
    radius : float
        Radius of the bulk. The edge of a finite one is rough: outside means a sixth beyond it.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    _, axes = plt.subplots(1, len(spectra), figsize=(6.4, 3.2), sharex=True, sharey=True)
    for ax, (title, values) in zip(np.atleast_1d(axes), spectra.items(), strict=True):
        _draw_cloud(ax, values, radius, title, np.abs(values) > 7 / 6 * radius)
        ax.set(xlim=(-0.75, 1.1), ylim=(-0.75, 0.75))
        ax.label_outer()
    return axes


def _draw_cloud(ax, values, radius, title, outside):
    """Draw eigenvalues in the colour of the bulk, and those outside larger, in that of outliers."""
    plot_eigenvalues({"eigenvalues": values}, radius, title=title, ax=ax)
    ax.lines[0].set(markersize=2.5, color=BULK)
    ax.plot(values[outside].real, values[outside].imag, "o", color=OUTLIER, markersize=7)


def plot_tree(depth, labels=False):
    """Draw the network `fock(depth, sigma)`: a binary tree with the way activity takes along it.

    Parameters
    ----------
    depth : int
    labels : bool
        Write its number into each node.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 1.3 * depth + 0.8))
    where = {}
    for level in range(depth + 1):
        for k in range(2**level):
            where[2**level - 1 + k] = ((k + 0.5) / 2**level, -level)
    size = 13 if labels else 7
    first, second = dark_colors(2)
    kinds = {1: (first, "-"), 2: (second, "--")}
    for node in range(2**depth - 1):
        for child, (color, dash) in kinds.items():
            ends = where[node], where[2 * node + child]
            tail, head = ends if child == 1 else ends[::-1]
            ax.annotate(
                "",
                xy=head,
                xytext=tail,
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": color,
                    "linestyle": dash,
                    "linewidth": 1.6,
                    "shrinkA": 0.5 * size + 2,
                    "shrinkB": 0.5 * size + 2,
                },
            )
    for node, (x, y) in where.items():
        root = node == 0
        ax.plot(x, y, "o", color=THEORY if root else "white", markersize=size + 4, zorder=3)
        ax.plot(x, y, "o", markerfacecolor="none", color=THEORY, markersize=size + 4, zorder=3)
        if labels:
            color = "white" if root else THEORY
            ax.text(x, y, str(node), ha="center", va="center", color=color, fontsize=10, zorder=4)
    ax.plot([], [], "-", color=first, label=r"sends to its first child, $\ell_1$")
    ax.plot([], [], "--", color=second, label=r"receives from its second child, $\ell_2^\top$")
    ax.set(xlim=(0, 1), ylim=(-depth - 0.35, 0.35), yticks=range(-depth, 1), xticks=[])
    ax.set_yticklabels([str(depth - k) for k in range(depth + 1)])
    ax.set(ylabel="level", xlabel="nodes of a level, left to right")
    ax.grid(False)
    legend_above(ax, fontsize=10)
    return ax


def plot_families(x, families, xlabel, ylabel):
    """Draw families of thin curves, each in its colour and dash.

    Parameters
    ----------
    x : ndarray, shape (k,)
    families : dict of str to ndarray of shape (curves, k)
        Curves by the label of their family.
    xlabel, ylabel : str

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots()
    for color, dash, (label, curves) in zip(
        dark_colors(len(families))[::-1], ("--", "-", ":"), families.items(), strict=False
    ):
        ax.plot(x, curves.T, dash, color=color, linewidth=1.3)
        ax.plot([], [], dash, color=color, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(x[0], x[-1]))
    legend_above(ax)
    return ax


def plot_infinite_width(differences):
    """Draw by how much means over random networks differ from infinite width, one panel a case.

    Parameters
    ----------
    differences : dict of str to dict of int to (ndarray, ndarray, ndarray)
        Learning times, difference of the loss and its standard error, by the title of the panel
        and by number of neurons; four cases fill the figure.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    rows = int(np.ceil(len(differences) / 2))
    _, axes = plt.subplots(rows, 2, figsize=(6.4, 2.7 * rows + 0.4), sharex=True, sharey=True)
    for ax, (title, widths) in zip(axes.flat, differences.items(), strict=False):
        ax.axhline(0, color=THEORY, linestyle="--", linewidth=1.5, label="infinite width")
        for color, marker, (n, points) in zip(
            dark_colors(len(widths))[::-1], MARKERS, widths.items(), strict=False
        ):
            ax.errorbar(
                *points,
                fmt=marker,
                color=color,
                markersize=5,
                markerfacecolor="white",
                capsize=2,
                linewidth=1.3,
                label=f"$N$ = {n}",
            )
        ax.set_title(title, fontsize=12)
    for ax in axes[-1]:
        ax.set(xlabel=LEARNING_TIME)
    for ax in axes[:, 0]:
        ax.set(ylabel="(mean − tree) / $L(0)$")
    legend_above(axes)
    return axes
