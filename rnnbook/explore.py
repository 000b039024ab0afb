"""Figures with sliders, one a chapter, for a running notebook.

`draw_...` draws one state of a figure and returns a sentence that says what it shows; the function
of the same name without the prefix returns the figure with its sliders.
"""

import base64
import html
import io
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import HTML, FloatLogSlider, FloatSlider, IntSlider, VBox
from scipy.linalg import expm

from .filters import exponential
from .krylov import ArnoldiBasis
from .networks import LinearRNN, ginibre
from .noise import white_noise
from .objective import loss_and_gradient, projected_loss_and_gradient
from .plots import (
    GOOD,
    MUTED,
    NETWORK,
    TARGET,
    plot_descent,
    plot_error_area,
    plot_noise_response,
    plot_phase_portrait,
)
from .reduced import integrator


def draw_integration(c):
    """Draw the leaky integrator with decay rate `c`: impulse response, and response to noise."""
    dt, duration = 0.1, 100.0
    t = dt * np.arange(1, round(duration / dt) + 1)
    integrator = exponential(c)
    x = white_noise(1, t.size, dt, np.random.default_rng(0))[0]
    axes = plot_noise_response(t, integrator.impulse_response(t), x, integrator.simulate(x, dt))
    axes[2].plot(t, dt * np.cumsum(x), ":", color="black", linewidth=1.2, label="perfect integral")
    axes[2].legend()
    axes[0].set_title(f"$c$ = {c:.3f}, time constant $T$ = {1 / c:.1f}", fontsize=13)
    return (
        f"With decay rate {c:.3f} the impulse response falls to a third within about {1 / c:.0f} "
        "membrane time constants; below, white noise, and the output beside its perfect integral."
    )


def integration():
    """Return `draw_integration` with a slider for c from 0.01 to 1."""
    return _live(draw_integration, c=_log_slider("decay rate c", 0.1, -2, 0))


def draw_one_mode(a, c):
    """Draw a exp(-c t) against a target with c* = 0.1: the error, its area, and the loss."""
    c_star = 0.1
    t = np.linspace(0, 60, 1201)
    axes = plot_error_area(t, a * np.exp(-c * t), np.exp(-c_star * t))
    best = 2 * c / (c + c_star)
    axes[0].plot(t, best * np.exp(-c * t), ":", color="black", linewidth=1.2)
    axes[0].plot([], [], ":", color="black", linewidth=1.2, label=f"best $a$, {best:.2f}")
    axes[0].legend()
    axes[0].set(ylim=(-0.6, 2.1))
    # The curve is cut off at the right, so its area there would be less than twice the loss.
    loss = integrator.loss_at([a, c], c_star=c_star)
    least = integrator.loss_at([best, c], c_star=c_star)
    axes[1].texts[0].set_text(f"$L$ = {loss:.3f}; at the best amplitude {least:.3f}")
    return (
        f"The response with amplitude {a:.2f} and decay rate {c:.3f} against the target with decay "
        f"rate 0.1, and the squared error between them: the loss is {loss:.3f}, and {least:.3f} "
        "with the best amplitude for this decay rate."
    )


def one_mode():
    """Return `draw_one_mode` with sliders for a from -0.5 to 2 and c from 0.01 to 1."""
    a = FloatSlider(
        value=1.0, min=-0.5, max=2.0, step=0.01, description="amplitude a", continuous_update=False
    )
    return _live(draw_one_mode, a=a, c=_log_slider("decay rate c", 0.3, -2, 0))


@cache
def _bulk_and_outlier(sigma):
    """Return the network that `draw_krylov` shows, for bulk radius `sigma`."""
    bulk = ginibre(200, sigma, np.random.default_rng(0))
    return LinearRNN(bulk.W + 0.8 * np.outer(bulk.u, bulk.u), bulk.u, bulk.u)


