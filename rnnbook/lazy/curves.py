"""How lazy learning goes: the loss, how far the weights move, and the exponent of the power law."""

from collections.abc import Sequence

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike
from scipy.linalg import eigh_tridiagonal

from ..checks import not_negative, trained_names
from .formulas import EXPONENT, RATIO, compiled
from .kernels import (
    coefficient_ratio,
    kernel_counts,
    laguerre_coefficients,
    laguerre_spectrum,
    tangent_matrix,
    target_arguments,
)

_NEGLIGIBLE = 1e-17
_MOST_TERMS = 10**7
_MOST_MODES = 4000


def learning_curve(
    s: ArrayLike,
    sigma: float,
    c_star: float,
    omega_star: float = 0.0,
    trainable: Sequence[str] = ("v",),
) -> np.ndarray:
    """Return the loss at learning times `s` under lazy learning from an output of zero.

    If only v learns (or only u), it is exact for N -> infinity at all s,

        L(s) = 1/2 sum_n d_n^2 e^{-2 nu_n s},

    with d_n from `laguerre_coefficients`, and v may start at 0. If W learns, or both u and v, it is
    the limit of a large output scale (small target), and u and v start with norm 1.

    Parameters
    ----------
    s : array_like
        Learning times, none negative.
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    c_star : float
        Decay rate of the target e^{-c* t} cos(omega* t), above 0.
    omega_star : float
        Angular frequency of the target.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.

    Returns
    -------
    ndarray, shape of `s`

    Raises
    ------
    ValueError
        If an argument is out of range, or sigma so close to 1 that the sum has too many terms.

    Notes
    -----
    The sum is taken until nu_n s is negligible; what is left is a geometric series. With W trained
    it is taken over the eigenvectors of `tangent_matrix`. Its small eigenvalues are right to 1e-16
    of the largest, and coefficients below 1e-17 are left out, so the curve is good up to about
    s = 1e10 and down to losses of 1e-30.
    """
    s = not_negative(s, "s")
    counts = kernel_counts(trainable)
    target = target_arguments(sigma, c_star, omega_star)
    count = _count(s.max(initial=0.0), counts, *target)
    rates, coefficients, _ = _modes(count, counts, *target)
    learned = [0.5 * np.exp(-2 * rates * now) @ coefficients**2 for now in s.ravel()]
    return np.reshape(learned, s.shape) + _tail(count, *target)


def weight_change(
    s: ArrayLike,
    sigma: float,
    c_star: float,
    omega_star: float = 0.0,
    trainable: Sequence[str] = ("v",),
) -> dict[str, np.ndarray]:
    """Return how far the weights have moved at learning times `s` under lazy learning.

    Arguments and conditions are those of `learning_curve`. A target twice as large moves the
    weights twice as far.

    Parameters
    ----------
    s : array_like
        Learning times, none negative.
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    c_star : float
        Decay rate of the target e^{-c* t} cos(omega* t), above 0.
    omega_star : float
        Angular frequency of the target.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.

    Returns
    -------
    dict of str to ndarray of the shape of `s`
        The Euclidean (Frobenius) norm of the change of each trained weight, by name.

    Raises
    ------
    ValueError
        If an argument is out of range, or sigma so close to 1 that there are too many modes.

    Notes
    -----
    With the error e = f* - f, the weights move by the integral of e(t; s) df(t)/dw over t and s.
    For trained v alone the square tends to `rkhs_norm_squared` as s grows.
    """
    s = not_negative(s, "s")
    counts = kernel_counts(trainable)
    target = target_arguments(sigma, c_star, omega_star)
    latest = s.max(initial=0.0)
    # Modes that have not been learned pull in proportion to s, and add to the square.
    count = _count(latest * max(1.0, latest), counts, *target)
    rates, coefficients, vectors = _modes(count, counts, *target)
    nu, _ = laguerre_spectrum(target[0], count)
    diagonal, beside = tangent_matrix(target[0], count)
    learning = rates > 1e-300
    divisor = np.where(learning, rates, 1.0)
    reader, recurrent = np.empty(s.size), np.empty(s.size)
    for i, now in enumerate(s.ravel()):
        # The error integrated from 0 to s.
        total = coefficients * np.where(learning, -np.expm1(-divisor * now) / divisor, now)
        total = total if vectors is None else vectors @ total
        reader[i] = nu @ total**2
        recurrent[i] = diagonal @ total**2 + 2 * beside @ (total[1:] * total[:-1])
    squares = {"W": recurrent, "u": reader, "v": reader}
    return {
        name: np.sqrt(np.maximum(squares[name], 0)).reshape(s.shape)
        for name in trained_names(trainable)
    }


