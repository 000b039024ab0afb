"""The ODE solver of gradient flow: two methods, and a choice between them at each step.

On plateaus and through transitions a method of high order takes long steps. Near a slow target the
flow is stiff: stability, not accuracy, bounds such steps, and a stabilised method is cheaper.
"""

import math

from . import chebyshev, dormand_prince
from .steps import norm

_STEPS_BETWEEN_ESTIMATES = 5
# The other method must promise to be cheaper by this factor: to change costs something too.
_CHEAPER = 0.8
_PERFECT = 1e-12  # an error of zero should not make the next step infinite


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
    probe = chebyshev.Curvature(slope, retried)
    curvature, since_estimate = probe.estimate(y, f), 0
    # The initial step moves the state by a small part of its scale.
    root = math.sqrt(tolerance)
    h = root / max(norm(f), curvature * root, 1e-300)
    last_h = last_growth = None
    stiff, advantage = False, 5.0  # how much longer the steps of high order could be
    while t < t_end:
        if stiff:
            h = min(h, chebyshev.longest(curvature))
        # Stretch or halve the last steps, so that none is a sliver.
        remaining = t_end - t
        h = remaining if h >= remaining else min(h, 0.5 * remaining) if 2 * h > remaining else h
        t_next = t_end if h == remaining else t + h
        try:
            if stiff:
                step = chebyshev.advance(slope, t, y, f, h, t_next, curvature)
            else:
                step = dormand_prince.advance(slope, t, y, f, h, t_next)
        except retried:
            h *= 0.25
            if t + h <= t * (1 + 1e-14) or h < 1e-14:
                raise
            if stiff:
                curvature, since_estimate = probe.estimate(y, f), 0
            continue
        allowed = tolerance * max(1.0, norm(y), norm(step.y_next))
        error = step.error() / allowed
        if not error <= 1:  # also if it is NaN
            h *= max(0.1, _growth(error, step.POWER))
            if t + h == t:
                raise FloatingPointError(f"No step is short enough at t = {t:.6g}.")
            if stiff:
                curvature, since_estimate = probe.estimate(y, f), 0
            continue
        yield step
        growth = now = _growth(error, step.POWER)
        if last_h is not None:
            # Predictive control: go on with the trend of the last two errors.
            growth = min(now, now * (h / last_h) * (now / last_growth))
        last_h, last_growth = h, now
        t, y, f = step.t_next, step.y_next, step.slope_next
        h *= min(5.0, max(0.2, growth))
        if stiff:
            since_estimate += 1
            if since_estimate >= _STEPS_BETWEEN_ESTIMATES or step.secant() > curvature:
                curvature, since_estimate = probe.estimate(y, f), 0
            high, low = min(advantage * h, dormand_prince.longest(curvature)), h
            change = True
        else:
            # A step of high order tells for nothing what a stabilised one would be like.
            curvature = 1.25 * max(step.curvature, step.secant())
            error = chebyshev.second_order_error(step) / allowed
            high, low = h, step.h * _growth(error, chebyshev.ChebyshevStep.POWER)
            change = step.h > 0.5 * dormand_prince.longest(curvature)
            if not change:  # accuracy bounds it, not stability
                advantage = high / low
        costs = dormand_prince.SLOPES / high, chebyshev.slopes(low, curvature) / low
        if change and costs[not stiff] < _CHEAPER * costs[stiff]:
            stiff, last_h = not stiff, None
            h = min(5.0 * step.h, low if stiff else high)
            if stiff:
                probe.direction = step.stages[-1] - step.stages[-2]
                curvature, since_estimate = probe.estimate(y, f), 0
        del step  # before the next is taken: its stages are large


def _growth(error, power):
    """Return by what factor a step may grow whose error is `error` of the allowed one."""
    return 0.8 * max(error, _PERFECT) ** (-1 / power)
