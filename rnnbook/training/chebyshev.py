"""A stabilised explicit ODE method for gradient flow: Runge-Kutta-Chebyshev of order two.

The Jacobian of a gradient flow is minus a Hessian, so its eigenvalues are real; near a slow target
the largest is huge. The k-stage Chebyshev method is stable for step * curvature up to about
0.65 (k^2 - 1), so its cost grows with the square root of the stiffness, and it never forms or
solves with a Jacobian, which for n^2 weights would have n^4 entries.

Method and error estimate follow Sommeijer, Shampine and Verwer (1998).
"""

import numpy as np

from .steps import Step, norm

_DAMPING = 2 / 13
_MAX_STAGES = 250


class ChebyshevStep(Step):
    """A step of the method of order two."""

    POWER = 3

    def error(self):
        """Return the norm of the estimated error."""
        return second_order_error(self)

    def interpolate(self, t):
        """Return the cubic Hermite interpolant at `t`, of the order of the method."""
        x = (t - self.t) / self.h
        blend = x * x * (3 - 2 * x)
        return (
            (1 - blend) * self.y
            + blend * self.y_next
            + (self.h * x * (1 - x) ** 2) * self.slope
            - (self.h * x * x * (1 - x)) * self.slope_next
        )


def second_order_error(step):
    """Return the norm of the error that a Chebyshev step makes where `step` was taken."""
    residual = 0.8 * (step.y - step.y_next) + (0.4 * step.h) * (step.slope + step.slope_next)
    return norm(residual)


def longest(curvature):
    """Return the longest step that is stable with the most stages allowed."""
    return 0.65 * (_MAX_STAGES**2 - 1) / max(curvature, 1e-300)


def _stages(h, curvature):
    """Return how many stages, each a slope, a stable step of length `h` needs."""
    return max(2, int(np.ceil(np.sqrt(1 + h * curvature / 0.65))))


def slopes(h, curvature):
    """Return how many slopes a step of length `h` costs, with its share of a look at curvature."""
    return _stages(min(h, longest(curvature)), curvature) + 1


class Curvature:
    """Upper estimate of the largest curvature, by power iteration on differences of slopes."""

    def __init__(self, slope, retried):
        self.slope = slope
        self.retried = retried
        self.direction = None

    def estimate(self, y, f):
        direction = self.direction if self.direction is not None else f
        length = norm(direction)
        if length == 0:
            direction, length = np.ones_like(y), np.sqrt(y.size)
        # Far above the accuracy of the slope, and small against the scale on which it bends.
        probe = 1e-4 * max(1.0, norm(y))
        rho = 0.0
        for _ in range(20):
            try:
                change = self.slope(y + (probe / length) * direction) - f
            except self.retried:
                probe *= 0.1
                if probe < 1e-12:
                    raise
                continue
            last, rho = rho, norm(change) / probe
            if rho == 0:
                break
            # The slope is minus a gradient. With the sign kept, all probes lie on the same side:
            # where curvature changes quickly, the two sides would take turns for ever.
            direction, length = -change, rho * probe
            if abs(rho - last) <= 0.02 * rho:
                break
        self.direction = direction
        return 1.25 * rho


def advance(slope, t, y, f, h, t_next, curvature):
    """Take a step of length `h` from `y` with slope `f`, in as many stages as `curvature` asks."""
    k = _stages(h, curvature)
    w0 = 1 + _DAMPING / k**2
    T, dT, d2T = [1.0, w0], [0.0, 1.0], [0.0, 0.0]
    for _ in range(2, k + 1):
        d2T.append(2 * w0 * d2T[-1] - d2T[-2] + 4 * dT[-1])
        dT.append(2 * w0 * dT[-1] - dT[-2] + 2 * T[-1])
        T.append(2 * w0 * T[-1] - T[-2])
    w1 = dT[k] / d2T[k]
    b = [d2T[j] / dT[j] ** 2 for j in range(2, k + 1)]
    b = [b[0], b[0], *b]
    before, now = y, y + (b[1] * w1 * h) * f
    for j in range(2, k + 1):
        mu, nu = 2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2]
        mu_slope = 2 * b[j] * w1 / b[j - 1]
        a = 1 - b[j - 1] * T[j - 1]
        following = (1 - mu - nu) * y + mu * now + nu * before
        following += (mu_slope * h) * slope(now)
        following -= (a * mu_slope * h) * f
        before, now = now, following
    return ChebyshevStep(t, y, f, h, t_next, now, slope(now))
