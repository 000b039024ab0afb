"""The kernels of lazy learning, and their eigenfunctions: the Laguerre functions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ive

from ..checks import bulk_radius, not_negative, real_number, trained_names, whole_number
from .formulas import BESIDE, DIAGONAL, EIGENVALUE, FACTOR, FIRST, GAMMA, compiled


def reservoir_kernel(t: ArrayLike, t2: ArrayLike, sigma: float) -> np.ndarray:
    """Return K(t, t') = e^{-(t+t')} I_0(2 sigma sqrt(t t')), the overlap h(t).h(t').

    Parameters
    ----------
    t, t2 : array_like
        Times, none negative, in membrane time constants; shapes that broadcast.
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.

    Returns
    -------
    ndarray
        Of the shape to which `t` and `t2` broadcast.

    Raises
    ------
    ValueError
        If sigma is not between 0 and 1, or a time is negative.
    """
    return _kernel(t, t2, sigma, readers=1, recurrent=0)


def tangent_kernel(
    t: ArrayLike, t2: ArrayLike, sigma: float, trainable: Sequence[str] = ("v",)
) -> np.ndarray:
    """Return the tangent kernel of the impulse response for the weights that learn.

    It is K for each of u and v, plus dK/d(sigma^2) for W,

        Theta_W(t, t') = e^{-(t+t')} (sqrt(t t') / sigma) I_1(2 sigma sqrt(t t')).

    Parameters
    ----------
    t, t2 : array_like
        Times, none negative, in membrane time constants; shapes that broadcast.
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    trainable : sequence of str
        Which of "W", "u" and "v" learn. The norms of u and v are 1.

    Returns
    -------
    ndarray
        Of the shape to which `t` and `t2` broadcast.

    Raises
    ------
    ValueError
        If sigma is not between 0 and 1, a time is negative, or `trainable` names anything else.
    """
    return _kernel(t, t2, sigma, *kernel_counts(trainable))


def _kernel(t, t2, sigma, readers, recurrent):
    t, t2, sigma = not_negative(t, "t"), not_negative(t2, "t2"), bulk_radius(sigma)
    mean = np.sqrt(t) * np.sqrt(t2)
    # I_k(x) = e^x ive(k, x), and t + t' - x as a sum of positive terms: nothing overflows.
    decay = np.exp(-((np.sqrt(t) - np.sqrt(t2)) ** 2) - 2 * (1 - sigma) * mean)
    value = readers * ive(0, 2 * sigma * mean) * decay
    if recurrent:
        value = value + recurrent * (mean / sigma) * ive(1, 2 * sigma * mean) * decay
    return value


def laguerre_spectrum(sigma: float, count: int) -> tuple[np.ndarray, float]:
    """Return the largest eigenvalues of the kernel K and the rate of its eigenfunctions.

    The n-th eigenfunction is the Laguerre function phi_n, and its eigenvalue is
    nu_n = vartheta^n / (1 + gamma/2) with vartheta = (sigma / (1 + gamma/2))^2.

    Parameters
    ----------
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    count : int
        How many, at least 1.

    Returns
    -------
    eigenvalues : ndarray, shape (count,)
        In falling order.
    gamma : float
        2 sqrt(1 - sigma^2), for `laguerre_functions`.

    Raises
    ------
    ValueError
        If sigma is not between 0 and 1, or count is not a whole number of at least 1.

    Notes
    -----
    The expansion of K in these functions is the formula of Hardy and Hille.
    """
    sigma, count = bulk_radius(sigma), whole_number(count, "count", 1)
    gamma = float(compiled(GAMMA)(sigma, None, None, None))
    return compiled(EIGENVALUE)(sigma, None, None, np.arange(count)), gamma


def laguerre_functions(t: ArrayLike, gamma: float, count: int) -> np.ndarray:
    """Return phi_n(t) = sqrt(gamma) e^{-gamma t/2} L_n(gamma t) for n = 0, ..., count - 1.

    They are orthonormal: the integral of phi_k phi_n over t >= 0 is 1 if k = n and 0 otherwise.

    Parameters
    ----------
    t : array_like
        Times, none negative, in membrane time constants.
    gamma : float
        Their rate, above 0.
    count : int
        How many, at least 1.

    Returns
    -------
    ndarray
        Of shape (count,) followed by the shape of `t`.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    x = real_number(gamma, "gamma", 0, strict=True) * not_negative(t, "t")
    count = whole_number(count, "count", 1)
    found = np.empty((count, *x.shape))
    # The polynomials overflow where the exponential underflows, so logarithms of scale are kept.
    before, now, log_scale = np.zeros_like(x), np.ones_like(x), -x / 2
    for n in range(count):
        found[n] = now * np.exp(log_scale)
        before, now = now, ((2 * n + 1 - x) * now - n * before) / (n + 1)
        size = np.maximum(np.abs(now), np.abs(before))
        size = np.where(size > 1e100, size, 1.0)
        before, now, log_scale = before / size, now / size, log_scale + np.log(size)
    return np.sqrt(gamma) * found


def laguerre_coefficients(
    sigma: float, c_star: float, count: int, omega_star: float = 0.0
) -> np.ndarray:
    """Return the coefficients of the target e^{-c* t} cos(omega* t) in the Laguerre functions.

    With z = c* + i omega* they are Re sqrt(gamma) (z - gamma/2)^n / (z + gamma/2)^(n+1).

    Parameters
    ----------
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    c_star : float
        Decay rate of the target, above 0.
    count : int
        How many, at least 1.
    omega_star : float
        Angular frequency of the target.

    Returns
    -------
    ndarray, shape (count,)

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    rho, first = coefficient_ratio(*target_arguments(sigma, c_star, omega_star))
    count = whole_number(count, "count", 1)
    return np.real(first * rho ** np.arange(count))


def tangent_matrix(sigma: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the three diagonals of Theta_W = dK/d(sigma^2) in the Laguerre functions.

    Parameters
    ----------
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    count : int
        Number of Laguerre functions, at least 1.

    Returns
    -------
    diagonal : ndarray, shape (count,)
    beside : ndarray, shape (count - 1,)
        Entries (n, n + 1), and the same (n + 1, n).

    Raises
    ------
    ValueError
        If sigma is not between 0 and 1, or count is not a whole number of at least 1.

    Notes
    -----
    d(nu_n)/d(sigma^2) is on the diagonal. The functions phi_n change with sigma too, but only into
    their neighbours: d(phi_n)/d(gamma) = ((n+1) phi_(n+1) - n phi_(n-1)) / (2 gamma).
    """
    sigma, n = bulk_radius(sigma), np.arange(whole_number(count, "count", 1))
    return tuple(
        compiled(part)(sigma, None, None, k) for part, k in ((DIAGONAL, n), (BESIDE, n[1:]))
    )


def target_arguments(sigma, c_star, omega_star):
    c_star = real_number(c_star, "c_star", 0, strict=True)
    return bulk_radius(sigma), c_star, real_number(omega_star, "omega_star")


def kernel_counts(trainable):
    """Return how often the kernels K and Theta_W are in the tangent kernel."""
    names = trained_names(trainable)
    return len(set(names) & {"u", "v"}), int("W" in names)


def coefficient_ratio(sigma, c_star, omega_star):
    """Return the factor rho from one coefficient to the next, and the first; both complex."""
    rho = complex(*compiled(FACTOR)(sigma, c_star, omega_star, None))
    return rho, complex(*compiled(FIRST)(sigma, c_star, omega_star, None))
