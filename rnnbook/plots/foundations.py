"""Figures of the part "Foundations"."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

from .style import (
    ATTRACT,
    BULK,
    DASHES,
    MUTED,
    NETWORK,
    OUTLIER,
    REPEL,
    TARGET,
    THEORY,
    TIME,
    dark_colors,
    legend_above,
    ordered_colors,
)


def plot_impulse_responses(t, responses, target=None):
    """Draw impulse responses, and a target dashed.

    Parameters
    ----------
    t : ndarray, shape (k,)
    responses : dict of str to ndarray of shape (k,)
        Curves by label.
    target : ndarray, shape (k,), optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots()
    colors = [NETWORK] if len(responses) == 1 else dark_colors(len(responses))
    for color, dash, (label, response) in zip(
        colors, cycle(DASHES), responses.items(), strict=False
    ):
        ax.plot(t, response, color=color, linestyle=dash, label=label)
    if target is not None:
        ax.plot(t, target, "--", color=TARGET, label=r"target $f^*(t)$")
    ax.set(xlabel=TIME, ylabel="impulse response $f(t)$", xlim=(t[0], t[-1]))
    legend_above(ax)
    return ax


def plot_noise_response(t, response, x, y):
    """Draw a network's impulse response above its input and output on one sample of noise.

    Parameters
    ----------
    t : ndarray, shape (k,)
    response : ndarray, shape (k,)
        Impulse response.
    x, y : ndarray, shape (k,)
        Input and output at the times `t`.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (3,)
    """
    _, axes = plt.subplots(3, 1, figsize=(6.4, 6.4), sharex=True)
    axes[0].plot(t, response, color=NETWORK)
    axes[0].set(ylabel="impulse\nresponse $f(t)$")
    axes[1].plot(t, x, color=MUTED, linewidth=0.8)
    axes[1].set(ylabel="input $x(t)$")
    axes[2].plot(t, y, color=NETWORK, linewidth=1.6)
    axes[2].set(ylabel="output $y(t)$", xlabel=TIME, xlim=(t[0], t[-1]))
    return axes


def plot_state_space(rnn, starts, duration):
    """Draw the autonomous dynamics of a network of two neurons: its flow, and where starts lead.

    Parameters
    ----------
    rnn : LinearRNN
        With n = 2.
    starts : array_like, shape (k, 2)
        Initial activities.
    duration : float
        How long to follow them, in membrane time constants.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from scipy.linalg import expm

    if rnn.n != 2:
        raise ValueError(f"rnn must have two neurons to be drawn in a plane; it has {rnn.n}.")
    A = rnn.W - np.eye(2)
    _, ax = plt.subplots(figsize=(5.2, 4.8))
    grid = np.linspace(-2, 2, 21)
    points = np.stack(np.meshgrid(grid, grid))
    slope = np.einsum("ij,jkl->ikl", A, points)
    ax.streamplot(grid, grid, *slope, color="#BDBDBD", density=0.8, linewidth=0.8, arrowsize=0.9)
    propagators = expm(np.linspace(0, duration, 200)[:, None, None] * A)
    for start in np.asarray(starts, dtype=float):
        path = propagators @ start
        ax.plot(*path.T, color=NETWORK)
        (first,) = ax.plot(*path[0], "o", color=NETWORK, markerfacecolor="white")
        (last,) = ax.plot(*path[-1], "o", color=NETWORK)
    first.set_label("start")
    last.set_label(f"after {duration:g} time constants")
    values, vectors = np.linalg.eig(A)
    slow = np.real(vectors[:, np.argmax(values.real)])
    ax.axline((0, 0), slow, color=THEORY, linestyle="--", linewidth=1.5, label="slow direction")
    ax.set(
        xlabel="activity of neuron 1",
        ylabel="activity of neuron 2",
        xlim=(-2, 2),
        ylim=(-2, 2),
        aspect="equal",
    )
    legend_above(ax)
    return ax


def plot_eigenvalues(eigenvalues, radius=None, title=None, ax=None):
    """Draw eigenvalues of W in the complex plane, with the line Re = 1 where stability ends.

    Parameters
    ----------
    eigenvalues : dict of str to ndarray of complex
        Sets of eigenvalues by label; the first has the colour of the bulk, the second that of
        the outlier.
    radius : float, optional
        Radius of the bulk, drawn as a circle.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    alone = ax is None
    if alone:
        _, ax = plt.subplots(figsize=(5.2, 5.2))
    for color, marker, (label, values) in zip(
        (BULK, OUTLIER, ATTRACT, REPEL), "oXs^", eigenvalues.items(), strict=False
    ):
        style = {"color": color, "markersize": 6, "alpha": 0.75, "linestyle": "", "label": label}
        ax.plot(values.real, values.imag, marker, **style)
    if radius is not None:
        angle = np.linspace(0, 2 * np.pi, 200)
        circle = radius * np.cos(angle), radius * np.sin(angle)
        ax.plot(*circle, color=THEORY, linewidth=1.2, label=f"circle of radius {radius:g}")
    ax.axvline(1, color=MUTED, linestyle="--", linewidth=1.5, label="edge of stability")
    ax.set(
        xlabel=r"Re $\lambda$",
        ylabel=r"Im $\lambda$",
        xlim=(-1.2, 1.2),
        ylim=(-1.2, 1.2),
        aspect="equal",
        title=title,
    )
    if alone:
        legend_above(ax)
    return ax