def learning_exponent(sigma: float, c_star: float, omega_star: float = 0.0) -> float:
    """Return the exponent beta of the power of s by which the read-out learns.

    L(s) s^beta does not settle: for an integrator it comes to be periodic in ln s, with the period
    ln(1/vartheta), where vartheta is the factor from one eigenvalue of K to the next. So beta is
    the mean slope on logarithmic axes. It is above 1 if and only if the target's pole
    1 - c* + i omega*, as an eigenvalue of W, lies inside the disc of radius sigma. If the target is
    the first eigenfunction of K, c* = gamma/2, it is infinite, but for rounding: learning is then
    exponential.

    Parameters
    ----------
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    c_star : float
        Decay rate of the target, above 0.
    omega_star : float
        Angular frequency of the target. If it is not 0, L(s) s^beta has a second period as well.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    sigma, c_star, omega_star = target_arguments(sigma, c_star, omega_star)
    with np.errstate(divide="ignore"):
        return float(compiled(EXPONENT)(np.float64(sigma), c_star, omega_star, None))


def exponent_circles(sigma: float, exponents: Sequence[float]) -> dict[float, tuple[float, float]]:
    """Return where in the plane of eigenvalues of W a target has a given learning exponent.

    The targets with pole 1 - c* + i omega* for which `learning_exponent` is beta lie on a circle
    around a point of the real axis. That for beta = 1 is the edge of the bulk, and that for
    infinite beta a point.

    Parameters
    ----------
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    exponents : sequence of float
        Each above 0; infinity is allowed.

    Returns
    -------
    dict of float to (float, float)
        Centre and radius of each exponent's circle.

    Raises
    ------
    ValueError
        If sigma is not between 0 and 1, or an exponent is not above 0.
    """
    (first, second), gamma = laguerre_spectrum(sigma, 2)
    circles = {}
    for exponent in exponents:
        if not exponent > 0:
            raise ValueError(f"exponents must be greater than 0; got {exponent!r}.")
        # |(z - gamma/2) / (z + gamma/2)|^2 = vartheta^beta is a circle in z = 1 - lambda.
        level = (second / first) ** exponent
        centre = 1 - gamma / 2 * (1 + level) / (1 - level)
        circles[exponent] = float(centre), float(gamma * np.sqrt(level) / (1 - level))
    return circles


def rkhs_norm_squared(sigma: float, c_star: float, omega_star: float = 0.0) -> float:
    """Return the squared length of the read-out that makes a wide reservoir equal to the target.

    That is the squared norm of e^{-c* t} cos(omega* t) in the reproducing kernel Hilbert space of
    K. With xi = (1 - c* + i omega*) / sigma it is half of 1/(1 - abs(xi)^2) + Re 1/(1 - xi^2), for
    infinite width.

    Parameters
    ----------
    sigma : float
        Scale of the initial weights, the radius of their bulk; between 0 and 1.
    c_star : float
        Decay rate of the target, above 0.
    omega_star : float
        Angular frequency of the target.

    Returns
    -------
    float
        Infinity if abs(xi) is not below 1: no read-out of finite length exists.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    sigma, c_star, omega_star = target_arguments(sigma, c_star, omega_star)
    xi = ((1 - c_star) + 1j * omega_star) / sigma
    modulus = abs(xi)
    if modulus >= 1:
        return np.inf
    return float(0.5 / ((1 - modulus) * (1 + modulus)) + 0.5 * (1 / ((1 - xi) * (1 + xi))).real)


def _count(latest, counts, sigma, c_star, omega_star):
    """Return a number of modes after which none learns noticeably before s = `latest`."""
    log_ratio = float(compiled(sp.log(RATIO))(sigma, None, None, None))
    fall = np.log(_NEGLIGIBLE / (1 + latest))
    count, most = fall / log_ratio, _MOST_TERMS
    if counts[1]:
        # Theta_W falls like n vartheta^n / (gamma sigma^2 / 2), later than K.
        count = (fall + np.log((1 - sigma) * sigma**2) - np.log1p(count)) / log_ratio
        # Its small eigenvalues have rounding errors anyway, so modes in which these and the
        # coefficients are small may be left out.
        log_modulus = np.log(
            max(abs(coefficient_ratio(sigma, c_star, omega_star)[0]), np.exp(log_ratio))
        )
        if log_modulus < 0:
            count = min(count, np.log(_NEGLIGIBLE) / log_modulus)
        most = _MOST_MODES
    if count > most:
        raise ValueError(
            f"sigma = {sigma!r} is so close to 1 that more than {most} modes learn. Take a smaller "
            "sigma."
        )
    return int(np.ceil(count)) + 2


def _modes(count, counts, sigma, c_star, omega_star):
    """Return eigenvalues of the tangent kernel, coefficients of the target, and eigenvectors.

    Where the kernel is diagonal already, None stands for the eigenvectors.
    """
    readers, recurrent = counts
    rates = readers * laguerre_spectrum(sigma, count)[0]
    coefficients = laguerre_coefficients(sigma, c_star, count, omega_star)
    if not recurrent:
        return rates, coefficients, None
    diagonal, beside = tangent_matrix(sigma, count)
    rates, vectors = eigh_tridiagonal(rates + diagonal, beside)
    return rates, coefficients @ vectors, vectors


def _tail(count, sigma, c_star, omega_star):
    """Return half the sum of the squared coefficients from `count` on, a geometric series."""
    # The distance from 1 is 2 gamma Re z / |z + gamma/2|^2 for |rho|^2 and
    # 2 gamma z / (z + gamma/2)^2 for rho^2; the denominators cancel those of the coefficients.
    z, rho = complex(c_star, omega_star), coefficient_ratio(sigma, c_star, omega_star)[0]
    return float((abs(rho) ** (2 * count) / z.real + (rho ** (2 * count) / z).real) / 8)