@cache
def krylov_errors(sigma):
    """Return numbers of Krylov vectors and the relative errors of dL/dW that they leave.

    Parameters
    ----------
    sigma : float
        Radius of the bulk of the network in `draw_krylov`; at most 0.9.

    Returns
    -------
    sizes : list of int
    errors : list of float
    """
    rnn, target = _bulk_and_outlier(sigma), exponential(0.1)
    exact = loss_and_gradient(rnn, target, 1e-13)[1].W
    sizes, errors = [1, 2, 3, 4, 6, 8, 12, 16, 20, 25, 30], []
    for size in sizes:
        found = projected_loss_and_gradient(rnn, target, size)[1].W
        errors.append(float(np.linalg.norm(found - exact) / np.linalg.norm(exact)))
    return sizes, errors


@cache
def _activity_after_pulse(sigma):
    rnn = _bulk_and_outlier(sigma)
    return _relax(rnn.W, rnn.u)


def _relax(W, start):
    """Return the activity from `start` at 126 times from 0 to 25, shape (126, n)."""
    step = expm(0.2 * (W - np.eye(start.size)))
    states = [start]
    for _ in range(125):
        states.append(step @ states[-1])
    return np.array(states)


def missed_activity(m, sigma):
    """Return the norm of what `m` Krylov vectors miss of the activity after a pulse.

    Parameters
    ----------
    m : int
    sigma : float
        Radius of the bulk of the network in `draw_krylov`.

    Returns
    -------
    ndarray, shape (126,)
        At times from 0 to 25.
    """
    rnn, activity = _bulk_and_outlier(sigma), _activity_after_pulse(sigma)
    basis = ArnoldiBasis(rnn.u)
    while basis.size < m and not basis.closed:
        basis.extend(rnn.W @ basis.direction)
    small = _relax(basis.hessenberg, np.eye(basis.size)[0])
    return np.linalg.norm(activity - small @ basis.vectors, axis=1)


def draw_krylov(m, sigma):
    """Draw how much activity escapes `m` Krylov vectors, and the error of the gradient."""
    t = np.linspace(0, 25, 126)
    missed = missed_activity(m, sigma)
    sizes, errors = krylov_errors(sigma)
    error = float(np.exp(np.interp(m, sizes, np.log(np.maximum(errors, 1e-16)))))
    _, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 6.4))
    activity = np.linalg.norm(_activity_after_pulse(sigma), axis=1)
    top.plot(t, activity, color=NETWORK, label="activity of 200 neurons")
    top.fill_between(t, missed, color=MUTED, alpha=0.5, label=f"missed by {m} vectors")
    top.set(xlabel="time $t$", ylabel="length of $h(t)$", xlim=(0, 25), ylim=(0, 1.2))
    top.legend()
    bottom.semilogy(sizes, np.maximum(errors, 1e-16), "o-", color=MUTED, markersize=5)
    bottom.semilogy(m, error, "o", color=NETWORK, markersize=10)
    bottom.set(xlabel="Krylov vectors $m$", ylabel="error of the gradient", ylim=(1e-16, 3))
    return (
        f"With sigma {sigma:.1f}, {m} Krylov vectors miss at most {missed.max():.2f} of the "
        f"activity after a pulse, and leave a relative error of about {error:.0e} in the gradient."
    )


def krylov():
    """Return `draw_krylov` with sliders for m from 1 to 30 and sigma from 0.1 to 0.9."""
    m = IntSlider(value=3, min=1, max=30, description="vectors m", continuous_update=False)
    sigma = FloatSlider(
        value=0.8, min=0.1, max=0.9, step=0.1, description="bulk σ", continuous_update=False
    )
    return _live(draw_krylov, m=m, sigma=sigma)


