"""Lazy learning: closed forms for wide random networks whose weights hardly move.

While the weights stay near their start, f is linear in them, and gradient flow is

    df/ds = -Theta (f - f*),   Theta(t, t') = sum over trained weights of df(t)/dw df(t')/dw.

For W_ij ~ N(0, sigma^2 / N), unit vectors u and v in independent directions, and N -> infinity, the
kernel Theta is the same in every draw. It is a sum of two kernels,

    K(t, t')       = e^{-(t+t')} I_0(2 sigma sqrt(t t')),   once for v and once for u, and
    Theta_W(t, t') = dK(t, t') / d(sigma^2),                for W.

In the orthonormal Laguerre functions phi_n(t) = sqrt(alpha) e^{-alpha t/2} L_n(alpha t) with
alpha = 2 sqrt(1 - sigma^2), K is diagonal and Theta_W has three diagonals. The book's chapters "The
reservoir" and "Training everything, lazily" derive all this.

The constants are SymPy expressions in the symbols SIGMA, C_STAR, OMEGA_STAR and INDEX (n): ALPHA;
RATIO, the factor between an eigenvalue of K and the next; EIGENVALUE, the n-th; DIAGONAL and
BESIDE, the entries (n, n) and (n, n - 1) of Theta_W; FIRST and FACTOR, pairs of real and imaginary
part, where the real part of FIRST FACTOR^n is the n-th coefficient of the target; TARGET_RATIO, the
square of abs(FACTOR); and EXPONENT. They are written such that rounding does not spoil them for
sigma near 0 or 1.
"""

from functools import cache

import numpy as np
import sympy as sp
from scipy.linalg import block_diag, eigh_tridiagonal, solve_continuous_lyapunov
from scipy.special import ive

from .checks import finite_array, real_number, trained_names, whole_number
from .krylov import ArnoldiBasis
from .networks import LinearRNN, UnstableNetworkError
from .objective import check_types
from .reduced import StarSymbol

__all__ = [
    "laguerre_coefficients",
    "laguerre_functions",
    "laguerre_spectrum",
    "learning_curve",
    "learning_exponent",
    "readout_curve",
    "reservoir_kernel",
    "rkhs_norm_squared",
    "silence",
    "tangent_kernel",
    "tangent_matrix",
    "weight_change",
]

SIGMA = sp.Symbol("sigma", positive=True)
C_STAR = StarSymbol("c_star", positive=True)
OMEGA_STAR = StarSymbol("omega_star", real=True)
INDEX = sp.Symbol("n", integer=True, nonnegative=True)

_HALF = sp.sqrt((1 - SIGMA) * (1 + SIGMA))  # alpha / 2
ALPHA = 2 * _HALF
RATIO = (SIGMA / (1 + _HALF)) ** 2
EIGENVALUE = RATIO**INDEX / (1 + _HALF)
# c* - alpha/2, where the parts that nearly cancel for sigma -> 0 are subtracted first.
_GAP = sp.UnevaluatedExpr(C_STAR - 1) + SIGMA**2 / (1 + _HALF)
# The derivative of EIGENVALUE by sigma^2, and what stretching the phi_n with alpha adds.
DIAGONAL = EIGENVALUE * (INDEX / (_HALF * SIGMA**2) + 1 / (ALPHA * (1 + _HALF)))
BESIDE = -INDEX * EIGENVALUE / (RATIO * ALPHA * (1 + _HALF))
# sqrt(alpha) / (z + alpha/2) and (z - alpha/2) / (z + alpha/2) with z = c* + i omega*.
_DISTANCE = (C_STAR + _HALF) ** 2 + OMEGA_STAR**2
FIRST = (sp.sqrt(ALPHA) * (C_STAR + _HALF) / _DISTANCE, -sp.sqrt(ALPHA) * OMEGA_STAR / _DISTANCE)
FACTOR = ((_GAP * (C_STAR + _HALF) + OMEGA_STAR**2) / _DISTANCE, ALPHA * OMEGA_STAR / _DISTANCE)
TARGET_RATIO = (_GAP**2 + OMEGA_STAR**2) / _DISTANCE
EXPONENT = sp.log(TARGET_RATIO) / sp.log(RATIO)

