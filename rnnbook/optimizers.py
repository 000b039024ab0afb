"""Optimisers: what is added to the weights, as a function of the gradient and of a small state.

In `GradientDescent` eta is the learning rate. In the others it is the length by which a step moves
each trained part (W, u or v), however small its gradient is:

- `SignDescent` and `Adam` look at each weight on its own. They move an entry of W by eta / n and an
  entry of u or v by eta / sqrt(n), in all a Euclidean length of eta. (Adam's steps are shorter
  where the gradient changes its sign, and longer where it grows.)
- `SpectralDescent` gives all singular values of the step in W the size eta, and the step in a
  vector the length eta. It commutes with rotations of the neurons, as gradient descent does.

`descend` trains a network with any of them, and `ReducedFlow.descend` follows a reduced model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .checks import finite_array, fraction, real_number, whole_number

__all__ = [
    "Adam",
    "GradientDescent",
    "Optimizer",
    "SignDescent",
    "SpectralDescent",
    "newton_schulz",
    "polar_factor",
]

# The polynomial of Muon (Jordan et al., 2024): x -> a x + b x^3 + c x^5.
_QUINTIC = (3.4445, -4.7750, 2.0315)

Parts = Mapping[str, np.ndarray]

# Adam's state before its first step: steps taken, means, and means of squares.
_NOTHING: tuple[int, Parts, Parts] = (0, {}, {})


@dataclass(frozen=True)
class Optimizer:
    """What all optimisers have: a step length, and `update`.

    Parameters
    ----------
    eta : float
        Length of a step, above 0; one step advances learning time s by it.
    """

    eta: float

    def __post_init__(self):
        object.__setattr__(self, "eta", real_number(self.eta, "eta", 0, strict=True))

    def update(self, gradient: Parts, state: Any = None) -> tuple[dict[str, np.ndarray], Any]:
        """Return what is to be added to the weights, and the state for the next step.

        Neither the gradient nor the state is changed.

        Parameters
        ----------
        gradient : dict of str to ndarray
            Derivatives of the loss by what learns: "W", shape (n, n), "u" and "v", shape (n,).
        state : object, optional
            What the last call returned; None at the first step.

        Returns
        -------
        change : dict of str to ndarray
            Of the shapes of `gradient`.
        state : object
        """
        raise NotImplementedError


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Gradient descent, if asked for with heavy-ball momentum.

    The change of the weights is -eta times an accumulated gradient, to which each step keeps the
    part `momentum` of what was there and adds the new gradient (Polyak, 1964).

    Parameters
    ----------
    eta : float
        Learning rate, above 0.
    momentum : float
        Part of the last step that is taken again, from 0 to below 1.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnbook.optimizers import GradientDescent
    >>> slope = {"v": np.array([1.0, -2.0])}
    >>> change, state = GradientDescent(eta=0.1, momentum=0.5).update(slope)
    >>> change, state = GradientDescent(eta=0.1, momentum=0.5).update(slope, state)
    >>> change["v"].round(3).tolist()  # one and a half times the first step
    [-0.15, 0.3]
    """

    momentum: float = 0.0

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "momentum", _share(self.momentum, "momentum"))

    def update(self, gradient: Parts, state: Any = None) -> tuple[dict[str, np.ndarray], Any]:
        """Return the change and the state; see `Optimizer.update`."""
        gathered, state = _gather(gradient, state, self.momentum)
        return {name: -(self.eta * g) for name, g in gathered.items()}, state