def draw_rich(c_star, a_start):
    """Draw the reduced dynamics of rich learning for target rate `c_star` from a(0) = `a_start`."""
    s = np.linspace(0, 3, 301)
    path = integrator.solve(s, initial=(a_start, 1.0), c_star=c_star)
    _, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 8.0), height_ratios=(1, 1.5))
    top.plot(s, path.variables["c"], color=NETWORK, label="decay rate $c$")
    top.plot(s, path.variables["a"], "--", color=GOOD, label="amplitude $a$")
    top.axhline(c_star, color=TARGET, linestyle=":", label="target $c^*$")
    top.set(xlabel="learning time $s$", ylabel="$c$ and $a$", xlim=(0, 3), ylim=(-0.8, 2.2))
    top.legend(loc="upper right")
    plot_phase_portrait(integrator, [path], (-0.8, 2.2), (0.02, 1.4), ax=bottom, c_star=c_star)
    return (
        f"From amplitude {a_start:.2f}, learning takes the decay rate from 1 to "
        f"{path.variables['c'][-1]:.2f} and the amplitude to {path.variables['a'][-1]:.2f} by "
        f"s = 3; the target rate is {c_star:.2f}. Below, the same path in the phase portrait."
    )


def rich():
    """Return `draw_rich` with sliders for c* from 0.02 to 1 and a(0) from -0.5 to 1.5."""
    a_start = FloatSlider(
        value=0.0, min=-0.5, max=1.5, step=0.05, description="a(0)", continuous_update=False
    )
    return _live(draw_rich, c_star=_log_slider("target rate c*", 0.1, -1.7, 0), a_start=a_start)


def draw_descent(share):
    """Draw gradient descent towards c* = 0.2 with `share` times the largest stable rate."""
    c_star, start, steps = 0.2, (0.85, 0.3), 60
    symbols = (*integrator.variables, *integrator.parameters)
    solution = dict(zip(symbols, (1, c_star, c_star), strict=True))
    curvature = np.linalg.eigvalsh(np.array(integrator.hessian.subs(solution), dtype=float))[-1]
    path = integrator.descend(share * 2 / curvature, steps, initial=start, c_star=c_star)
    _, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 8.0), height_ratios=(1.4, 1))
    label = rf"$\eta$ = {share:.2f} $\eta_\max$"
    plot_descent(integrator, {label: path}, (0.75, 1.15), (0.1, 0.42), ax=top, c_star=c_star)
    bottom.plot(path.variables["c"], "o-", color=NETWORK, markersize=4, linewidth=1.2)
    bottom.axhline(c_star, color=TARGET, linestyle=":", label="target $c^*$")
    bottom.set(xlabel="step", ylabel="decay rate $c$", xlim=(0, steps), ylim=(0.1, 0.42))
    bottom.legend(loc="upper right")
    return (
        f"Gradient descent with {share:.2f} times the largest stable learning rate: the last ten "
        f"of {steps} steps have decay rates from {path.variables['c'][-10:].min():.3f} to "
        f"{path.variables['c'][-10:].max():.3f}; the target's is {c_star}."
    )


def descent():
    """Return `draw_descent` with a slider for the share of the limit from 0.2 to 1.5."""
    share = FloatSlider(
        value=1.1, min=0.2, max=1.5, step=0.05, description="η / limit", continuous_update=False
    )
    return _live(draw_descent, share=share)


def _live(draw, **sliders):
    """Return sliders above a picture that is drawn anew when one of them moves.

    The picture is an HTML widget and not ipywidgets' `interactive`, whose output widget makes
    programs that run notebooks miss messages now and then and wait for ever.
    """
    picture = HTML()

    def redraw(_=None):
        description = draw(**{name: slider.value for name, slider in sliders.items()})
        figure = plt.gcf()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg")
        plt.close(figure)
        source = base64.b64encode(buffer.getvalue()).decode()
        picture.value = (
            f'<img style="max-width: 100%" alt="{html.escape(description)}" '
            f'src="data:image/svg+xml;base64,{source}">'
        )

    for slider in sliders.values():
        slider.observe(redraw, names="value")
    redraw()
    return VBox([*sliders.values(), picture])


def _log_slider(description, value, low, high):
    # Redrawing takes longer than a drag can wait, so it happens on release.
    return FloatLogSlider(
        value=value,
        min=low,
        max=high,
        step=0.01,
        description=description,
        continuous_update=False,
        style={"description_width": "initial"},
    )
