"""Live figures of the part "Lazy learning"."""

import sympy as sp

from .. import javascript as js
from .. import lazy
from ..reduced import ReducedFlow, integrator
from .controls import log_slider, slider, with_controls
from .explorer import Explorer


def reservoir():
    """Return the learning curve of a wide reservoir, its exponent, and where the target lies."""
    least, most = 0.05, 2.0
    figure = Explorer(
        "reservoir",
        {"sigma": 0.6, "c_star": 0.2, "omega_star": 0.0},
        constants={"least": least, "most": most},
        modules={"laguerre": laguerre_module()},
    )
    return with_controls(
        figure,
        sigma=slider("bulk σ", 0.1, 0.95, 0.01),
        c_star=slider("target rate c*", least, most, 0.01),
        omega_star=slider("frequency ω*", 0, 1.4, 0.01),
    )


def tangent():
    """Return lazy learning curves by what is trained, and kernels at equal times: sigma and c*."""
    figure = Explorer(
        "tangent", {"sigma": 0.5, "c_star": 0.4}, modules={"laguerre": laguerre_module()}
    )
    return with_controls(
        figure,
        sigma=slider("bulk σ", 0.1, 0.95, 0.01),
        c_star=slider("target rate c*", 0.05, 1.5, 0.01),
    )


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


def laguerre_module():
    """Return an ES module of the formulas of `rnnbook.lazy`, as functions of an object by name.

    `alpha`, `first` and `factor` (pairs, real and imaginary part), `target_ratio` and `exponent`
    take (target), an object with sigma, c_star and omega_star as far as they are needed;
    `eigenvalue`, `diagonal` and `beside` take (n, target).
    """
    target = [lazy.SIGMA, lazy.C_STAR, lazy.OMEGA_STAR]
    bulk, mode = f"{{{lazy.SIGMA}}}", f"{lazy.INDEX}, {{{lazy.SIGMA}}}"
    return js.module(
        js.function("alpha", bulk, lazy.ALPHA),
        js.function("eigenvalue", mode, lazy.EIGENVALUE),
        js.function("diagonal", mode, lazy.DIAGONAL),
        js.function("beside", mode, lazy.BESIDE),
        js.function("first", f"{{{js.names(target)}}}", list(lazy.FIRST)),
        js.function("factor", f"{{{js.names(target)}}}", list(lazy.FACTOR)),
        js.function("target_ratio", f"{{{js.names(target)}}}", lazy.TARGET_RATIO),
        js.function("exponent", f"{{{js.names(target)}}}", lazy.EXPONENT),
    )
