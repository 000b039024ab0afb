"""The reduced model of learning a leaky integrator with nonlinear neurons."""

import sympy as sp

from ..symbols import C_STAR, GAIN
from .flow import ReducedFlow


def _nonlinear_integrator():
    a, c = sp.Symbol("a", real=True), sp.Symbol("c", positive=True)
    share = sp.pi * GAIN**2
    slope = sp.sqrt(4 * c / (4 * c + share))
    square = 2 / share * sp.asin(share / (4 * c + share))
    w = (1 - c) / slope
    return ReducedFlow(
        variables=(a, c),
        loss=a**2 * square / 2 - a * slope / (c + C_STAR) + 1 / (4 * C_STAR),
        metric=(1, sp.diff(w, c) ** 2),
        parameters={GAIN: None, C_STAR: None},
        outlier=w,
        initial=(0.0, 1.0),
    )


#: Closure of learning with nonlinear neurons, from W = 0 and v = 0: amplitude a and effective decay
#: rate c, as `integrator`, with the parameters `gain` and `c_star`. Its `outlier` is w(c).
nonlinear_integrator = _nonlinear_integrator()
