"""The explicit Runge-Kutta method of Dormand and Prince (1980), of order five.

It takes long steps where nothing is stiff: on plateaus, and through transitions. Each costs six
slopes, and is stable for step * curvature up to about 3.3.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.integrate import RK45  # its coefficients, and those of its interpolant

from .steps import Step, norm

SLOPES = 6  # that a step costs


@dataclass(frozen=True)
class DormandPrinceStep(Step):
    """A step, with the slopes at its seven stages as rows of an array."""

    POWER: ClassVar = 5
    stages: np.ndarray
    curvature: float  # what the last two stages show, 1/time

    def error(self):
        """Return the norm of the estimated error, that of the embedded method of order four."""
        return self.h * norm(RK45.E @ self.stages)

    def interpolate(self, t):
        """Return the interpolant of order four at `t`."""
        powers = ((t - self.t) / self.h) ** np.arange(1, 5)
        return self.y + self.h * (RK45.P @ powers @ self.stages)


def longest(curvature):
    """Return the longest step that is stable."""
    return 3.3 / max(curvature, 1e-300)


def advance(slope, t, y, f, h, t_next):
    """Take a step of length `h` from `y` with slope `f`; `t_next` is t + h, rounded at will."""
    stages = np.empty((7, y.size))
    stages[0] = f
    for i in range(1, 6):
        inside = y + h * (RK45.A[i, :i] @ stages[:i])
        stages[i] = slope(inside)
    y_next = y + h * (RK45.B @ stages[:6])
    stages[6] = slope_next = slope(y_next)
    # The last two stages lie at the same time, a little apart: as good as a probe, and free.
    curvature = norm(stages[6] - stages[5]) / max(norm(y_next - inside), 1e-300)
    return DormandPrinceStep(t, y, f, h, t_next, y_next, slope_next, stages, curvature)
