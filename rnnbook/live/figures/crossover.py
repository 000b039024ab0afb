"""The map of rich and lazy learning."""

import sympy as sp

from ...reduced import ReducedFlow, integrator
from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer
from ..laguerre import laguerre_module


def crossover():
    """Return the map of bulk and target for an output scale, and both learning curves of a place.

    The reservoir is what is left of learning for a large output scale kappa; the flow in the
    decay rate c and the amplitude a, in which W learns kappa^2 times slower than v, for a small
    bulk.
    """
    kappa = sp.Symbol("kappa", positive=True)
    two_clocks = ReducedFlow(
        integrator.variables,
        integrator.loss,
        (1, kappa**2),
        {**integrator.defaults, kappa: None},
        integrator.outlier,
        integrator.initial,
    )
    figure = Explorer(
        "crossover",
        {"kappa": 10**0.7, "fraction": 0.01, "sigma": 0.5, "c_star": 0.2},
        modules={"model": two_clocks.javascript(), "laguerre": laguerre_module()},
    )
    return with_controls(
        figure,
        kappa=log_slider("output scale κ", 0, 2),
        fraction=log_slider("goal L/L(0)", -4, -0.3),
        sigma=slider("bulk σ", 0.02, 0.98, 0.01),
        c_star=slider("target rate c*", 0.02, 0.98, 0.01),
    )
