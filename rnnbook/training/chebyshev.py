"""A stabilised explicit ODE method for gradient flow: Runge-Kutta-Chebyshev of order two.

The Jacobian of a gradient flow is minus a Hessian, so its eigenvalues are real; near a slow target
the largest is huge. The k-stage Chebyshev method is stable for step * curvature up to about
0.65 (k^2 - 1), so its cost grows with the square root of the stiffness, and it never forms or
solves with a Jacobian, which for n^2 weights would have n^4 entries.

Method, error estimate and step control follow Sommeijer, Shampine and Verwer (1998).
"""

from dataclasses import dataclass

import numpy as np

_DAMPING = 2 / 13
_MAX_STAGES = 250
_STEPS_BETWEEN_ESTIMATES = 5


def _norm(y):
    # Not BLAS: its threads cost more than they save here when another program wants the cores.
    return float(np.sqrt(np.einsum("i,i", y, y)))


@dataclass(frozen=True)
class Step:
    """One accepted step from (t, y) to (t_next, y_next), with the slopes at both ends."""

    t: float
    y: np.ndarray
    slope: np.ndarray
    t_next: float
    y_next: np.ndarray
    slope_next: np.ndarray

    def interpolate(self, t):
        """Return the cubic Hermite interpolant at `t`, of the order of the method."""
        h = self.t_next - self.t
        x = (t - self.t) / h
        blend = x * x * (3 - 2 * x)
        return (
            (1 - blend) * self.y
            + blend * self.y_next
            + (h * x * (1 - x) ** 2) * self.slope
            - (h * x * x * (1 - x)) * self.slope_next
        )


def integrate(slope, y, t_end, tolerance, retried=(FloatingPointError,)):
    """Integrate dy/dt = slope(y) from t = 0 to `t_end`, yielding each accepted step.

    Parameters
    ----------
    slope : callable
        Maps y to dy/dt. If it raises one of `retried`, the step is tried again, shorter.
    y : ndarray, shape (m,)
        State at t = 0.
    t_end : float
    tolerance : float
        Allowed error of a step, in the Euclidean norm, relative to max(1, norm of y).
    retried : tuple of exception types
        What `slope` raises where it cannot be evaluated.

    Yields
    ------
    Step

    Raises
    ------
    FloatingPointError
        If no step is short enough. What `slope` raises at the start, or however short the step is,
        goes through.
    """
    t, f = 0.0, slope(y)
    curvature = _Curvature(slope, retried)
    rho = curvature.estimate(y, f)
    # The initial step moves the state by a small part of its scale.
    h = np.sqrt(tolerance) / max(_norm(f), rho * np.sqrt(tolerance), 1e-300)
    last_error = last_h = None
    since_estimate = 0
    while t < t_end:
        h = min(h, 0.65 * (_MAX_STAGES**2 - 1) / max(rho, 1e-300))
        # Stretch or halve the last steps, so that none is a sliver.
        remaining = t_end - t
        h = remaining if h >= remaining else min(h, 0.5 * remaining) if 2 * h > remaining else h
        try:
            y_next = _advance(slope, y, f, h, rho)
            f_next = slope(y_next)
        except retried:
            h *= 0.25
            if t + h <= t * (1 + 1e-14) or h < 1e-14:
                raise
            rho, since_estimate = curvature.estimate(y, f), 0
            continue
        residual = 0.8 * (y - y_next) + (0.4 * h) * (f + f_next)
        allowed = tolerance * max(1.0, _norm(y), _norm(y_next))
        error = _norm(residual) / allowed
        if not error <= 1:  # also if it is NaN
            h *= max(0.1, 0.8 * error ** (-1 / 3))
            if t + h == t:
                raise FloatingPointError(f"No step is short enough at t = {t:.6g}.")
            rho, since_estimate = curvature.estimate(y, f), 0
            continue
        error = max(error, 1e-12)  # a perfect step should not make the next one infinite
        t_next = t_end if h == remaining else t + h
        yield Step(t, y, f, t_next, y_next, f_next)
        secant = _norm(f_next - f) / max(_norm(y_next - y), 1e-300)
        growth = 0.8 * error ** (-1 / 3)
        if last_error is not None:
            # Predictive control: go on with the trend of the last two errors.
            growth = min(growth, growth * (h / last_h) * (last_error / error) ** (1 / 3))
        last_error, last_h = error, h
        h *= min(5.0, max(0.2, growth))
        t, y, f = t_next, y_next, f_next
        since_estimate += 1
        if since_estimate >= _STEPS_BETWEEN_ESTIMATES or secant > rho:
            rho, since_estimate = curvature.estimate(y, f), 0


class _Curvature:
    """Upper estimate of the largest curvature, by power iteration on differences of slopes."""

    def __init__(self, slope, retried):
        self.slope = slope
        self.retried = retried
        self.direction = None

    def estimate(self, y, f):
        direction = self.direction if self.direction is not None else f
        length = _norm(direction)
        if length == 0:
            direction, length = np.ones_like(y), np.sqrt(y.size)
        # Far above the accuracy of the slope, and small against the scale on which it bends.
        probe = 1e-4 * max(1.0, _norm(y))
        rho = 0.0
        for _ in range(20):
            try:
                change = self.slope(y + (probe / length) * direction) - f
            except self.retried:
                probe *= 0.1
                if probe < 1e-12:
                    raise
                continue
            last, rho = rho, _norm(change) / probe
            if rho == 0:
                break
            # The slope is minus a gradient. With the sign kept, all probes lie on the same side:
            # where curvature changes quickly, the two sides would take turns for ever.
            direction, length = -change, rho * probe
            if abs(rho - last) <= 0.02 * rho:
                break
        self.direction = direction
        return 1.25 * rho


def _advance(slope, y, f, h, rho):
    """Take one Runge-Kutta-Chebyshev step of length h with as many stages as stability asks."""
    stages = max(2, int(np.ceil(np.sqrt(1 + h * rho / 0.65))))
    w0 = 1 + _DAMPING / stages**2
    T, dT, d2T = [1.0, w0], [0.0, 1.0], [0.0, 0.0]
    for _ in range(2, stages + 1):
        d2T.append(2 * w0 * d2T[-1] - d2T[-2] + 4 * dT[-1])
        dT.append(2 * w0 * dT[-1] - dT[-2] + 2 * T[-1])
        T.append(2 * w0 * T[-1] - T[-2])
    w1 = dT[stages] / d2T[stages]
    b = [d2T[j] / dT[j] ** 2 for j in range(2, stages + 1)]
    b = [b[0], b[0], *b]
    before, now = y, y + (b[1] * w1 * h) * f
    for j in range(2, stages + 1):
        mu, nu = 2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2]
        mu_slope = 2 * b[j] * w1 / b[j - 1]
        a = 1 - b[j - 1] * T[j - 1]
        following = (1 - mu - nu) * y + mu * now + nu * before
        following += (mu_slope * h) * slope(now)
        following -= (a * mu_slope * h) * f
        before, now = now, following
    return now
