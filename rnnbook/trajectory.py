"""What learning returns: a trajectory, or an error that carries the part before it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .networks import LinearRNN, UnstableNetworkError


@dataclass(frozen=True, eq=False)
class Trajectory:
    """How learning went: what was recorded at each learning time.

    Attributes
    ----------
    s : ndarray, shape (k,)
        Learning times.
    loss : ndarray, shape (k,)
        Exact population loss.
    outlier : ndarray of complex, shape (k,), or None
        Eigenvalue of W with the largest real part (of a pair, the one with imag >= 0); None if
        learning was not to record it.
    eigenvalues : ndarray of complex, shape (k, n), or None
        All eigenvalues of W, rightmost first, if they were asked for.
    responses : ndarray, shape (k, m), or None
        Impulse response at the m times that were asked for.
    variables : dict of str to ndarray of shape (k,), or None
        Variables of a reduced model by name; None for a network.
    final : LinearRNN or None
        The network at the last recorded time, or, if `partial`, at the last time reached; None for
        a reduced model.
    partial : bool
        Whether learning was interrupted before the last time asked for.
    """

    s: np.ndarray
    loss: np.ndarray
    outlier: np.ndarray | None
    eigenvalues: np.ndarray | None = None
    responses: np.ndarray | None = None
    variables: dict | None = None
    final: LinearRNN | None = None
    partial: bool = False

    @property
    def decay_rate(self) -> np.ndarray:
        """Decay rate c = 1 - Re(outlier) of the slowest mode; ndarray, shape (k,)."""
        if self.outlier is None:
            raise ValueError("this trajectory has no decay rate: it was recorded without outlier.")
        return 1 - self.outlier.real

    def plot(self, axes: Any = None, **style: Any) -> Any:
        """Draw loss and decay rate against learning time; see `plots.plot_trajectory`."""
        from .plots import plot_trajectory  # here, since matplotlib takes time to load

        return plot_trajectory(self, axes, **style)


class UnstableTrainingError(UnstableNetworkError):
    """Learning reached instability; `trajectory` holds what was recorded before.

    Parameters
    ----------
    message : str
    trajectory : Trajectory
        Marked as partial.
    """

    def __init__(self, message: str, trajectory: Trajectory) -> None:
        super().__init__(message)
        self.trajectory = trajectory
