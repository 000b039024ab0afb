"""Decisions by the sign of the output: what a learned memory does for behaviour.

A trial of length t_r brings evidence of mean x_bar with white noise of unit intensity, and the
response is the sign of the output at its end. A network that has learned one mode, f = a exp(-c t),
is an Ornstein-Uhlenbeck process on such a trial, so its output is normal, with mean and variance

    x_bar a (1 - exp(-c t_r)) / c,    a^2 (1 - exp(-2 c t_r)) / (2 c).

The amplitude cancels in their ratio. If every neuron also receives a white noise of its own, of
scale s, and v is along u, which has norm 1, the variance is 1 + s^2 times as large. The book's
chapter "What the input teaches, and what memory is for" derives all this.
"""

from functools import cache

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike
from scipy.linalg import expm
from scipy.special import ndtr

from .checks import (
    finite_array,
    generator,
    instance,
    not_negative,
    one_channel,
    real_number,
    whole_number,
)
from .networks import LinearRNN
from .noise import white_noise

_C, _DURATION = sp.symbols("c duration", positive=True)
_STRENGTH = sp.Symbol("strength", real=True)
_NOISE = sp.Symbol("noise", nonnegative=True)


def sensitivity_formula() -> sp.Expr:
    """Return d', mean over standard deviation of the output at the end of a trial.

    Returns
    -------
    sympy.Expr
        In the symbols c (decay rate), strength (mean of the evidence), duration (of the trial) and
        noise (scale of the noise inside the neurons).
    """
    # The first fraction times the root is the mean over the deviation; as a tanh it does not lose
    # digits where c is small.
    memory = 2 * sp.tanh(_C * _DURATION / 2) / _C
    return _STRENGTH * sp.sqrt(memory / (1 + _NOISE**2))


def kernel_formula(age: sp.Expr) -> sp.Expr:
    """Return the mean of the evidence of that age before a positive response, minus its mean.

    Parameters
    ----------
    age : sympy.Expr
        Time before the end of the trial.

    Returns
    -------
    sympy.Expr
        In c, duration and noise; for trials whose evidence has mean 0.
    """
    variance = (1 + _NOISE**2) * (1 - sp.exp(-2 * _C * _DURATION)) / (2 * _C)
    return sp.sqrt(2 / sp.pi) * sp.exp(-_C * age) / sp.sqrt(variance)


_AGE = sp.Symbol("age", nonnegative=True)


# Compiled when first asked for: SymPy takes time, and few who import the package need them.
@cache
def _sensitivity():
    return sp.lambdify([_C, _STRENGTH, _DURATION, _NOISE], sensitivity_formula())


@cache
def _kernel():
    return sp.lambdify([_C, _AGE, _DURATION, _NOISE], kernel_formula(_AGE))


def accuracy(
    c: ArrayLike, strength: ArrayLike, duration: ArrayLike, noise: ArrayLike = 0.0
) -> np.ndarray:
    """Return the share of correct responses of an integrator with a leak.

    Parameters
    ----------
    c : array_like
        Decay rate, above 0. Arguments broadcast.
    strength : array_like
        Mean of the evidence over the scale of its noise. A negative one is evidence for the other
        response, and the result is then the share of positive responses.
    duration : array_like
        Length of a trial, in membrane time constants, above 0.
    noise : array_like
        Scale of the noise inside the neurons.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import rnnbook as rb
    >>> rb.accuracy(c=[1.0, 0.1, 0.01], strength=0.2, duration=30).round(3).tolist()
    [0.611, 0.803, 0.862]
    """
    c, duration = _positive(c, "c"), _positive(duration, "duration")
    strength = finite_array(strength, "strength", (None,) * np.ndim(strength))
    return ndtr(_sensitivity()(c, strength, duration, not_negative(noise, "noise")))


def psychophysical_kernel(
    c: ArrayLike, age: ArrayLike, duration: float, noise: float = 0.0
) -> np.ndarray:
    """Return by how much evidence of each age leads a positive response, on average.

    Parameters
    ----------
    c : array_like
        Decay rate, above 0. Arguments broadcast.
    age : array_like
        Time before the end of the trial, from 0 to `duration`.
    duration : float
        Length of a trial, in membrane time constants, above 0.
    noise : float
        Scale of the noise inside the neurons.

    Returns
    -------
    ndarray
        Mean of x sgn(y) for evidence x of mean 0 and output y.
    """
    c, duration = _positive(c, "c"), real_number(duration, "duration", 0, strict=True)
    age = not_negative(age, "age")
    if np.any(age > duration):
        raise ValueError(f"age must be at most duration; got {age.max():g} above {duration:g}.")
    return _kernel()(c, age, duration, not_negative(noise, "noise"))


def _positive(value, name):
    array = not_negative(value, name)
    if np.any(array == 0):
        raise ValueError(f"{name} must be greater than 0.")
    return array


def evidence_trials(
    rnn: LinearRNN,
    strength: float,
    duration: float,
    trials: int,
    rng: np.random.Generator,
    noise: float = 0.0,
    dt: float = 0.1,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate trials of noisy evidence, each from rest.

    Parameters
    ----------
    rnn : LinearRNN
    strength : float
        Mean of the evidence; its noise is white and of unit intensity.
    duration : float
        Length of a trial, in membrane time constants; rounded to a whole number of steps.
    trials : int
        At least 1.
    rng : numpy.random.Generator
        Source of the noise.
    noise : float
        Scale of the white noise that each neuron receives for itself.
    dt : float
        Step over which evidence and noise are held constant.

    Returns
    -------
    h : ndarray, shape (trials, n)
        Activity at the end of each trial; the output is h @ v.
    x : ndarray, shape (trials, steps)
        The evidence.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> rnn = rb.LinearRNN(W=[[0.9]], u=[1.0], v=[1.0])
    >>> h, x = rb.evidence_trials(rnn, 0.2, 30, trials=2000, rng=np.random.default_rng(0))
    >>> float((h @ rnn.v > 0).mean().round(2))  # rb.accuracy(0.1, 0.2, 30) is 0.80
    0.8
    """
    one_channel(instance(rnn, "rnn", LinearRNN), "rnn")
    strength = real_number(strength, "strength")
    trials = whole_number(trials, "trials", 1)
    noise = real_number(noise, "noise", 0)
    dt = real_number(dt, "dt", 0, strict=True)
    steps = max(1, round(real_number(duration, "duration", dt) / dt))
    rng = generator(rng)
    n = rnn.n
    # One step: the exponential of [[A, I], [0, 0]] dt has exp(A dt) and its integral on top.
    block = np.zeros((2 * n, 2 * n))
    block[:n, :n], block[:n, n:] = dt * (rnn.W - np.eye(n)), dt * np.eye(n)
    step = expm(block)
    advance, drive = step[:n, :n].T, step[:n, n:].T
    x = strength + white_noise(trials, steps, dt, rng)
    read_in = rnn.u @ drive
    h = np.zeros((trials, n))
    for k in range(steps):
        h = h @ advance + x[:, k, None] * read_in
        if noise > 0:
            h += noise * (white_noise(trials, n, dt, rng) @ drive)
    return h, x
