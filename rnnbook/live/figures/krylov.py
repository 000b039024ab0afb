"""What a few Krylov vectors miss."""

import numpy as np
from scipy.linalg import expm

from ...filters import exponential
from ...krylov import ArnoldiBasis
from ...networks import LinearRNN, ginibre
from ...objective import projected_loss_and_gradient
from ..controls import count_slider, slider, with_controls
from ..explorer import Explorer

ROUNDING = 1e-12  # what is less changes from machine to machine


def krylov():
    """Return what m Krylov vectors miss, with sliders for m and for the radius of the bulk."""
    sigmas = [round(0.1 * k, 1) for k in range(1, 10)]
    sizes = [1, 2, 3, 4, 6, 8, 12, 16, 20, 25, 30]
    duration, times = 25.0, 126
    activity, missed, errors = zip(
        *(krylov_record(sigma, sizes, duration, times) for sigma in sigmas), strict=True
    )
    figure = Explorer(
        "krylov",
        {"m": 3, "sigma": 0.8},
        constants={
            "duration": duration,
            "times": times,
            "sizes": sizes,
            "sigmas": sigmas,
            "least": -12,
        },
        data={
            "activity": activity,
            "missed": missed,
            "errors": np.log10(np.maximum(errors, ROUNDING)),
        },
    )
    return with_controls(
        figure,
        m=count_slider("vectors m", sizes[0], sizes[-1]),
        sigma=slider("bulk σ", sigmas[0], sigmas[-1], 0.1),
    )


def krylov_record(sigma, sizes, duration, times):
    """Return how well Krylov vectors describe a network of 200 neurons with an outlier at 0.8.

    Parameters
    ----------
    sigma : float
        Radius of its bulk.
    sizes : sequence of int
        Numbers of Krylov vectors at which to measure the gradient.
    duration : float
    times : int
        The activity after a pulse is recorded at so many times from 0 to `duration`.

    Returns
    -------
    activity : ndarray, shape (times,)
        Norm of the activity.
    missed : ndarray, shape (max(sizes), times)
        Norm of what 1, 2, 3, ... Krylov vectors miss of it.
    errors : ndarray, shape of `sizes`
        Relative errors that they leave in dL/dW, for the target with c* = 0.1.
    """
    bulk = ginibre(200, sigma, np.random.default_rng(0))
    rnn = LinearRNN(bulk.W + 0.8 * np.outer(bulk.u, bulk.u), bulk.u, bulk.u)
    dt = duration / (times - 1)
    activity = _relax(rnn.W, rnn.u, dt, times)
    basis, missed = ArnoldiBasis(rnn.u), []
    while len(missed) < max(sizes):
        basis.extend(rnn.W @ basis.direction)
        small = _relax(basis.hessenberg, np.eye(basis.size)[0], dt, times)
        missed.append(np.linalg.norm(activity - small @ basis.vectors, axis=1))
    target = exponential(0.1)
    # Far more vectors than are looked at: what these miss, (sigma / 1.1)^120, is below 1e-10.
    exact = projected_loss_and_gradient(rnn, target, 120)[1].W
    found = [projected_loss_and_gradient(rnn, target, size)[1].W for size in sizes]
    errors = np.array([np.linalg.norm(W - exact) for W in found]) / np.linalg.norm(exact)
    return np.linalg.norm(activity, axis=1), np.array(missed), errors


def _relax(W, start, dt, times):
    """Return the activity from `start` at `times` times, dt apart."""
    step = expm(dt * (W - np.eye(start.size)))
    states = [start]
    while len(states) < times:
        states.append(step @ states[-1])
    return np.array(states)
