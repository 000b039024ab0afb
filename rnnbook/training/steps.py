"""One step of an ODE method, and the norm in which its error is measured."""

from dataclasses import dataclass

import numpy as np


def norm(y):
    """Return the Euclidean norm of a vector."""
    # Not BLAS: its threads cost more than they save here when another program wants the cores.
    return float(np.sqrt(np.einsum("i,i", y, y)))


@dataclass(frozen=True)
class Step:
    """A step from (t, y) to (t_next, y_next) of length h, with the slopes at both ends.

    Methods add `POWER`, the power of h with which the estimated error of a step falls, the method
    `error`, which returns the norm of that estimate, and `interpolate`, the state at times between.
    """

    t: float
    y: np.ndarray
    slope: np.ndarray
    h: float
    t_next: float
    y_next: np.ndarray
    slope_next: np.ndarray

    def secant(self):
        """Return the curvature that the step saw along itself, 1/time: at most the largest."""
        return norm(self.slope_next - self.slope) / max(norm(self.y_next - self.y), 1e-300)
