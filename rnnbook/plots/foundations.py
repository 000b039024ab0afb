"""Figures of the part "Foundations"."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

from .style import MUTED, NETWORK, SERIES, TARGET, THEORY, TIME, ordered_colors


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
    colors = (color for color in cycle(SERIES) if target is None or color != TARGET)
    for color, (label, response) in zip(colors, responses.items(), strict=False):
        ax.plot(t, response, color=color, label=label)
    if target is not None:
        ax.plot(t, target, color=TARGET, dashes=(4, 3), label=r"target $f^*(t)$")
    ax.set(xlabel=TIME, ylabel="impulse response $f(t)$", xlim=(t[0], t[-1]))
    ax.legend(frameon=True, loc="center right")
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
        ax.plot(*path[0], "o", color=NETWORK, markerfacecolor="white")
        ax.plot(*path[-1], "o", color=NETWORK)
    values, vectors = np.linalg.eig(A)
    slow = np.real(vectors[:, np.argmax(values.real)])
    ax.axline((0, 0), slow, color=TARGET, linestyle="--", label="slow direction")
    ax.set(
        xlabel="activity of neuron 1",
        ylabel="activity of neuron 2",
        xlim=(-2, 2),
        ylim=(-2, 2),
        aspect="equal",
    )
    ax.legend(loc="lower left", frameon=True)
    return ax


def plot_eigenvalues(eigenvalues, radius=None, title=None, ax=None):
    """Draw eigenvalues of W in the complex plane, with the line Re = 1 where stability ends.

    Parameters
    ----------
    eigenvalues : dict of str to ndarray of complex
        Sets of eigenvalues by label.
    radius : float, optional
        Radius of the bulk, drawn as a circle.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 4.8))
    for marker, (label, values) in zip("oXs^Dv", eigenvalues.items(), strict=False):
        ax.plot(
            values.real, values.imag, marker, markersize=6, alpha=0.75, linestyle="", label=label
        )
    if radius is not None:
        angle = np.linspace(0, 2 * np.pi, 200)
        ax.plot(radius * np.cos(angle), radius * np.sin(angle), color=MUTED, linewidth=1.2)
    ax.axvline(1, color=TARGET, linestyle="--", linewidth=1.5)
    ax.set(
        xlabel=r"Re $\lambda$",
        ylabel=r"Im $\lambda$",
        xlim=(-1.2, 1.2),
        ylim=(-1.2, 1.2),
        aspect="equal",
        title=title,
    )
    if len(eigenvalues) > 1:
        ax.legend(loc="lower left")
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
    axes[0].legend()
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
    ax.axhline(exact, color=THEORY, label="exact loss")
    ax.errorbar(
        trials, estimates, errors, fmt="o", color=NETWORK, capsize=4, label="mean ± standard error"
    )
    ax.set(xscale="log", xlabel="number of trials", ylabel="loss $L$")
    ax.legend()
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
    ax.plot(*samples.T, ".", color=NETWORK, markersize=3, alpha=0.5)
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    for size, style in ((1, "-"), (2, "--")):
        ax.plot(*(size * root @ circle), style, color=THEORY, label=f"{size} std, from $P$")
    ax.set(xlabel="activity of neuron 1", ylabel="activity of neuron 2", aspect="equal")
    ax.legend(loc="upper left", frameon=True)
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
