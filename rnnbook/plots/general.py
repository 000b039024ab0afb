"""Figures that several parts of the book use."""

from itertools import cycle

import matplotlib.pyplot as plt

from .style import (
    DASHES,
    DECAY_RATE,
    LEARNING_TIME,
    MARKERS,
    MUTED,
    NETWORK,
    TARGET,
    THEORY,
    dark_colors,
    legend_above,
)

# The role of a curve, by the first word of its label.
BY_ROLE = {"theory": (THEORY, "--"), "target": (TARGET, "--")}


def series_colors(count):
    """Colours of networks: blue for one alone, and from dark to light for several."""
    return [NETWORK] if count == 1 else dark_colors(count)


def plot_lines(x, series, xlabel, ylabel, log=False, reference=None, reference_label=None):
    """Draw labelled curves on one axis, which differ in colour and in dash or marker.

    Parameters
    ----------
    x : ndarray, shape (k,)
    series : dict of str to ndarray of shape (k,)
        Curves by label; those named "theory..." are dashed black, "target..." dashed orange.
    xlabel, ylabel : str
    log : bool
        Use logarithmic axes.
    reference : float, optional
        Level drawn as a dotted line.
    reference_label : str, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots()
    roles = {label: BY_ROLE.get(label.split(" ")[0].rstrip(",")) for label in series}
    colors = iter(series_colors(sum(role is None for role in roles.values())))
    dashes, markers = cycle(DASHES), cycle(MARKERS)
    for label, values in series.items():
        if role := roles[label]:
            ax.plot(x, values, color=role[0], linestyle=role[1], label=label, zorder=3)
            continue
        style = {"color": next(colors), "label": label}
        if log:
            ax.plot(x, values, "-", marker=next(markers), markersize=6, **style)
        else:
            ax.plot(x, values, linestyle=next(dashes), **style)
    if reference is not None:
        ax.axhline(reference, color=MUTED, linestyle=":", label=reference_label)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)
    return ax


def plot_convergence(x, errors, xlabel, ylabel="relative error", reference=None):
    """Draw errors on a logarithmic axis.

    Parameters
    ----------
    x : ndarray, shape (k,)
    errors : dict of str to ndarray of shape (k,)
        Errors by label.
    xlabel, ylabel : str
    reference : float, optional
        Level drawn as a dotted line.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots()
    for color, marker, (label, error) in zip(
        series_colors(len(errors)), MARKERS, errors.items(), strict=False
    ):
        ax.semilogy(x, error, color=color, marker=marker, markersize=6, label=label)
    if reference is not None:
        ax.axhline(reference, color=MUTED, linestyle=":")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)
    return ax


def plot_theory_and_points(lines, points, xlabel, ylabel, log=False):
    """Draw theory as lines, and measured means over random networks as points with error bars.

    Parameters
    ----------
    lines : dict of str to (ndarray, ndarray)
        x and y of each curve, by label.
    points : dict of str to (ndarray, ndarray, ndarray or None)
        x, y and the error of y (None for no error bar) of each set of points, by label.
    xlabel, ylabel : str
    log : bool
        Use logarithmic axes.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 4.2))
    black = (THEORY, "#4D4D4D", MUTED)
    for color, dash, (label, (x, y)) in zip(
        cycle(black), cycle(("--", "-", ":")), lines.items(), strict=False
    ):
        ax.plot(x, y, color=color, linestyle=dash, linewidth=1.6, label=label)
    for color, marker, (label, (x, y, error)) in zip(
        series_colors(len(points)), cycle(MARKERS), points.items(), strict=False
    ):
        ax.errorbar(
            x,
            y,
            error,
            fmt=marker,
            color=color,
            markersize=6,
            markerfacecolor="white",
            capsize=3,
            linewidth=1.5,
            label=label,
        )
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)
    return ax


def _pair_styles(pairs):
    """Yield of each pair of theory and network the styles of line and points, and its item.

    A pair alone has the colours of the roles; of several each has its own, for both.
    """
    for color, marker, dash, item in zip(
        series_colors(len(pairs)), cycle(MARKERS), cycle(DASHES), pairs.items(), strict=False
    ):
        points = {"marker": marker, "markersize": 5, "markerfacecolor": "white", "linestyle": ""}
        line = {"color": color, "linestyle": dash, "linewidth": 1.5}
        if len(pairs) == 1:
            line |= {"color": THEORY, "linestyle": "--"}
        yield line, points | {"color": color}, item


def _label_pair(ax, line, points, label):
    """Name both in one entry of the legend."""
    marks = {name: points[name] for name in ("marker", "markersize", "markerfacecolor")}
    ax.plot([], [], label=label, markeredgecolor=points["color"], **line, **marks)


def plot_theory_and_data(pairs, xlabel, ylabel, log=True):
    """Lay measured points (markers) over curves of theory (lines).

    Parameters
    ----------
    pairs : dict of str to (ndarray, ndarray, ndarray, ndarray)
        By label, x and y of the theory, then x and y of what was measured.
    xlabel, ylabel : str
    log : bool
        Use logarithmic axes.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 4.2))
    for line, points, (label, (x, y, x_data, y_data)) in _pair_styles(pairs):
        ax.plot(x, y, **line)
        ax.plot(x_data, y_data, **points)
        _label_pair(ax, line, points, label)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)
    return ax


