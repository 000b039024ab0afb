"""The book's figures, one function a figure; each returns its axes and does not show them.

Colours are those of Okabe and Ito, which readers with any colour vision can tell apart; lines that
mean different things differ in dash or marker too. Sizes are chosen for a phone: a figure is never
wider than 6.4 inches, and its text is large for that width.
"""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.colors import SymLogNorm

NETWORK = "#0072B2"
TARGET = "#D55E00"
THEORY = "#000000"
GOOD = "#009E73"
MUTED = "#7F7F7F"
SERIES = (NETWORK, TARGET, GOOD, "#CC79A7", "#E69F00", "#56B4E9")
_DASHES = ("-", "-.", (0, (6, 1)), ":", (0, (4, 1, 1, 1, 1, 1)))
_MARKERS = "os^Dvx"

_TIME = "time $t$ (membrane time constants)"
_LEARNING_TIME = "learning time $s$"
_DECAY_RATE = "decay rate $c$"


def use_book_style():
    """Set matplotlib's defaults to the book's: call it once, at the top of a notebook."""
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 3.8),
            "figure.constrained_layout.use": True,
            "font.size": 13,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#E5E5E5",
            "axes.prop_cycle": cycler(color=SERIES),
            "lines.linewidth": 2.2,
            "legend.frameon": False,
            "legend.fontsize": 11,
            "svg.fonttype": "path",
            "svg.hashsalt": "rnnbook",  # the same figure gives the same file
        }
    )
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside Jupyter
        return
    set_matplotlib_formats("svg")


def ordered_colors(count):
    """Return `count` colours from dark to light, for curves that have an order."""
    return [plt.cm.viridis(x) for x in np.linspace(0.0, 0.85, count)]


