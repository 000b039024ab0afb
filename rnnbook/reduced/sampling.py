"""How much a gradient that is measured on noise scatters, where two numbers stand for the network.

With impulse response a exp(-c t), the gradient of one sample of noise is the mean over time of the
error times a sensitivity: that of the output to a, or to c. All of these are Gaussian processes
driven by the same white noise, so the theorem of Isserlis turns the covariance of two such products
into products of correlations, and each correlation of two decays is

    E[x_p(t + tau) x_q(t)] = exp(-p tau) / (p + q) for tau > 0, and exp(q tau) / (p + q) below.
"""

from functools import cache

import sympy as sp

from ..symbols import C_STAR
from .integration import integrator


def gradient_noise_formula(ends: bool = False) -> sp.MatrixBase:
    """Return the covariance of the sampled gradient by a and c, times the length of the sample.

    A batch of B trials, each averaged over a time T, gives a gradient whose covariance is this
    matrix over B T, minus the one for the ends of trials over B T^2; what is missing falls
    exponentially with T. Symbols are the variables of `rnnbook.integrator`, a and c, and its
    parameter c_star. At the target both matrices are zero.

    Parameters
    ----------
    ends : bool
        Return the matrix for the ends of trials instead.

    Returns
    -------
    sympy.Matrix, shape (2, 2)

    Notes
    -----
    If W and v learn and W = (1 - c) e e^T, v = a e with e the direction of u, the gradient of every
    sample lies in this family, so the matrices say all about the noise of the network's gradient:
    the derivative by W is minus the one by c, times e e^T.

    Examples
    --------
    >>> import rnnbook as rb
    >>> a, c = rb.integrator.variables
    >>> (c_star,) = rb.integrator.parameters
    >>> noise = rb.gradient_noise_formula()
    >>> noise.subs({a: 0, c: 1, c_star: 1})  # the read-out is silent: only a is felt
    Matrix([
    [1/2, 0],
    [  0, 0]])
    """
    return _noise(2 if ends else 1)


@cache
def _noise(power):
    a, c = integrator.variables
    rates = sp.symbols("rate_1 rate_2", positive=True)
    error = ((a, c), (-1, C_STAR))
    product = sum(
        x * y * (_overlap(p, q, *rates, power) + _overlap(p, rates[1], rates[0], q, power))
        for x, p in error
        for y, q in error
    )
    by_c = [a * sp.diff(product, rate) for rate in rates]
    rows = [[product, by_c[1]], [by_c[0], a * sp.diff(by_c[1], rates[0])]]
    return sp.ImmutableMatrix(rows).subs(dict.fromkeys(rates, c)).applyfunc(sp.factor)


def _overlap(p, q, r, s, power):
    """Integral over tau of |tau|^(power - 1) E[x_p(t + tau) x_q(t)] E[x_r(t + tau) x_s(t)]."""
    return (1 / (p + r) ** power + 1 / (q + s) ** power) / ((p + q) * (r + s))