_NEGLIGIBLE = 1e-17
_MOST_TERMS = 10**7
_MOST_MODES = 4000


@cache
def _numpy(expression):
    return sp.lambdify((SIGMA, C_STAR, OMEGA_STAR, INDEX), expression)


def reservoir_kernel(t, t2, sigma):
    """Return K(t, t') = e^{-(t+t')} I_0(2 sigma sqrt(t t')), the overlap h(t).h(t').

    Parameters
    ----------
    t, t2 : array_like
        Times, none negative, in membrane time constants; shapes that broadcast.
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.

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


def tangent_kernel(t, t2, sigma, trainable=("v",)):
    """Return the tangent kernel of the impulse response for the weights that learn.

    It is K for each of u and v, plus dK/d(sigma^2) for W,

        Theta_W(t, t') = e^{-(t+t')} (sqrt(t t') / sigma) I_1(2 sigma sqrt(t t')).

    Parameters
    ----------
    t, t2 : array_like
        Times, none negative, in membrane time constants; shapes that broadcast.
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
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
    return _kernel(t, t2, sigma, *_parts(trainable))


def _kernel(t, t2, sigma, readers, recurrent):
    t, t2, sigma = _not_negative(t, "t"), _not_negative(t2, "t2"), _radius(sigma)
    mean = np.sqrt(t) * np.sqrt(t2)
    # I_k(x) = e^x ive(k, x), and t + t' - x as a sum of positive terms: nothing overflows.
    decay = np.exp(-((np.sqrt(t) - np.sqrt(t2)) ** 2) - 2 * (1 - sigma) * mean)
    value = readers * ive(0, 2 * sigma * mean) * decay
    if recurrent:
        value = value + recurrent * (mean / sigma) * ive(1, 2 * sigma * mean) * decay
    return value


def laguerre_spectrum(sigma, count):
    """Return the largest eigenvalues of the kernel K and the rate of its eigenfunctions.

    The n-th eigenfunction is the Laguerre function phi_n, and its eigenvalue is
    mu_n = r^n / (1 + alpha/2) with r = (sigma / (1 + alpha/2))^2.

    Parameters
    ----------
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
    count : int
        How many, at least 1.

    Returns
    -------
    eigenvalues : ndarray, shape (count,)
        In falling order.
    alpha : float
        2 sqrt(1 - sigma^2), for `laguerre_functions`.

    Raises
    ------
    ValueError
        If sigma is not between 0 and 1, or count is not a whole number of at least 1.

    Notes
    -----
    The expansion of K in these functions is the formula of Hardy and Hille.
    """
    sigma, count = _radius(sigma), whole_number(count, "count", 1)
    alpha = float(_numpy(ALPHA)(sigma, None, None, None))
    return _numpy(EIGENVALUE)(sigma, None, None, np.arange(count)), alpha


def laguerre_functions(t, alpha, count):
    """Return phi_n(t) = sqrt(alpha) e^{-alpha t/2} L_n(alpha t) for n = 0, ..., count - 1.

    They are orthonormal: the integral of phi_m phi_n over t >= 0 is 1 if m = n and 0 otherwise.

    Parameters
    ----------
    t : array_like
        Times, none negative, in membrane time constants.
    alpha : float
        Rate, above 0.
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
    x = real_number(alpha, "alpha", 0, strict=True) * _not_negative(t, "t")
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
    return np.sqrt(alpha) * found


def laguerre_coefficients(sigma, c_star, count, omega_star=0.0):
    """Return the coefficients of the target e^{-c* t} cos(omega* t) in the Laguerre functions.

    With z = c* + i omega* they are Re sqrt(alpha) (z - alpha/2)^n / (z + alpha/2)^(n+1).

    Parameters
    ----------
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
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
    rho, first = _ratio(*_arguments(sigma, c_star, omega_star))
    count = whole_number(count, "count", 1)
    return np.real(first * rho ** np.arange(count))