@dataclass(frozen=True)
class SignDescent(Optimizer):
    """Sign descent: every weight takes a step of the same size, against the sign of its gradient.

    Parameters
    ----------
    eta : float
        Length of the step in W, u or v, above 0: eta / n an entry of W, eta / sqrt(n) of u or v.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnbook.optimizers import SignDescent
    >>> change, _ = SignDescent(eta=0.1).update({"v": np.array([1e-9, 0.0, -3.0, 5.0])})
    >>> change["v"].tolist()
    [-0.05, 0.0, 0.05, -0.05]
    """

    def update(self, gradient: Parts, state: Any = None) -> tuple[dict[str, np.ndarray], Any]:
        """Return the change and the state; see `Optimizer.update`."""
        return {x: self.eta / np.sqrt(g.size) * np.sign(-g) for x, g in gradient.items()}, None


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam: each weight steps along the mean of its gradient over its root mean square.

    Both means are running ones that forget exponentially, corrected for their start at zero
    (Kingma and Ba, 2015).

    Parameters
    ----------
    eta : float
        Length of the step in W, u or v, above 0, while gradients stay as they are: eta / n an entry
        of W, eta / sqrt(n) of u or v.
    keep_mean, keep_square : float
        What a step keeps of the running means of the gradient and of its square, from 0 to below 1.
    floor : float
        Added to the root mean square, above 0, so that a gradient of 0 makes no step.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnbook.optimizers import Adam
    >>> change, _ = Adam(eta=0.1).update({"v": np.array([1e-3, 0.0, -3.0, 5.0])})
    >>> change["v"].round(4)  # the first step is one of sign descent
    array([-0.05, -0.  ,  0.05, -0.05])
    """

    keep_mean: float = 0.9
    keep_square: float = 0.999
    floor: float = 1e-8

    def __post_init__(self):
        super().__post_init__()
        for name in ("keep_mean", "keep_square"):
            object.__setattr__(self, name, _share(getattr(self, name), name))
        object.__setattr__(self, "floor", real_number(self.floor, "floor", 0, strict=True))

    def update(self, gradient: Parts, state: Any = None) -> tuple[dict[str, np.ndarray], Any]:
        """Return the change and the state; see `Optimizer.update`."""
        taken, means, squares = state or _NOTHING
        taken += 1
        keep, keep_square = self.keep_mean, self.keep_square
        means = {k: keep * means.get(k, 0.0) + (1 - keep) * g for k, g in gradient.items()}
        squares = {
            k: keep_square * squares.get(k, 0.0) + (1 - keep_square) * g**2
            for k, g in gradient.items()
        }
        change = {}
        for name, mean in means.items():
            size = np.sqrt(squares[name] / (1 - keep_square**taken)) + self.floor
            length = self.eta / np.sqrt(mean.size)
            change[name] = -length * (mean / (1 - keep**taken)) / size
        return change, (taken, means, squares)


@dataclass(frozen=True)
class SpectralDescent(Optimizer):
    """Spectral descent: the step in W has singular values eta, along the gradient's directions.

    A vector takes a step of length eta along its gradient. With momentum, what is made orthogonal
    is the accumulated gradient, as in Muon.

    Parameters
    ----------
    eta : float
        Spectral norm of the step in W, and length of the step in u or v; above 0.
    momentum : float
        Part of the accumulated gradient that is kept, from 0 to below 1.
    cutoff : float
        Singular values below this part of the largest one are taken for zero; between 0 and 1. See
        `polar_factor`.
    schulz : int
        If above 0, take so many Newton-Schulz steps of Muon instead; see `newton_schulz`.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnbook.optimizers import SpectralDescent
    >>> change, _ = SpectralDescent(eta=0.1).update({"W": np.diag([2.0, 1.0, 1e-6])})
    >>> change["W"].diagonal().round(12)
    array([-0.1, -0.1, -0. ])
    """

    momentum: float = 0.0
    cutoff: float = 0.1
    schulz: int = 0

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "momentum", _share(self.momentum, "momentum"))
        object.__setattr__(self, "cutoff", fraction(self.cutoff, "cutoff"))
        object.__setattr__(self, "schulz", whole_number(self.schulz, "schulz", 0))

    def update(self, gradient: Parts, state: Any = None) -> tuple[dict[str, np.ndarray], Any]:
        """Return the change and the state; see `Optimizer.update`."""
        gathered, state = _gather(gradient, state, self.momentum)
        return {name: -self.eta * self._direction(g) for name, g in gathered.items()}, state

    def _direction(self, g):
        if g.ndim == 1:
            return g / (np.linalg.norm(g) or 1.0)
        if self.schulz:
            return newton_schulz(g, self.schulz)
        return polar_factor(g, self.cutoff)


_EIGEN = 0.01  # cut-off above which the squares of singular values keep twelve digits


def polar_factor(matrix: ArrayLike, cutoff: float = 0.1) -> np.ndarray:
    """Return the matrix with its singular values set to 1, and those near 0 to 0.

    The orthogonal factor of a polar decomposition is this with no cut-off. But that factor blows up
    to 1 what rounding, or a weak disturbance, has left beside the leading singular values.

    Parameters
    ----------
    matrix : array_like, shape (n, m)
    cutoff : float
        Singular values below this part of the largest are set to 0; between 0 and 1.

    Returns
    -------
    ndarray, shape (n, m)
        Zero for a matrix of zeros.

    Examples
    --------
    >>> import rnnbook as rb
    >>> rb.optimizers.polar_factor([[3.0, 0.0], [0.0, 1e-12]]).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    matrix = finite_array(matrix, "matrix", (None, None))
    cutoff = fraction(cutoff, "cutoff")
    if cutoff < _EIGEN:
        left, sizes, right = np.linalg.svd(matrix, full_matrices=False)
        kept = (sizes > 0) & (sizes >= cutoff * sizes[0])
        return left[:, kept] @ right[kept]
    # With M^T M = R S^2 R^T the factor is M R S^-1 R^T. It takes half the time, and squaring costs
    # no digits that count as long as no small singular value is kept.
    scale = np.abs(matrix).max(initial=0.0) or 1.0
    matrix = matrix / scale
    squares, right = np.linalg.eigh(matrix.T @ matrix)
    kept = (squares > 0) & (squares >= cutoff**2 * squares[-1:])
    right = right[:, kept]
    return (matrix @ (right / np.sqrt(squares[kept]))) @ right.T


def newton_schulz(matrix: ArrayLike, steps: int = 5) -> np.ndarray:
    """Return what Muon takes for the orthogonal factor: a polynomial in the matrix, no SVD.

    The matrix is divided by its Frobenius norm. Each step then takes every singular value x to
    3.4445 x - 4.7750 x^3 + 2.0315 x^5: small ones grow 3.4445 times, until they arrive between
    about 0.7 and 1.2, where they stay.

    Parameters
    ----------
    matrix : array_like, shape (n, m)
    steps : int
        At least 1.

    Returns
    -------
    ndarray, shape (n, m)
        Zero for a matrix of zeros.

    Notes
    -----
    The coefficients are those of Jordan et al. (2024).

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> rb.optimizers.newton_schulz(np.diag([1.0, 1e-3])).diagonal().round(2).tolist()
    [0.7, 0.47]
    """
    X = finite_array(matrix, "matrix", (None, None))
    steps = whole_number(steps, "steps", 1)
    length = np.linalg.norm(X)
    if length == 0:
        return X
    X = X / length
    a, b, c = _QUINTIC
    for _ in range(steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X


def _gather(gradient, state, momentum):
    """The accumulated gradient, which is also the next state; none is kept without momentum."""
    if momentum == 0:
        return gradient, None
    state = state or {}
    gathered = {name: momentum * state.get(name, 0.0) + g for name, g in gradient.items()}
    return gathered, gathered


def _share(value, name):
    share = real_number(value, name, 0)
    if share >= 1:
        raise ValueError(f"{name} must be below 1; got {share:g}.")
    return share