def plot_one_theory(x, y, data, xlabel, ylabel, label="theory"):
    """Draw one curve of theory and several sets of measured points, on logarithmic axes.

    Parameters
    ----------
    x, y : ndarray, shape (k,)
        The theory.
    data : dict of str to (ndarray, ndarray)
        Measured x and y by label.
    xlabel, ylabel : str
    label : str
        What the legend calls the theory.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 4.2))
    ax.loglog(x, y, "--", color=THEORY, label=label, zorder=3)
    for color, marker, (name, points) in zip(
        series_colors(len(data)), cycle(MARKERS), data.items(), strict=False
    ):
        style = {"markersize": 6, "markerfacecolor": "white", "linewidth": 0.8}
        ax.loglog(*points, marker=marker, linestyle=":", color=color, label=name, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax)
    return ax


def plot_trajectory(trajectory, axes=None, **style):
    """Draw the loss and the decay rate of the slowest mode against learning time.

    Parameters
    ----------
    trajectory : Trajectory
    axes : sequence of two matplotlib.axes.Axes, optional
        Draw into these, to lay one trajectory over another.
    **style
        Passed on to matplotlib's `plot`.

    Returns
    -------
    sequence of matplotlib.axes.Axes, length 2
    """
    if axes is None:
        _, axes = plt.subplots(2, 1, figsize=(6.4, 5.4), sharex=True)
        axes[0].set(ylabel="loss $L$")
        axes[1].set(ylabel=DECAY_RATE, xlabel=LEARNING_TIME)
    axes[0].plot(trajectory.s, trajectory.loss, **style)
    axes[1].plot(trajectory.s, trajectory.decay_rate, **style)
    return axes


def plot_theory_and_networks(pairs, normalise=False):
    """Lay trained networks (markers) over theory (lines), in loss and in decay rate.

    Of long runs every third, fifth, ... record gets a marker: an odd stride shows both points of a
    cycle of two.

    Parameters
    ----------
    pairs : dict of str to (Trajectory, Trajectory)
        Theory and network by label.
    normalise : bool
        Divide each loss by its initial value.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (2,)
    """
    _, axes = plt.subplots(2, 1, figsize=(6.4, 6.0), sharex=True)
    for line, points, (label, (theory, network)) in _pair_styles(pairs):
        stride = (network.s.size // 40) | 1
        for trajectory, style in ((theory, line), (network, points | {"markevery": stride})):
            scale = trajectory.loss[0] if normalise else 1.0
            axes[0].plot(trajectory.s, trajectory.loss / scale, **style)
            axes[1].plot(trajectory.s, trajectory.decay_rate, **style)
        _label_pair(axes[0], line, points, label)
    axes[0].set(ylabel="loss $L(s)/L(0)$" if normalise else "loss $L$")
    axes[1].set(ylabel=DECAY_RATE, xlabel=LEARNING_TIME, ylim=(0, None))
    legend_above(axes[0])
    return axes
