"""Target filters: the stable linear time-invariant systems that a network is asked to become."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import solve_continuous_lyapunov

from . import state_space
from .checks import channels, finite_array, one_channel, real_number


@dataclass(frozen=True, eq=False)
class Filter:
    """A stable linear filter dz/dt = A z + B x, y = C z.

    Parameters
    ----------
    A : array_like, shape (order, order)
        State matrix, in units of 1/(membrane time constant); every eigenvalue (pole) must have a
        negative real part.
    B : array_like, shape (order,) or (order, p)
        How the input x enters the state; a matrix has one column for each of p inputs.
    C : array_like, shape (order,) or (q, order)
        How the output is read from the state; a matrix has one row for each of q outputs.

    Raises
    ------
    ValueError
        If a shape is wrong, an entry is not finite, or the filter is unstable.
    """

    A: np.ndarray
    B: np.ndarray
    C: np.ndarray

    def __post_init__(self):
        A = finite_array(self.A, "A", (None, None))
        order = A.shape[0]
        if order == 0:
            raise ValueError("A is empty; a filter needs at least one state.")
        object.__setattr__(self, "A", finite_array(A, "A", (order, order)))
        object.__setattr__(self, "B", channels(self.B, "B", order))
        # A matrix C has one row for each output, so that C z is the output.
        C = channels(np.transpose(self.C), "C, transposed," if np.ndim(self.C) == 2 else "C", order)
        object.__setattr__(self, "C", C.T)
        if self.poles[0].real >= 0:
            raise ValueError(
                f"A is unstable: its rightmost eigenvalue is {self.poles[0]:.4g}, so the impulse "
                "response has infinite energy. Give a filter whose poles have negative real parts."
            )

    @cached_property
    def poles(self) -> np.ndarray:
        """Eigenvalues of A, rightmost first; complex ndarray, shape (order,)."""
        poles = np.linalg.eigvals(self.A).astype(complex)
        poles = poles[np.argsort(-poles.real)]
        poles.flags.writeable = False
        return poles

    @cached_property
    def energy(self) -> float:
        """Integral of f(t)**2 over t from 0 to infinity: the squared H2 norm of the filter.

        With several inputs or outputs, the sum over all pairs.
        """
        B, C = self.B.reshape(len(self.A), -1), np.atleast_2d(self.C)
        gramian = solve_continuous_lyapunov(self.A, -B @ B.T)
        return float(np.vdot(C, C @ gramian))

    @property
    def inputs(self) -> int:
        """Number of inputs."""
        return self.B.size // len(self.A)

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.C.size // len(self.A)

    @property
    def several(self) -> bool:
        """Whether B or C is a matrix, with a column or row for each input or output."""
        return self.B.ndim + self.C.ndim > 2

    def impulse_response(self, t: ArrayLike) -> np.ndarray:
        """Return f(t) = C exp(A t) B.

        Parameters
        ----------
        t : array_like, shape (k,)
            Sorted times, none negative, in membrane time constants.

        Returns
        -------
        ndarray, shape (k,)
            If B is a matrix, with an axis of length p added at the end; if C is, with one of
            length q added after the first.
        """
        return state_space.impulse_response(self.A, self.B, self.C, t)

    def transfer(self, z: ArrayLike) -> complex | np.ndarray:
        """Return the transfer function F(z) = C (z I - A)^-1 B, the Laplace transform of f.

        For filters with one input and one output.

        Parameters
        ----------
        z : complex or array_like of complex
            Where to evaluate; not a pole.

        Returns
        -------
        complex or ndarray of complex, shape of `z`
        """
        one_channel(self, "this filter")
        z = np.asarray(z, dtype=complex)
        resolvent_argument = z[..., None, None] * np.eye(self.B.size) - self.A
        states = np.linalg.solve(resolvent_argument, self.B[:, None].astype(complex))[..., 0]
        value = states @ self.C
        return complex(value) if value.ndim == 0 else value

    def simulate(self, x: ArrayLike, dt: float) -> np.ndarray:
        """Run the filter from rest on an input held constant over each step of length `dt`.

        Parameters
        ----------
        x : array_like, shape (steps,) or (trials, steps)
            Input. White noise of unit intensity has standard deviation dt**-0.5 per sample. If B
            is a matrix, with an axis of length p added at the end.
        dt : float
            Step, in membrane time constants.

        Returns
        -------
        ndarray, shape (steps,) or (trials, steps)
            Output at the end of each step. If C is a matrix, with an axis of length q added.
        """
        return state_space.simulate(self.A, self.B, self.C, x, dt)[0]


def exponential(c_star: float) -> Filter:
    """Return the leaky integrator f*(t) = exp(-c* t).

    Parameters
    ----------
    c_star : float
        Decay rate, above 0; the time constant is T* = 1/c*.

    Returns
    -------
    Filter

    Examples
    --------
    >>> import rnnbook as rb
    >>> target = rb.exponential(c_star=0.1)  # remembers for 10 membrane time constants
    >>> round(target.energy, 6)  # 1 / (2 c*)
    5.0
    >>> target.impulse_response([0, 10]).round(4).tolist()
    [1.0, 0.3679]
    """
    c_star = real_number(c_star, "c_star", 0, strict=True)
    return Filter(np.array([[-c_star]]), np.ones(1), np.ones(1))


def damped_cosine(c_star: float, omega_star: float) -> Filter:
    """Return f*(t) = exp(-c* t) cos(omega* t).

    Parameters
    ----------
    c_star : float
        Decay rate, above 0.
    omega_star : float
        Angular frequency, in radians per membrane time constant.

    Returns
    -------
    Filter
    """
    return Filter(_rotation(c_star, omega_star), np.array([1.0, 0.0]), np.array([1.0, 0.0]))


def damped_sine(c_star: float, omega_star: float) -> Filter:
    """Return f*(t) = exp(-c* t) sin(omega* t).

    Parameters
    ----------
    c_star : float
        Decay rate, above 0.
    omega_star : float
        Angular frequency, in radians per membrane time constant.

    Returns
    -------
    Filter
    """
    return Filter(_rotation(c_star, omega_star), np.array([1.0, 0.0]), np.array([0.0, 1.0]))


def _rotation(c_star, omega_star):
    c_star = real_number(c_star, "c_star", 0, strict=True)
    omega_star = real_number(omega_star, "omega_star")
    return np.array([[-c_star, -omega_star], [omega_star, -c_star]])


def mixture(amplitudes: ArrayLike, rates: ArrayLike) -> Filter:
    """Return a sum of exponentials, f*(t) = sum_k amplitudes[k] exp(-rates[k] t).

    Parameters
    ----------
    amplitudes : array_like, shape (k,)
    rates : array_like, shape (k,)
        Decay rates, each above 0.

    Returns
    -------
    Filter

    Examples
    --------
    >>> import rnnbook as rb
    >>> rb.mixture(amplitudes=[1, 2], rates=[0.1, 0.5]).poles.real.tolist()
    [-0.1, -0.5]
    """
    amplitudes = finite_array(amplitudes, "amplitudes", (None,))
    rates = finite_array(rates, "rates", amplitudes.shape)
    if rates.size == 0 or rates.min() <= 0:
        raise ValueError("rates must hold at least one decay rate, each greater than 0.")
    return Filter(np.diag(-rates), np.ones(rates.size), amplitudes)
