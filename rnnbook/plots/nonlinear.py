"""Figures of the chapter "Nonlinear neurons"."""

from itertools import cycle

import matplotlib.pyplot as plt

from .general import series_colors
from .style import LEARNING_TIME, MARKERS, NETWORK, TARGET, THEORY, legend_above


def plot_neuron_learning(exact, others=None, measured=None, other_label="closure"):
    """Draw the recurrent weight and the share of the loss that is left, against learning time.

    Parameters
    ----------
    exact : dict of str to Trajectory
        Exact learning by label, in solid lines.
    others : dict of str to Trajectory, optional
        The same from another theory, by the same labels, in dashed lines.
    measured : dict of str to (ndarray, dict, dict), optional
        Learning times, weights and losses, by the same labels, as markers; weights and losses have
        "mean" and "std", the losses in shares of the first.
    other_label : str
        What the legend calls the other theory.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (2,)
    """
    _, axes = plt.subplots(2, 1, figsize=(6.4, 6.0), sharex=True)
    for color, marker, (label, run) in zip(
        series_colors(len(exact)), cycle(MARKERS), exact.items(), strict=False
    ):
        style = {"color": color, "linewidth": 1.6}
        axes[0].plot(run.s, run.outlier.real, label=label, **style)
        axes[1].plot(run.s, run.loss / run.loss[0], **style)
        if others:
            other = others[label]
            axes[0].plot(other.s, other.outlier.real, "--", **style)
            axes[1].plot(other.s, other.loss / other.loss[0], "--", **style)
        if measured and label in measured:
            s, *rows = measured[label]
            for ax, row in zip(axes, rows, strict=True):
                points = {"fmt": marker, "markersize": 5, "markerfacecolor": "white"}
                ax.errorbar(s, row["mean"], row["std"], color=color, capsize=3, **points)
    if others:
        axes[0].plot([], [], "--", color=THEORY, label=other_label)
    axes[0].set(ylabel="recurrent weight $w$")
    axes[1].set(ylabel="loss $L(s)/L(0)$", xlabel=LEARNING_TIME, ylim=(0, None))
    legend_above(axes[0])
    return axes


def plot_potentials(h, cases):
    """Draw potentials, and below them densities: exact, Gaussian, and a histogram of samples.

    Parameters
    ----------
    h : ndarray, shape (k,)
        Activities.
    cases : dict of str to (ndarray, ndarray, ndarray, ndarray)
        By label, the potential, the exact density and the Gaussian at `h`, and samples.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (2, number of cases)
    """
    count = len(cases)
    _, axes = plt.subplots(2, count, figsize=(6.4, 5.2), sharex=True, sharey="row", squeeze=False)
    for (top, below), (label, (potential, exact, gaussian, samples)) in zip(
        axes.T, cases.items(), strict=True
    ):
        top.plot(h, potential, color=NETWORK)
        top.set_title(label, fontsize=12)
        bins = {"bins": 50, "range": (h[0], h[-1]), "density": True}
        below.hist(samples, color=NETWORK, alpha=0.35, label="simulated", **bins)
        below.plot(h, exact, color=THEORY, linewidth=1.6, label="exact")
        below.plot(h, gaussian, "--", color=TARGET, linewidth=1.6, label="closure")
        below.set(xlabel="activity $h$")
    axes[0, 0].set(ylabel="potential")
    axes[1, 0].set(ylabel="density")
    legend_above(axes, handles=axes[1, 0].get_legend_handles_labels()[0])
    return axes
