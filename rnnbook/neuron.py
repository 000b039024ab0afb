"""One nonlinear neuron on white noise, exactly: density, loss, gradient, and gradient flow.

The neuron dh/dt = -h + w sat(h) + x has the output y = a sat(h), and is taught y* = int_0^inf
exp(-c* t) x(now - t) dt. Its density is that of thermal noise in the potential V(h) = h^2 / 2 - w
int_0^h sat, proportional to exp(-2 V(h)). A kick of the noise moves h, and what this does to the
output later on is the slope of

    R(h) = int_0^inf exp(-c* t) E[sat(h(t)) | h(0) = h] dt,   c* R + V' R' - R'' / 2 = sat,

a linear equation in one dimension, so that E[sat(h) y*] = E[R'(h)] and

    L = a^2 E[sat^2] / 2 - a E[R'] + 1 / (4 c*).

sat and R are odd, so half a line is enough: R vanishes at 0 and is flat where h is hardly ever. The
book's chapter "Nonlinear neurons" derives this.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp
from scipy.linalg import lu_factor, lu_solve

from .checks import finite_array, real_number, time_grid
from .saturation import integral, saturation
from .trajectory import Trajectory

_NODES = 80  # Chebyshev points; doubling them changes a loss by less than 1e-9 of its scale
_RARE = 40.0  # a density is cut off where it is exp(-40) of its maximum


def neuron_density(h: ArrayLike, w: float, gain: float) -> np.ndarray:
    """Return the stationary density of one nonlinear neuron driven by white noise.

    Parameters
    ----------
    h : array_like, shape (k,)
        Activities.
    w : float
        Weight of the neuron onto itself. Above 1 the density has two peaks.
    gain : float
        How soon the neuron saturates, above 0.

    Returns
    -------
    ndarray, shape (k,)
        Per unit of activity; its integral over all activities is 1.

    Examples
    --------
    >>> import rnnbook as rb
    >>> rb.neuron_density([-1, 0, 1], w=1.5, gain=1.0).round(3).tolist()
    [0.221, 0.159, 0.221]
    """
    h = finite_array(h, "h", (None,))
    w, gain = real_number(w, "w"), real_number(gain, "gain", 0, strict=True)
    neuron = _Neuron(w, gain)
    return neuron.scale / 2 * np.exp(-_twice_potential(h, w, gain) + neuron.lowest)


def neuron_loss_and_gradient(
    a: float, w: float, gain: float, c_star: float
) -> tuple[float, np.ndarray]:
    """Return the exact loss of one nonlinear neuron that is taught a leaky integrator.

    The neuron dh/dt = -h + w sat(h) + x(t) with output y = a sat(h) also stands for a network of n
    neurons with W = w u u^T, v = a u and all entries of u equal to +-n^-1/2.

    Parameters
    ----------
    a : float
        Weight of the read-out.
    w : float
        Weight of the neuron onto itself.
    gain : float
        How soon the neuron saturates, above 0.
    c_star : float
        Decay rate of the target, above 0.

    Returns
    -------
    loss : float
    gradient : ndarray, shape (2,)
        Derivatives by a and w.

    Examples
    --------
    >>> import rnnbook as rb
    >>> loss, gradient = rb.neuron_loss_and_gradient(a=1.0, w=0.9, gain=1e-6, c_star=0.1)
    >>> abs(loss) < 1e-9  # hardly any saturation: the linear neuron, which is at its target
    True
    """
    a, w = real_number(a, "a"), real_number(w, "w")
    gain = real_number(gain, "gain", 0, strict=True)
    c_star = real_number(c_star, "c_star", 0, strict=True)
    return _loss_and_gradient(a, w, gain, c_star)


def neuron_flow(
    s: ArrayLike, gain: float, c_star: float, initial: Sequence[float] = (0.0, 0.0)
) -> Trajectory:
    """Train one nonlinear neuron by gradient flow on its exact loss.

    Parameters
    ----------
    s : array_like, shape (k,)
        Learning times to record, sorted, none negative.
    gain : float
        How soon the neuron saturates, above 0.
    c_star : float
        Decay rate of the target, above 0.
    initial : sequence of float
        Read-out a and weight w at s = 0.

    Returns
    -------
    Trajectory
        With `variables` a and w; `outlier` is w too, the one eigenvalue.

    Raises
    ------
    RuntimeError
        If the flow cannot be integrated to the end of `s`.

    Examples
    --------
    >>> import rnnbook as rb
    >>> learned = rb.neuron_flow(s=[0, 2, 20], gain=0.6, c_star=0.25)
    >>> learned.variables["w"].round(3).tolist()
    [0.0, 0.461, 0.89]
    """
    s = time_grid(s, "s")
    gain = real_number(gain, "gain", 0, strict=True)
    c_star = real_number(c_star, "c_star", 0, strict=True)
    states = np.repeat(finite_array(initial, "initial", (2,))[:, None], s.size, axis=1)
    if s[-1] > 0:
        times, places = np.unique(s, return_inverse=True)
        solution = solve_ivp(
            lambda _, state: -_loss_and_gradient(state[0], state[1], gain, c_star)[1],
            (0.0, s[-1]),
            states[:, 0],
            method="LSODA",
            t_eval=times,
            rtol=1e-7,
            atol=1e-9,
        )
        if not solution.success:
            raise RuntimeError(f"The flow could not be integrated: {solution.message}")
        states = solution.y[:, places]
    loss = [_loss_and_gradient(a, w, gain, c_star)[0] for a, w in states.T]
    return Trajectory(
        s=s,
        loss=np.array(loss),
        outlier=states[1].astype(complex),
        variables=dict(zip("aw", states, strict=True)),
    )


def _loss_and_gradient(a, w, gain, c_star):
    neuron = _Neuron(w, gain)
    rate, slopes = neuron.rate, neuron.slopes
    operator = c_star * np.eye(_NODES + 1) + neuron.pull[:, None] * slopes - slopes @ slopes / 2
    operator[0] = np.eye(_NODES + 1)[0]
    operator[-1] = slopes[-1]
    inside = np.r_[0.0, np.ones(_NODES - 1), 0.0]
    factors = lu_factor(operator)
    lasting = slopes @ lu_solve(factors, inside * rate)  # R'
    square, overlap = neuron.mean(rate**2), neuron.mean(lasting)
    # By w: the density changes by twice what the integral of sat exceeds its mean by, and R solves
    # the same equation for a source sat R'.
    tilt = 2 * (neuron.integral - neuron.mean(neuron.integral))
    change = slopes @ lu_solve(factors, inside * rate * lasting)
    by_w = a**2 / 2 * neuron.mean(tilt * rate**2) - a * neuron.mean(tilt * lasting + change)
    loss = a**2 / 2 * square - a * overlap + 1 / (4 * c_star)
    return float(loss), np.array([a * square - overlap, by_w])


class _Neuron:
    """The upper half of a neuron's activities, on Chebyshev points from 0 to where h is rare.

    Attributes
    ----------
    rate, integral, pull : ndarray
        sat(h), its integral from 0 to h, and V'(h), at the points.
    slopes : ndarray
        The matrix of differentiation.
    lowest, scale : float
        The least value of 2 V, and what makes exp(lowest - 2 V) a density on the half line.
    """

    def __init__(self, w, gain):
        points, slopes, weights = _chebyshev()
        end = 1.0
        while True:
            twice = _twice_potential(end * points, w, gain)
            self.lowest = twice.min()
            if twice[-1] - self.lowest > _RARE:
                break
            end *= 1.15
        h = end * points
        self.rate, self.integral = saturation(h, gain), integral(h, gain)
        self.pull = h - w * self.rate
        self.slopes = slopes / end
        density = end * weights * np.exp(self.lowest - twice)
        self.scale = 1 / density.sum()
        self._density = self.scale * density

    def mean(self, values):
        """Mean of an even function of h."""
        return self._density @ values


def _twice_potential(h, w, gain):
    return h**2 - 2 * w * integral(h, gain)


@cache
def _chebyshev():
    """Return points from 0 to 1, the matrix of differentiation, and the weights of integration."""
    k = np.arange(_NODES + 1)
    angle = np.pi * k / _NODES
    ends = np.where((k == 0) | (k == _NODES), 2.0, 1.0)
    # sin^2 and products of sines, in place of differences that lose digits.
    points = np.sin(angle / 2) ** 2
    gaps = np.sin((angle[:, None] + angle) / 2) * np.sin((angle[:, None] - angle) / 2)
    signs = ends * (-1.0) ** k
    slopes = np.outer(signs, 1 / signs) / (gaps + np.eye(_NODES + 1))
    slopes -= np.diag(slopes.sum(axis=1))
    even = k[::2]
    terms = 1 / ((1 - even**2) * np.where((even == 0) | (even == _NODES), 2, 1))
    weights = 2 / (ends * _NODES) * (np.cos(np.outer(angle, even)) @ terms)
    return points, slopes, weights