def plot_error_area(t, response, target):
    """Draw a response and its target, and below the squared error whose area is twice the loss.

    Parameters
    ----------
    t, response, target : ndarray, shape (k,)

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (2,)
    """
    _, axes = plt.subplots(2, 1, figsize=(6.4, 5.2), sharex=True)
    error = (response - target) ** 2
    axes[0].plot(t, response, color=NETWORK, label="network $f(t)$")
    axes[0].plot(t, target, "--", color=TARGET, label=r"target $f^*(t)$")
    axes[0].set(ylabel="impulse response")
    legend_above(axes[0])
    axes[1].fill_between(t, error, color=MUTED, alpha=0.35)
    axes[1].plot(t, error, color="#4D4D4D", linewidth=1.5)
    area = np.trapezoid(error, t)
    axes[1].set(xlabel=TIME, ylabel=r"$(f - f^*)^2$", xlim=(t[0], t[-1]))
    text = f"area = {area:.3f}, so $L$ = {0.5 * area:.3f}"
    axes[1].text(0.97, 0.9, text, transform=axes[1].transAxes, ha="right", va="top")
    return axes


def plot_monte_carlo(trials, estimates, errors, exact):
    """Draw Monte Carlo estimates of the loss with their standard errors against the exact value.

    Parameters
    ----------
    trials : ndarray, shape (k,)
        Number of trials behind each estimate.
    estimates, errors : ndarray, shape (k,)
        Means over the trials and their standard errors.
    exact : float

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots()
    ax.axhline(exact, color=THEORY, linestyle="--", label="exact loss")
    ax.errorbar(
        trials, estimates, errors, fmt="o", color=NETWORK, capsize=4, label="mean ± standard error"
    )
    ax.set(xscale="log", xlabel="number of trials", ylabel="loss $L$")
    legend_above(ax)
    return ax


def plot_covariance(samples, covariance):
    """Draw the activities of two neurons as a cloud, and the ellipses that a covariance predicts.

    Parameters
    ----------
    samples : ndarray, shape (k, 2)
    covariance : ndarray, shape (2, 2)
        Its ellipses at one and two standard deviations are drawn.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(5.2, 4.8))
    ax.plot(*samples.T, ".", color=NETWORK, markersize=3, alpha=0.5, label="one trial")
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    for size, style in ((1, "--"), (2, ":")):
        ax.plot(*(size * root @ circle), style, color=THEORY, label=f"{size} std, from $P$")
    ax.set(xlabel="activity of neuron 1", ylabel="activity of neuron 2", aspect="equal")
    legend_above(ax)
    return ax


def plot_states(t, states, ylabel):
    """Draw the activity of a few neurons against time, one panel a quantity.

    Parameters
    ----------
    t : ndarray, shape (k,)
    states : sequence of ndarray of shape (k, n)
        What each panel shows, one line a neuron.
    ylabel : sequence of str

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    _, axes = plt.subplots(
        len(states), 1, figsize=(6.4, 2.5 * len(states)), sharex=True, squeeze=False
    )
    for ax, panel, label in zip(axes[:, 0], states, ylabel, strict=True):
        for line, color in zip(panel.T, ordered_colors(panel.shape[1]), strict=True):
            ax.plot(t, line, color=color, linewidth=1.6)
        ax.set(ylabel=label, xlim=(t[0], t[-1]))
    axes[-1, 0].set(xlabel=TIME)
    return axes[:, 0]


def plot_two_chains(links):
    """Draw what the input and the output see of a large random network: two chains.

    Parameters
    ----------
    links : int
        How many vectors of each chain to draw, at least 2.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 3.2))
    input_color, output_color = dark_colors(2)
    chains = {"u": (1.0, input_color, "$x(t)$"), "v": (0.0, output_color, "$e(t)$")}
    arrow = {"arrowstyle": "-|>", "linewidth": 1.8, "shrinkA": 17, "shrinkB": 17}
    for name, (y, color, drive) in chains.items():
        # The arrow starts at the edge of its text, so nothing is to be left out there.
        style = arrow | {"color": MUTED, "shrinkA": 0}
        ax.annotate(drive, (0, y), (-1, y), ha="center", va="center", arrowprops=style)
        for k in range(links):
            ax.plot(k, y, "o", markersize=32, color=color, markerfacecolor="white")
            ax.text(k, y, f"${name}_{k}$", ha="center", va="center")
            ax.annotate("", (k + 1, y), (k, y), arrowprops=arrow | {"color": color})
            ax.text(k + 0.5, y + 0.09, r"$\sigma$", ha="center", va="bottom")
        ax.text(links, y, r"$\cdots$", ha="center", va="center")
    for k in range(links):
        for j in range(links):
            style = {"linewidth": 1.2 if j == k else 0.6, "linestyle": ":", "zorder": 0}
            ax.plot([k, j], [0.16, 0.84], color=MUTED, **style)
    ax.text(-1, 0.5, "overlaps\n$V U^\\top$", ha="center", va="center", color=MUTED)
    ax.set(xlim=(-1.5, links + 0.3), ylim=(-0.25, 1.3))
    ax.axis("off")
    return ax
