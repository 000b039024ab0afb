"""Linear recurrent networks and their initial states."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from . import state_space
from .checks import channels, finite_array, generator, real_number, whole_number


class UnstableNetworkError(ValueError):
    """The spectral abscissa of W is 1 or more: activity does not decay, the loss is infinite."""


@dataclass(frozen=True, eq=False)
class LinearRNN:
    """The network dh/dt = -h + W h + u x(t), y = v.h, whose impulse response is v exp((W-I)t) u.

    Immutable: the arrays are read-only copies. Time is measured in membrane time constants. A
    network with p inputs and q outputs has a matrix for u or v, with one column for each.

    Parameters
    ----------
    W : array_like, shape (n, n)
        Recurrent weights.
    u : array_like, shape (n,) or (n, p)
        Read-in weights.
    v : array_like, shape (n,) or (n, q)
        Read-out weights.

    Raises
    ------
    ValueError
        If a shape is wrong or an entry is not finite. An unstable network may be made (one may
        want to look at it), but has no loss: see `check_stable`.

    Examples
    --------
    >>> import rnnbook as rb
    >>> rnn = rb.LinearRNN(W=[[0.5]], u=[1.0], v=[2.0])  # one neuron
    >>> rnn.outlier
    (0.5+0j)
    >>> rnn.impulse_response([0, 1, 2]).round(4).tolist()  # 2 exp(-t / 2)
    [2.0, 1.2131, 0.7358]
    """

    W: np.ndarray
    u: np.ndarray
    v: np.ndarray

    def __post_init__(self):
        n = channels(self.u, "u", None).shape[0]
        if n == 0:
            raise ValueError("u is empty; a network needs at least one neuron.")
        object.__setattr__(self, "W", finite_array(self.W, "W", (n, n)))
        object.__setattr__(self, "u", channels(self.u, "u", n))
        object.__setattr__(self, "v", channels(self.v, "v", n))

    @property
    def n(self) -> int:
        """Number of neurons."""
        return self.u.shape[0]

    @property
    def inputs(self) -> int:
        """Number of inputs."""
        return self.u.size // self.n

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.v.size // self.n

    @property
    def several(self) -> bool:
        """Whether u or v is a matrix, with one column for each input or output."""
        return self.u.ndim + self.v.ndim > 2

    @cached_property
    def _eigenvalues(self):
        eigenvalues = np.linalg.eigvals(self.W).astype(complex)
        # Rightmost first; of a conjugate pair, the one with positive imaginary part first.
        order = np.lexsort((-eigenvalues.imag, -eigenvalues.real))
        eigenvalues = eigenvalues[order]
        eigenvalues.flags.writeable = False
        return eigenvalues

    def eigenvalues(self) -> np.ndarray:
        """Return all eigenvalues of W, rightmost first.

        Returns
        -------
        ndarray of complex, shape (n,)
        """
        return self._eigenvalues

    @property
    def outlier(self) -> complex:
        """Eigenvalue of W with the largest real part (of a pair, the one with imag >= 0)."""
        return complex(self._eigenvalues[0])

    @property
    def spectral_abscissa(self) -> float:
        """Largest real part of any eigenvalue of W; the network is stable when it is below 1."""
        return float(self._eigenvalues[0].real)

    def check_stable(self) -> None:
        """Raise if the network is unstable or marginal.

        Raises
        ------
        UnstableNetworkError
            If the spectral abscissa of W is at or above 1.
        """
        if self.spectral_abscissa >= 1:
            raise UnstableNetworkError(
                f"W is unstable: its spectral abscissa is {self.spectral_abscissa:.6g}, at or "
                "above 1, so activity does not decay and the loss is infinite. Scale W down, or "
                "take smaller learning steps if training led here."
            )

    def impulse_response(self, t: ArrayLike) -> np.ndarray:
        """Return f(t) = v exp((W - I) t) u.

        Parameters
        ----------
        t : array_like, shape (k,)
            Sorted times, none negative, in membrane time constants.

        Returns
        -------
        ndarray, shape (k,)
            If u is a matrix, with an axis of length p added at the end; if v is, with one of
            length q added after the first.
        """
        return state_space.impulse_response(self.W - np.eye(self.n), self.u, self.v.T, t)

    def simulate(
        self, x: ArrayLike, dt: float, *, return_states: bool = False
    ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """Run the network from rest on an input held constant over each step of length `dt`.

        Exact for such inputs, whatever dt is.

        Parameters
        ----------
        x : array_like, shape (steps,) or (trials, steps)
            Input. White noise of unit intensity has standard deviation dt**-0.5 per sample. If u
            is a matrix, with an axis of length p added at the end.
        dt : float
            Step, in membrane time constants.
        return_states : bool
            Also return the activity of every neuron.

        Returns
        -------
        y : ndarray, shape (steps,) or (trials, steps)
            Output at the end of each step. If v is a matrix, with an axis of length q added.
        h : ndarray, shape (steps, n) or (trials, steps, n)
            Activity at the end of each step; only if `return_states`.
        """
        y, h = state_space.simulate(self.W - np.eye(self.n), self.u, self.v.T, x, dt)
        return (y, h) if return_states else y


def unchecked(W, u, v):
    """Return the LinearRNN of float arrays that fit and that nobody is going to change.

    For weights that this package computed itself. It saves the copies and checks of `LinearRNN`,
    which for thousands of networks in a row take as long as some of the mathematics.
    """
    rnn = object.__new__(LinearRNN)
    rnn.__dict__.update(W=W, u=u, v=v)
    return rnn


def ginibre(n: int, sigma: float, rng: np.random.Generator, v_scale: float = 0.0) -> LinearRNN:
    """Draw a random network: W_ij ~ N(0, sigma^2 / n), u and v in independent random directions.

    The eigenvalues of W fill the disc of radius sigma (circular law) as n grows.

    Parameters
    ----------
    n : int
        Number of neurons, at least 1.
    sigma : float
        Scale of the weights, at least 0; their eigenvalues fill a disc of this radius as n grows.
        At 1 and above a large network is unstable.
    rng : numpy.random.Generator
        Source of randomness.
    v_scale : float
        Norm of v, at least 0. The norm of u is 1.

    Returns
    -------
    LinearRNN

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> rnn = rb.ginibre(n=200, sigma=0.3, rng=np.random.default_rng(0))
    >>> rnn.W.shape
    (200, 200)
    >>> bool(0.25 < rnn.spectral_abscissa < 0.35)  # near sigma, as the circular law says
    True
    """
    n = whole_number(n, "n", 1)
    sigma = real_number(sigma, "sigma", 0)
    v_scale = real_number(v_scale, "v_scale", 0)
    rng = generator(rng)
    W = rng.normal(0.0, sigma / np.sqrt(n), (n, n))
    u, v = rng.normal(size=(2, n))
    return LinearRNN(W, u / np.linalg.norm(u), v_scale * v / np.linalg.norm(v))


_MAX_DEPTH = 12  # 8191 neurons a tree, half a gigabyte of weights


def fock(depth: int, sigma: float, v_scale: float = 0.0) -> LinearRNN:
    """Return the deterministic network that learns as `ginibre(n, ...)` does for n to infinity.

    Its neurons are the nodes of a binary tree, numbered level by level from the root, so that node
    k has the children 2 k + 1 and 2 k + 2. Each node sends its activity to its first child and
    receives that of its second child, all with weight sigma: W = sigma (l1 + l2^T), where l1 and l2
    carry a node to its first and second child. The read-in u is the root.

    Every moment u^T M u, with M a product of up to 2 depth + 1 factors W or W^T in any order, is
    exactly the limit of its mean over random networks. Learning is a function of these moments, and
    depends on long products less and less: results converge geometrically in `depth`.

    Parameters
    ----------
    depth : int
        Levels of the tree below its root, from 0 to 12. There are 2^(depth + 1) - 1 nodes.
    sigma : float
        Scale of the random weights that are imitated, at least 0; their eigenvalues fill a disc of
        this radius as n grows. Those of W itself are all 0: without learning they say nothing about
        the limit.
    v_scale : float
        Norm of v, at least 0. If it is above 0, v is `v_scale` times the root of a second such
        tree, which stands for a random direction independent of u, and n doubles.

    Returns
    -------
    LinearRNN

    Raises
    ------
    ValueError
        If an argument is out of range; `depth` because n doubles with each level.

    Notes
    -----
    l1 + l2^T on an infinite tree is the circular element of free probability, on the full Fock
    space over C^2 with u for the vacuum (Voiculescu, Dykema and Nica, 1992).

    Examples
    --------
    >>> import rnnbook as rb
    >>> rb.fock(depth=2, sigma=0.3).n
    7
    """
    depth = whole_number(depth, "depth", 0)
    if depth > _MAX_DEPTH:
        raise ValueError(
            f"depth must be at most {_MAX_DEPTH}; got {depth}, which makes {2 ** (depth + 1) - 1} "
            "neurons a tree. Results rarely change beyond a depth of 7."
        )
    sigma = real_number(sigma, "sigma", 0)
    v_scale = real_number(v_scale, "v_scale", 0)
    size = 2 ** (depth + 1) - 1
    n = 2 * size if v_scale > 0 else size
    W, u, v = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    parents = np.arange(2**depth - 1)
    for root in range(0, n, size):
        W[root + 2 * parents + 1, root + parents] = sigma
        W[root + parents, root + 2 * parents + 2] = sigma
    u[0] = 1.0
    if v_scale > 0:
        v[size] = v_scale
    return LinearRNN(W, u, v)