def _dark_colors(count):
    """As `ordered_colors`, but with contrast enough for thin lines and open markers."""
    return [plt.cm.viridis(x) for x in np.linspace(0.0, 0.55, count)]


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
    for label, response in responses.items():
        ax.plot(t, response, label=label)
    if target is not None:
        ax.plot(t, target, "--", color=TARGET, label=r"target $f^*(t)$")
    ax.set(xlabel=_TIME, ylabel="impulse response $f(t)$", xlim=(t[0], t[-1]))
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
    axes[2].set(ylabel="output $y(t)$", xlabel=_TIME, xlim=(t[0], t[-1]))
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
    axes[1].set(xlabel=_TIME, ylabel=r"$(f - f^*)^2$", xlim=(t[0], t[-1]))
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
    for marker, (label, error) in zip(_MARKERS, errors.items(), strict=False):
        ax.semilogy(x, error, marker=marker, markersize=6, label=label)
    if reference is not None:
        ax.axhline(reference, color=MUTED, linestyle=":")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
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
    axes[-1, 0].set(xlabel=_TIME)
    return axes[:, 0]


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
        axes[1].set(ylabel=_DECAY_RATE, xlabel=_LEARNING_TIME)
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
    for color, marker, dash, (label, (theory, network)) in zip(
        _dark_colors(len(pairs)), cycle(_MARKERS), cycle(_DASHES), pairs.items(), strict=False
    ):
        drawn = {"color": color, "markersize": 5, "markerfacecolor": "white", "linewidth": 1.5}
        stride = (network.s.size // 40) | 1
        for trajectory, style in (
            (theory, {"linestyle": dash}),
            (network, {"marker": marker, "linestyle": "", "markevery": stride}),
        ):
            scale = trajectory.loss[0] if normalise else 1.0
            axes[0].plot(trajectory.s, trajectory.loss / scale, **drawn, **style)
            axes[1].plot(trajectory.s, trajectory.decay_rate, **drawn, **style)
        axes[0].plot([], [], linestyle=dash, marker=marker, label=label, **drawn)
    axes[0].set(ylabel="loss $L(s)/L(0)$" if normalise else "loss $L$")
    axes[1].set(ylabel=_DECAY_RATE, xlabel=_LEARNING_TIME, ylim=(0, None))
    axes[0].legend()
    return axes


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
    ax.plot([], [], "--", color=GOOD, label="$da/ds = 0$")
    ax.plot([], [], ":", color=TARGET, linewidth=2.5, label="$dc/ds = 0$")
    ax.set(xlabel=_DECAY_RATE, ylabel="amplitude $a$")
    ax.legend(loc="center right", frameon=True)
    if zoom is not None:
        inset = ax.inset_axes([0.13, 0.07, 0.36, 0.36])
        _draw_portrait(inset, flow, trajectories, zoom[1], zoom[0], parameters)
        inset.tick_params(labelsize=9)
        ax.indicate_inset_zoom(inset, edgecolor="black")
    return ax


def _draw_portrait(ax, flow, trajectories, a_range, c_range, parameters):
    """Draw nullclines, paths and resting point over a part of the plane."""
    c, a = np.meshgrid(np.linspace(*c_range, 120), np.linspace(*a_range, 120))
    da, dc = flow.rhs(np.stack([a, c]), **parameters)
    ax.contour(c, a, da, levels=[0], colors=[GOOD], linestyles="--", linewidths=2)
    ax.contour(c, a, dc, levels=[0], colors=[TARGET], linestyles=":", linewidths=2.5)
    for trajectory in trajectories:
        path = trajectory.variables["c"], trajectory.variables["a"]
        ax.plot(*path, color=NETWORK)
        ax.plot(path[0][0], path[1][0], "o", color=NETWORK, markerfacecolor="white")
    target = r"target $(c^*, 1)$"
    ax.plot(parameters["c_star"], 1, "*", color=THEORY, markersize=14, linestyle="", label=target)
    ax.set(xlim=c_range, ylim=a_range)


def plot_spectra(trajectory, indices, radius):
    """Draw the eigenvalues of W at several learning times, side by side.

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
        outlier = trajectory.outlier[index]
        ax.plot(outlier.real, outlier.imag, "o", color=TARGET, markersize=7)
        ax.set(xlim=(-0.45, 1.1), ylim=(-0.6, 0.6))
        ax.label_outer()
    return axes


def plot_lines(x, series, xlabel, ylabel, log=False, reference=None, reference_label=None):
    """Draw labelled curves on one axis, which differ in colour and in dash or marker.

    Parameters
    ----------
    x : ndarray, shape (k,)
    series : dict of str to ndarray of shape (k,)
        Curves by label; those named "theory..." are dashed black.
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
    dashes, markers = cycle(_DASHES), cycle(_MARKERS)
    for label, values in series.items():
        if label.startswith("theory"):
            ax.plot(x, values, "--", color=THEORY, label=label, zorder=3)
        elif log:
            ax.plot(x, values, "-", marker=next(markers), markersize=6, label=label)
        else:
            ax.plot(x, values, linestyle=next(dashes), label=label)
    if reference is not None:
        ax.axhline(reference, color=MUTED, linestyle=":", label=reference_label)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


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
    for color, marker, dash, (label, (x, y, x_data, y_data)) in zip(
        _dark_colors(len(pairs)), cycle(_MARKERS), cycle(_DASHES), pairs.items(), strict=False
    ):
        drawn = {"color": color, "markersize": 6, "markerfacecolor": "white", "linewidth": 1.5}
        ax.plot(x, y, linestyle=dash, **drawn)
        ax.plot(x_data, y_data, marker=marker, linestyle="", **drawn)
        ax.plot([], [], linestyle=dash, marker=marker, label=label, **drawn)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
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
    ax.loglog(x, y, color=THEORY, label=label, zorder=1)
    for color, marker, (name, points) in zip(
        _dark_colors(len(data)), cycle(_MARKERS), data.items(), strict=False
    ):
        style = {"markersize": 6, "markerfacecolor": "white", "linewidth": 0.8}
        ax.loglog(*points, marker=marker, linestyle=":", color=color, label=name, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


def plot_phase_diagram(sigma, c_star, moved, outlier):
    """Draw trained networks over the plane of initial spectral radius and target decay rate.

    The background is the learning exponent of the reservoir, with the line 1 - c* = sigma, on which
    it is 1.

    Parameters
    ----------
    sigma, c_star : ndarray, shape (k,)
        One entry a network.
    moved : ndarray, shape (k,)
        How far W moved; the area of a marker.
    outlier : ndarray of bool, shape (k,)
        Whether an eigenvalue has left the bulk; filled markers.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from .lazy import learning_exponent

    _, ax = plt.subplots(figsize=(6.4, 5.0))
    x, y = np.linspace(0.02, 0.98, 97), np.linspace(0.02, 0.98, 97)
    beta = [[learning_exponent(radius, rate) for radius in x] for rate in y]
    levels = [0, 0.25, 0.5, 1, 2, 1000]
    greys = [str(shade) for shade in np.linspace(0.72, 1, 5)]
    ax.contourf(x, y, beta, levels=levels, colors=greys)
    lines = ax.contour(x, y, beta, levels=[0.25, 0.5, 2], colors="#6A6A6A", linewidths=0.8)
    ax.clabel(lines, fmt=r"$\beta$ = %g", fontsize=9)
    ax.plot([0, 1], [1, 0], color=THEORY, label=r"$1 - c^* = \sigma$, $\beta = 1$")
    for chosen, face, label in ((outlier, TARGET, "outlier"), (~outlier, "white", "no outlier")):
        size = 30 + 500 * moved[chosen]
        style = {"edgecolor": TARGET, "linewidth": 1.8, "zorder": 3}
        ax.scatter(sigma[chosen], c_star[chosen], size, facecolor=face, label=label, **style)
    ax.set(
        xlabel=r"initial spectral radius $\sigma$",
        ylabel="decay rate $c^*$ of the target",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    legend = ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=3, columnspacing=1)
    for handle in legend.legend_handles[1:]:
        handle.set_sizes([60])
    return ax


def plot_exponents(sigma, exponents=(0.25, 0.5, 1, 1.5, 2), targets=None):
    """Draw where in the plane of eigenvalues of W a reservoir's learning exponent has given values.

    The curves are circles, and the one for exponent 1 is the edge of the bulk.

    Parameters
    ----------
    sigma : float
        Spectral radius of W, between 0 and 1.
    exponents : sequence of float
    targets : dict of str to complex, optional
        Places 1 - c* + i omega* of targets, by label.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from .lazy import laguerre_spectrum

    eigenvalues, alpha = laguerre_spectrum(sigma, 2)
    _, ax = plt.subplots(figsize=(6.4, 5.0))
    angle = np.linspace(0, 2 * np.pi, 400)
    ax.fill(sigma * np.cos(angle), sigma * np.sin(angle), color="#E5E5E5", zorder=0)
    for color, dash, exponent in zip(
        _dark_colors(len(exponents)), cycle((":", "-.", "-", "--")), exponents, strict=False
    ):
        # |(z - alpha/2) / (z + alpha/2)|^2 = r^beta is a circle in z = 1 - lambda.
        level = (eigenvalues[1] / eigenvalues[0]) ** exponent
        centre = 1 - alpha / 2 * (1 + level) / (1 - level)
        radius = alpha * np.sqrt(level) / (1 - level)
        x, y = centre + radius * np.cos(angle), radius * np.sin(angle)
        style = {"linestyle": dash, "linewidth": 3.5 if exponent == 1 else 1.8}
        ax.plot(x, y, color=color, label=rf"$\beta$ = {exponent:g}", **style)
    ax.plot(1 - alpha / 2, 0, "+", color=THEORY, markersize=10, label=r"$\beta = \infty$")
    ax.axvline(1, color=TARGET, linestyle="--", linewidth=1.5)
    for marker, (label, place) in zip("os^Dv", (targets or {}).items(), strict=False):
        ax.plot(place.real, place.imag, marker, color=TARGET, linestyle="", label=label)
    ax.set(
        xlabel=r"Re $\lambda$",
        ylabel=r"Im $\lambda$",
        xlim=(-1.9, 1.1),
        ylim=(-1.15, 1.15),
        aspect="equal",
    )
    ax.legend(loc="center left", frameon=True)
    return ax


def plot_descent(flow, descents, a_range=(0.5, 1.5), c_range=(0.02, 0.3), ax=None, **parameters):
    """Draw iterates of gradient descent on contours of the loss, in the plane of c and a.

    Parameters
    ----------
    flow : ReducedFlow
        In the variables a and c.
    descents : dict of str to Trajectory
        Iterates by label.
    a_range, c_range : (float, float)
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
    for marker, (label, path) in zip(_MARKERS, descents.items(), strict=False):
        ax.plot(
            path.variables["c"],
            path.variables["a"],
            marker=marker,
            markersize=5,
            linewidth=1.2,
            label=label,
        )
    ax.plot(parameters["c_star"], 1, "*", color=THEORY, markersize=15)
    ax.set(xlabel=_DECAY_RATE, ylabel="amplitude $a$", xlim=c_range, ylim=a_range)
    ax.legend(loc="upper right", frameon=True)
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
    ax.axvline(1, color=TARGET, linestyle="--", linewidth=1.5)
    ax.set(
        xlabel=r"learning rate $\eta / \eta_{\max}$",
        ylabel="late decay rates $c/c^*$",
        xlim=(shares[0], shares[-1]),
    )
    return ax


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
        _dark_colors(len(pairs)), cycle(_MARKERS), cycle(_DASHES), pairs.items(), strict=False
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
    axes[2].set(ylabel=r"Im $\lambda$", xlabel=_LEARNING_TIME)
    axes[0].legend()
    return axes


def plot_eigenvalue_paths(theory, networks, marks=None):
    """Draw how eigenvalues move in the complex plane.

    Parameters
    ----------
    theory : ndarray of complex, shape (k, 2)
        The two eigenvalues of a reduced model along its path.
    networks : ndarray of complex, shape (m, 2)
        Those of a network.
    marks : dict of str to complex, optional
        Points to mark by name.

    Returns
    -------
    matplotlib.axes.Axes
    """
    _, ax = plt.subplots(figsize=(6.4, 4.8))
    ax.plot(theory.real, theory.imag, color=THEORY, linewidth=1.8)
    ax.plot([], [], color=THEORY, label="theory")
    ax.plot(
        networks.real.ravel(),
        networks.imag.ravel(),
        "o",
        color=NETWORK,
        markerfacecolor="white",
        label="network",
    )
    for style, (label, point) in zip("*XDP", (marks or {}).items(), strict=False):
        ax.plot(
            [point.real] * 2,
            [point.imag, -point.imag],
            style,
            color=TARGET,
            markersize=11,
            linestyle="",
            label=label,
            zorder=3,
        )
    ax.set(xlabel=r"Re $\lambda$", ylabel=r"Im $\lambda$", aspect="equal")
    ax.legend(loc="center right")
    return ax


def plot_largest_eigenvalues(runs):
    """Draw the two eigenvalues of W of largest modulus against learning time, one panel a run.

    Parameters
    ----------
    runs : dict of str to Trajectory
        With eigenvalues recorded, by title.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    _, axes = plt.subplots(len(runs), 1, figsize=(6.4, 2.8 * len(runs)), squeeze=False)
    for ax, (title, run) in zip(axes[:, 0], runs.items(), strict=True):
        if run.eigenvalues is None:
            raise ValueError("runs must have eigenvalues; record them with eigenvalues=True.")
        order = np.argsort(-np.abs(run.eigenvalues), axis=1, kind="stable")[:, :2]
        # Back in the order of a Trajectory, rightmost first.
        first, second = np.take_along_axis(run.eigenvalues, np.sort(order, axis=1), axis=1).T
        ax.plot(run.s, first.real, "-", color=NETWORK, label=r"Re $\lambda_1$")
        ax.plot(run.s, second.real, "--", color=GOOD, label=r"Re $\lambda_2$")
        ax.plot(run.s, np.abs(first.imag), ":", color=TARGET, label=r"|Im $\lambda_1$|")
        ax.set_title(title, fontsize=12)
        ax.set(ylabel=r"eigenvalues of $W$", xlim=(run.s[0], run.s[-1]))
    axes[0, 0].legend(loc="upper left")
    axes[-1, 0].set(xlabel=_LEARNING_TIME)
    return axes[:, 0]


def plot_growth_map(x, y, rates, xlabel, ylabel, regions):
    """Draw a rate that takes both signs over a plane: one colour a sign, darker for faster.

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
    mesh = ax.pcolormesh(x, y, rates, cmap="PuOr_r", norm=norm, shading="gouraud", rasterized=True)
    levels = [1e-3, 1e-2, 1e-1, 1.0]
    lines = ax.contour(
        x, y, rates, levels=[-v for v in levels[::-1]] + levels, colors="k", linewidths=0.7
    )
    ax.clabel(lines, fontsize=9, fmt="%g")
    for text, place in regions.items():
        ax.text(
            *place,
            text,
            ha="center",
            va="center",
            fontsize=11,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 3},
        )
    figure.colorbar(mesh, label="growth rate of the coupling, signed")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(False)
    return ax


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
        plot_eigenvalues(
            {"eigenvalues": run.eigenvalues[index]}, sigma, title=rf"$\sigma$ = {sigma:g}", ax=ax
        )
        ax.lines[0].set_markersize(2.5)
        outlier = run.outlier[index]
        ax.plot(outlier.real, outlier.imag, "o", color=TARGET, markersize=7)
        ax.set(xlim=(-0.75, 1.1), ylim=(-0.75, 0.75))
        ax.label_outer()
    return axes


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
        cycle(black), cycle(("-", "--", ":")), lines.items(), strict=False
    ):
        ax.plot(x, y, color=color, linestyle=dash, linewidth=1.6, label=label)
    for color, marker, (label, (x, y, error)) in zip(
        cycle(SERIES), cycle(_MARKERS), points.items(), strict=False
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
    ax.legend()
    return ax


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
    kinds = {1: (NETWORK, "-"), 2: (TARGET, "--")}
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
    ax.plot([], [], "-", color=NETWORK, label=r"sends to its first child, $\ell_1$")
    ax.plot([], [], "--", color=TARGET, label=r"receives from its second child, $\ell_2^\top$")
    ax.set(xlim=(0, 1), ylim=(-depth - 0.35, 0.9), yticks=range(-depth, 1), xticks=[])
    ax.set_yticklabels([str(depth - k) for k in range(depth + 1)])
    ax.set(ylabel="level", xlabel="nodes of a level, left to right")
    ax.grid(False)
    ax.legend(loc="upper center", ncols=2, fontsize=10)
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
        (TARGET, NETWORK, GOOD), ("--", "-", ":"), families.items(), strict=False
    ):
        ax.plot(x, curves.T, dash, color=color, linewidth=1.3)
        ax.plot([], [], dash, color=color, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(x[0], x[-1]))
    ax.legend()
    return ax


def plot_infinite_width(lines, points, show):
    """Draw learning curves of infinite width over means of random networks, one panel a case.

    Parameters
    ----------
    lines : dict of str to (ndarray, ndarray)
        Learning times and loss at infinite width, by the title of the panel; four fill the figure.
    points : dict of str to dict of int to (ndarray, ndarray, ndarray)
        Learning times, mean loss and its standard error, by title and by number of neurons.
    show : sequence of int
        Numbers of neurons to draw.

    Returns
    -------
    ndarray of matplotlib.axes.Axes
    """
    rows = int(np.ceil(len(lines) / 2))
    _, axes = plt.subplots(rows, 2, figsize=(6.4, 2.9 * rows), sharex=True)
    for ax, (title, (s, loss)) in zip(axes.flat, lines.items(), strict=False):
        ax.plot(s, loss, color=THEORY, linewidth=1.5, label="infinite width")
        for n, color, marker in zip(show, SERIES, _MARKERS, strict=False):
            ax.errorbar(
                *points[title][n],
                fmt=marker,
                color=color,
                markersize=5,
                markerfacecolor="none",
                markeredgewidth=1.3,
                capsize=2,
                linewidth=1.3,
                label=f"$N$ = {n}",
            )
        ax.set_title(title, fontsize=12)
        ax.set(ylim=(0, None))
    for ax in axes[-1]:
        ax.set(xlabel=_LEARNING_TIME)
    for ax in axes[:, 0]:
        ax.set(ylabel="loss $L$")
    axes.flat[-1].legend(loc="upper right")
    return axes