def learning_curve(s, sigma, c_star, omega_star=0.0, trainable=("v",)):
    """Return the loss at learning times `s` under lazy learning from an output of zero.

    If only v learns (or only u), it is exact for N -> infinity at all s,

        L(s) = 1/2 sum_n d_n^2 e^{-2 mu_n s},

    with d_n from `laguerre_coefficients`, and v may start at 0. If W learns, or both u and v, it is
    the limit of a large output scale (small target), and u and v start with norm 1.

    Parameters
    ----------
    s : array_like
        Learning times, none negative.
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
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
    The sum is taken until mu_n s is negligible; what is left is a geometric series. With W trained
    it is taken over the eigenvectors of `tangent_matrix`. Its small eigenvalues are right to 1e-16
    of the largest, and coefficients below 1e-17 are left out, so the curve is good up to about
    s = 1e10 and down to losses of 1e-30.
    """
    s = _not_negative(s, "s")
    parts = _parts(trainable)
    target = _arguments(sigma, c_star, omega_star)
    count = _count(s.max(initial=0.0), parts, *target)
    rates, coefficients, _ = _modes(count, parts, *target)
    learned = [0.5 * np.exp(-2 * rates * now) @ coefficients**2 for now in s.ravel()]
    return np.reshape(learned, s.shape) + _tail(count, *target)


def weight_change(s, sigma, c_star, omega_star=0.0, trainable=("v",)):
    """Return how far the weights have moved at learning times `s` under lazy learning.

    Arguments and conditions are those of `learning_curve`. A target b times as large moves the
    weights b times as far.

    Parameters
    ----------
    s : array_like
        Learning times, none negative.
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
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
    s = _not_negative(s, "s")
    parts = _parts(trainable)
    target = _arguments(sigma, c_star, omega_star)
    latest = s.max(initial=0.0)
    # Modes that have not been learned pull in proportion to s, and add to the square.
    count = _count(latest * max(1.0, latest), parts, *target)
    rates, coefficients, vectors = _modes(count, parts, *target)
    mu, _ = laguerre_spectrum(target[0], count)
    diagonal, beside = tangent_matrix(target[0], count)
    learning = rates > 1e-300
    divisor = np.where(learning, rates, 1.0)
    reader, recurrent = np.empty(s.size), np.empty(s.size)
    for i, now in enumerate(s.ravel()):
        # The error integrated from 0 to s.
        total = coefficients * np.where(learning, -np.expm1(-divisor * now) / divisor, now)
        total = total if vectors is None else vectors @ total
        reader[i] = mu @ total**2
        recurrent[i] = diagonal @ total**2 + 2 * beside @ (total[1:] * total[:-1])
    squares = {"W": recurrent, "u": reader, "v": reader}
    return {
        name: np.sqrt(np.maximum(squares[name], 0)).reshape(s.shape)
        for name in trained_names(trainable)
    }


def tangent_matrix(sigma, count):
    """Return the three diagonals of Theta_W = dK/d(sigma^2) in the Laguerre functions.

    Parameters
    ----------
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
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
    d(mu_n)/d(sigma^2) is on the diagonal. The functions phi_n change with sigma too, but only into
    their neighbours: d(phi_n)/d(alpha) = ((n+1) phi_(n+1) - n phi_(n-1)) / (2 alpha).
    """
    sigma, n = _radius(sigma), np.arange(whole_number(count, "count", 1))
    return tuple(_numpy(part)(sigma, None, None, k) for part, k in ((DIAGONAL, n), (BESIDE, n[1:])))


def learning_exponent(sigma, c_star, omega_star=0.0):
    """Return the exponent beta of the power law L(s) ~ s^-beta by which the read-out learns.

    It is above 1 if and only if the target's pole 1 - c* + i omega*, as an eigenvalue of W, lies
    inside the disc of radius sigma. If the target is the first eigenfunction of K, c* = alpha/2, it
    is infinite, but for rounding: learning is then exponential.

    Parameters
    ----------
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
    c_star : float
        Decay rate of the target, above 0.
    omega_star : float
        Angular frequency of the target. If it is not 0, beta is the exponent of the envelope of a
        curve that falls in steps.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    sigma, c_star, omega_star = _arguments(sigma, c_star, omega_star)
    with np.errstate(divide="ignore"):
        return float(_numpy(EXPONENT)(np.float64(sigma), c_star, omega_star, None))


