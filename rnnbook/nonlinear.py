"""Recurrent networks whose neurons saturate."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from .checks import finite_array, one_channel, real_number
from .networks import LinearRNN
from .saturation import saturation, slope


@dataclass(frozen=True, eq=False)
class NonlinearRNN:
    """The network dh/dt = -h + W sat(h) + u x(t), y = v.sat(h), whose neurons saturate.

    Each neuron's output is sat(h) = erf(sqrt(pi) b h / 2) / b, with slope one at zero and limits
    +-1 / b. Here b = gain sqrt(n): activities are of the order n^-1/2 if u is a unit vector, and a
    neuron then saturates as much in a large network as in a small one. Immutable, like `LinearRNN`.

    Parameters
    ----------
    W : array_like, shape (n, n)
        Recurrent weights.
    u : array_like, shape (n,)
        Read-in weights.
    v : array_like, shape (n,)
        Read-out weights.
    gain : float
        How soon a neuron saturates, above 0; for no saturation take a `LinearRNN`.

    Raises
    ------
    ValueError
        If a shape is wrong, an entry is not finite, or the gain is not above 0.

    Examples
    --------
    >>> import rnnbook as rb
    >>> rnn = rb.NonlinearRNN(W=[[0.5]], u=[1.0], v=[1.0], gain=0.5)
    >>> rnn.rates([[0.1], [100.0]]).round(3).tolist()  # nearly h if small, and never above 1 / gain
    [[0.1], [2.0]]
    """

    W: np.ndarray
    u: np.ndarray
    v: np.ndarray
    gain: float

    several = False  # as in a `LinearRNN` with one input and one output

    def __post_init__(self):
        gain = real_number(self.gain, "gain", 0, strict=True)
        checked = one_channel(LinearRNN(self.W, self.u, self.v), "the network")
        self.__dict__.update(W=checked.W, u=checked.u, v=checked.v, gain=gain)

    @property
    def n(self) -> int:
        """Number of neurons."""
        return self.u.size

    @cached_property
    def linearized(self) -> LinearRNN:
        """The linear network with the same weights: what is left if activity is small."""
        return LinearRNN(self.W, self.u, self.v)

    @property
    def outlier(self) -> complex:
        """Eigenvalue of W with the largest real part; it may pass 1, since neurons saturate."""
        return self.linearized.outlier

    def eigenvalues(self) -> np.ndarray:
        """Return all eigenvalues of W, rightmost first; ndarray of complex, shape (n,)."""
        return self.linearized.eigenvalues()

    def rates(self, h: ArrayLike) -> np.ndarray:
        """Return the neurons' outputs sat(h).

        Parameters
        ----------
        h : array_like, shape (..., n)
            Activities.

        Returns
        -------
        ndarray, shape of `h`
        """
        return saturation(np.asarray(h, dtype=float), self.gain * np.sqrt(self.n))

    def slopes(self, h: ArrayLike) -> np.ndarray:
        """Return the derivatives of the outputs by the activities; arguments as for `rates`."""
        return slope(np.asarray(h, dtype=float), self.gain * np.sqrt(self.n))

    def simulate(
        self, x: ArrayLike, dt: float, *, return_states: bool = False
    ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """Run the network from rest on an input held constant over each step of length `dt`.

        By Heun's method: for such inputs the error of a step falls with the third power of dt.

        Parameters
        ----------
        x : array_like, shape (steps,) or (trials, steps)
            Input. White noise of unit intensity has standard deviation dt**-0.5 per sample.
        dt : float
            Step, in membrane time constants.
        return_states : bool
            Also return the activity of every neuron.

        Returns
        -------
        y : ndarray, shape of `x`
            Output at the end of each step.
        h : ndarray, shape (steps, n) or (trials, steps, n)
            Activity at the end of each step; only if `return_states`.
        """
        dt = real_number(dt, "dt", 0, strict=True)
        x = finite_array(x, "x", (None,) * max(1, min(np.ndim(x), 2)))
        states = np.zeros((*x.shape, self.n))
        h = np.zeros((*x.shape[:-1], self.n))
        for k in range(x.shape[-1]):
            drive = x[..., k, None] * self.u
            first = drive - h + self.rates(h) @ self.W.T
            ahead = h + dt * first
            h = h + dt / 2 * (first + drive - ahead + self.rates(ahead) @ self.W.T)
            states[..., k, :] = h
        y = self.rates(states) @ self.v
        return (y, states) if return_states else y


def unchecked(W, u, v, gain):
    """Return the NonlinearRNN of float arrays that fit and that nobody is going to change."""
    rnn = object.__new__(NonlinearRNN)
    rnn.__dict__.update(W=W, u=u, v=v, gain=gain)
    return rnn
