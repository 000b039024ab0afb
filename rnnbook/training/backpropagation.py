"""Backpropagation through time on sampled white noise: what a practitioner's training step does."""

import numpy as np
from numpy.typing import ArrayLike

from ..checks import finite_array, instance, one_channel, real_number
from ..filters import Filter
from ..networks import LinearRNN
from ..nonlinear import NonlinearRNN
from ..objective import Gradient


def bptt(
    rnn: LinearRNN | NonlinearRNN, target: Filter, x: ArrayLike, dt: float, burn_in: float = 0.0
) -> tuple[float, Gradient]:
    """Return the loss on sampled noise and its gradient, by backpropagation through time.

    Network and target run from rest in Euler-Maruyama steps h <- h + dt ((W - I) h + u x), and a
    nonlinear network in steps h <- h + dt (-h + W sat(h) + u x). The loss is (y - y*)^2 / 2
    averaged over the trials and over the steps from `burn_in` on.

    Parameters
    ----------
    rnn : LinearRNN or NonlinearRNN
    target : Filter
    x : array_like, shape (batch, steps)
        Noise samples; white noise of unit intensity has standard deviation dt**-0.5.
    dt : float
        Step, in membrane time constants.
    burn_in : float
        Time at the start of each trial that the loss leaves out, from 0 to below the trial's
        length. The average estimates the population loss once the transient is over.

    Returns
    -------
    loss : float
    gradient : Gradient
        Exact gradient of this sampled loss; of the population loss, an estimate.

    Raises
    ------
    ValueError
        If an argument has the wrong shape or range.
    FloatingPointError
        If activity overflows, because the network is unstable or dt too long.
    """
    instance(rnn, "rnn", (LinearRNN, NonlinearRNN))
    instance(target, "target", Filter)
    one_channel(rnn, "rnn")
    one_channel(target, "target")
    x = finite_array(x, "x", (None, None))
    dt = real_number(dt, "dt", 0, strict=True)
    batch, steps = x.shape
    first = _first(x, dt, burn_in)
    with np.errstate(over="raise", invalid="raise"):
        rates, slopes = _states(rnn, x, dt)
        z = _euler_maruyama(target.A, target.B, x, dt)
        error = rates[1:] @ rnn.v - z[1:] @ target.C
        error[:first] = 0.0
        weight = 1.0 / (batch * (steps - first))
        loss = 0.5 * weight * np.vdot(error, error)
        # adjoint[k] is the derivative of the loss by the state after step k.
        adjoint = (weight * error)[..., None] * rnn.v
        if slopes is None:
            back = (1 - dt) * np.eye(rnn.n) + dt * rnn.W
            for k in range(steps - 2, -1, -1):
                adjoint[k] += adjoint[k + 1].dot(back)
        else:
            back = dt * rnn.W
            adjoint[-1] *= slopes[-1]
            for k in range(steps - 2, -1, -1):
                adjoint[k] += adjoint[k + 1] @ back
                adjoint[k] *= slopes[k]
                adjoint[k] += (1 - dt) * adjoint[k + 1]
        by_step = adjoint.reshape(-1, rnn.n)
        dW = dt * by_step.T @ rates[:-1].reshape(-1, rnn.n)
        du = dt * x.T.reshape(-1) @ by_step
        dv = weight * error.reshape(-1) @ rates[1:].reshape(-1, rnn.n)
    return float(loss), Gradient(dW, du, dv)


def sampled_loss(rnn, target, x, dt, burn_in):
    """Return the loss of `bptt` alone; a nonlinear network then keeps no states."""
    first = _first(x, dt, burn_in)
    wanted = _euler_maruyama(target.A, target.B, x, dt)[1:] @ target.C
    h, rates, total = np.zeros((len(x), rnn.n)), np.zeros((len(x), rnn.n)), 0.0
    advance = dt * rnn.W.T
    for k in range(x.shape[1]):
        h = (1 - dt) * h + rates @ advance + (dt * x[:, k, None]) * rnn.u
        rates = rnn.rates(h)
        if k >= first:
            total += np.sum((rates @ rnn.v - wanted[k]) ** 2)
    return float(0.5 * total / (len(x) * (x.shape[1] - first)))


def _first(x, dt, burn_in):
    """Return the first step that counts, after checking that there is one."""
    batch, steps = x.shape
    first = int(np.ceil(real_number(burn_in, "burn_in", 0) / dt - 1e-9))
    if batch == 0 or first >= steps:
        raise ValueError(
            f"x leaves nothing to average: {batch} trials of {steps} steps, of which burn_in "
            f"drops {first}. Give more noise or a shorter burn_in."
        )
    return first


def _states(rnn, x, dt):
    """Return outputs from rest, shape (steps + 1, batch, n), and their slopes from step 1 on.

    In a linear network outputs are activities, and there are no slopes: None.
    """
    if isinstance(rnn, LinearRNN):
        h = _euler_maruyama(rnn.W - np.eye(rnn.n), rnn.u, x, dt)
        return h, None
    batch, steps = x.shape
    h = np.zeros((steps + 1, batch, rnn.n))
    rates = np.zeros_like(h)
    advance = dt * rnn.W.T
    for k in range(steps):
        h[k + 1] = (1 - dt) * h[k] + rates[k] @ advance + (dt * x[:, k, None]) * rnn.u
        rates[k + 1] = rnn.rates(h[k + 1])
    return rates, rnn.slopes(h[1:])


def _euler_maruyama(A, B, x, dt):
    """Return the states from rest, shape (steps + 1, batch, len(B))."""
    batch, steps = x.shape
    states = np.zeros((steps + 1, batch, B.size))
    # What comes in at each step, to which what was there before is added.
    np.multiply((dt * x.T)[:, :, None], B, out=states[1:])
    advance = np.eye(B.size) + dt * A.T
    for k in range(steps):
        states[k + 1] += states[k].dot(advance)
    return states