def rkhs_norm_squared(sigma, c_star, omega_star=0.0):
    """Return the squared length of the read-out that makes a wide reservoir equal to the target.

    That is the squared norm of e^{-c* t} cos(omega* t) in the reproducing kernel Hilbert space of
    K. With w = (1 - c* + i omega*) / sigma it is half of 1/(1 - abs(w)^2) + Re 1/(1 - w^2), for
    infinite width.

    Parameters
    ----------
    sigma : float
        Spectral radius of the initial weights, between 0 and 1.
    c_star : float
        Decay rate of the target, above 0.
    omega_star : float
        Angular frequency of the target.

    Returns
    -------
    float
        Infinity if abs(w) is not below 1: no read-out of finite length exists.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    sigma, c_star, omega_star = _arguments(sigma, c_star, omega_star)
    w = ((1 - c_star) + 1j * omega_star) / sigma
    if abs(w) >= 1:
        return np.inf
    modulus = abs(w)
    return float(0.5 / ((1 - modulus) * (1 + modulus)) + 0.5 * (1 / ((1 - w) * (1 + w))).real)


def readout_curve(rnn, target, s):
    """Return the loss of a given network at learning times `s` while only its read-out learns.

    Exact: the loss is a parabola in v, so gradient flow is linear and solved in the eigenvectors of
    the Gramian P, by dL/dv = P v - X C*. For N -> infinity it becomes `learning_curve`.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    s : array_like
        Learning times, none negative.

    Returns
    -------
    ndarray, shape of `s`
        Good to about 1e-14 of the initial loss.

    Raises
    ------
    ValueError
        If a learning time is negative.
    UnstableNetworkError
        If the spectral abscissa of W is at or above 1, and u excites the growing mode.
    """
    check_types(rnn, target)
    s = _not_negative(s, "s")
    basis = _reachable(rnn, 1e-12)
    size = basis.size
    A = block_diag(basis.hessenberg - np.eye(size), target.A)
    if size and np.linalg.eigvals(A).real.max() >= 0:
        rnn.check_stable()
        raise UnstableNetworkError(
            "W is so far from normal that its projection is unstable; take a larger network."
        )
    B = np.concatenate([basis.norm * np.eye(1, size)[0], target.B])
    gramian = solve_continuous_lyapunov(A, -np.outer(B, B))
    rates, vectors = np.linalg.eigh(gramian[:size, :size])
    overlap = vectors.T @ gramian[:size, size:] @ target.C
    start = vectors.T @ (basis.vectors @ rnn.v)
    learning = rates > 1e-300
    divisor = np.where(learning, rates, 1.0)
    loss = np.empty(s.size)
    for i, now in enumerate(s.ravel()):
        time = np.where(learning, -np.expm1(-divisor * now) / divisor, now)
        v = start + time * (overlap - rates * start)
        loss[i] = 0.5 * (rates @ v**2 + target.C @ gramian[size:, size:] @ target.C) - v @ overlap
    return np.maximum(loss, 0.0).reshape(s.shape)


def silence(rnn, tolerance=1e-8):
    """Return the network with a read-out of the same norm to which its impulse response is silent.

    From v, what lies in the span of u, Wu, W^2 u, ... is removed, as far along as activity reaches:
    then f = 0 at the start, as it is by itself for N -> infinity.

    Parameters
    ----------
    rnn : LinearRNN
        With v not 0.
    tolerance : float
        Size of the activity that may be neglected, relative to u; between 0 and 1.

    Returns
    -------
    LinearRNN

    Raises
    ------
    ValueError
        If v is 0, or activity reaches more than a quarter of the directions: take a larger network.
    """
    if not isinstance(rnn, LinearRNN):
        raise TypeError(f"rnn must be a LinearRNN; got {type(rnn).__name__}.")
    tolerance = real_number(tolerance, "tolerance", 0, strict=True)
    if tolerance >= 1:
        raise ValueError(f"tolerance must be below 1; got {tolerance:g}.")
    norm = np.linalg.norm(rnn.v)
    if norm == 0:
        raise ValueError("rnn has the read-out v = 0, which has no norm to keep; it is silent.")
    basis = _reachable(rnn, tolerance)
    if basis.size > rnn.n // 4:
        raise ValueError(
            f"rnn has {rnn.n} neurons, and activity reaches {basis.size} directions, more than a "
            "quarter. Take a larger network, a smaller sigma or a larger tolerance."
        )
    v = rnn.v
    for _ in range(2):  # the second time removes what rounding left
        v = v - basis.vectors.T @ (basis.vectors @ v)
    return LinearRNN(rnn.W, rnn.u, v * (norm / np.linalg.norm(v)))


def _reachable(rnn, tolerance):
    """Return an orthonormal basis of the directions in which activity is larger than `tolerance`.

    With all lengths relative to u, what reaches the k-th direction has passed through k - 1
    subdiagonal entries of the Hessenberg matrix; for a random network each is about sigma.
    """
    basis, reach = ArnoldiBasis(rnn.u), 1.0
    while reach > tolerance and not basis.closed and basis.size < rnn.n:
        basis.extend(rnn.W @ basis.direction)
        reach *= basis.residual
    return basis


def _radius(sigma):
    sigma = real_number(sigma, "sigma")
    if not 0 < sigma < 1:
        raise ValueError(
            f"sigma must be greater than 0 and less than 1; got {sigma:g}. At 1 and above a random "
            "network is unstable, and at 0 it has no recurrence: take a small sigma instead."
        )
    return sigma


def _arguments(sigma, c_star, omega_star):
    c_star = real_number(c_star, "c_star", 0, strict=True)
    return _radius(sigma), c_star, real_number(omega_star, "omega_star")


def _not_negative(value, name):
    array = finite_array(value, name, (None,) * np.ndim(value))
    if np.any(array < 0):
        raise ValueError(f"{name} must not be negative; its least entry is {array.min():g}.")
    return array


def _parts(trainable):
    """Return how often the kernels K and Theta_W are in the tangent kernel."""
    names = trained_names(trainable)
    return len(set(names) & {"u", "v"}), int("W" in names)


def _ratio(sigma, c_star, omega_star):
    """Return the factor rho from one coefficient to the next, and the first; both complex."""
    rho = complex(*_numpy(FACTOR)(sigma, c_star, omega_star, None))
    return rho, complex(*_numpy(FIRST)(sigma, c_star, omega_star, None))


def _count(latest, parts, sigma, c_star, omega_star):
    """Return a number of modes after which none learns noticeably before s = `latest`."""
    log_ratio = float(_numpy(sp.log(RATIO))(sigma, None, None, None))
    fall = np.log(_NEGLIGIBLE / (1 + latest))
    count, most = fall / log_ratio, _MOST_TERMS
    if parts[1]:
        # Theta_W falls like n r^n / (alpha sigma^2 / 2), later than K.
        count = (fall + np.log((1 - sigma) * sigma**2) - np.log1p(count)) / log_ratio
        # Its small eigenvalues have rounding errors anyway, so modes in which these and the
        # coefficients are small may be left out.
        log_modulus = np.log(max(abs(_ratio(sigma, c_star, omega_star)[0]), np.exp(log_ratio)))
        if log_modulus < 0:
            count = min(count, np.log(_NEGLIGIBLE) / log_modulus)
        most = _MOST_MODES
    if count > most:
        raise ValueError(
            f"sigma = {sigma!r} is so close to 1 that more than {most} modes learn. Take a smaller "
            "sigma."
        )
    return int(np.ceil(count)) + 2


def _modes(count, parts, sigma, c_star, omega_star):
    """Return eigenvalues of the tangent kernel, coefficients of the target, and eigenvectors.

    Where the kernel is diagonal already, None stands for the eigenvectors.
    """
    readers, recurrent = parts
    rates = readers * laguerre_spectrum(sigma, count)[0]
    coefficients = laguerre_coefficients(sigma, c_star, count, omega_star)
    if not recurrent:
        return rates, coefficients, None
    diagonal, beside = tangent_matrix(sigma, count)
    rates, vectors = eigh_tridiagonal(rates + diagonal, beside)
    return rates, coefficients @ vectors, vectors


def _tail(count, sigma, c_star, omega_star):
    """Return half the sum of the squared coefficients from `count` on, a geometric series."""
    # The distance from 1 is 2 alpha Re z / |z + alpha/2|^2 for |rho|^2 and
    # 2 alpha z / (z + alpha/2)^2 for rho^2; the denominators cancel those of the coefficients.
    z, rho = complex(c_star, omega_star), _ratio(sigma, c_star, omega_star)[0]
    return float((abs(rho) ** (2 * count) / z.real + (rho ** (2 * count) / z).real) / 8)
