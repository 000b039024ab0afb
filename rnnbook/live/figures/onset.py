"""The map of onsets, and the run of a target on it."""

import sympy as sp

from ... import javascript as js
from ...reduced import ReducedFlow, growth_formula, oscillator, oscillator_flow
from ..controls import log_slider, slider, with_controls
from ..eigenpair import spectrum_module
from ..explorer import Explorer

_SQUARE = sp.Symbol("omega_squared", real=True)


def onset():
    """Return the map of onsets and the run of a target on it: the target, and the seed."""
    flow = two_pole_flow()
    figure = Explorer(
        "onset",
        {"c_star": 0.1, "frequency": 0.4, "seed": 10**-3.0},
        modules={
            "model": flow.javascript(),
            "spectrum": spectrum_module(flow),
            "plateau": _plateau(flow),
        },
    )
    return with_controls(
        figure,
        c_star=slider("target rate c*", 0.05, 1, 0.01),
        frequency=slider("frequency ω*", -0.5, 1, 0.01),
        seed=log_slider("seed", -6, -1),
    )


def two_pole_flow():
    """Return the flow of two neurons for exp(-c* t) cos(omega* t), in the square of omega*.

    The loss depends on that square only. Where it is negative, -x^2 with x < c*, the target
    is exp(-c* t) cosh(x t): two decays with the rates c* - x and c* + x.

    Returns
    -------
    ReducedFlow
        That of `oscillator_flow(("W", "v"))`, with a parameter omega_squared for omega_star.
    """
    flow = oscillator_flow(("W", "v"))
    c_star, omega_star, u1 = flow.parameters
    return ReducedFlow(
        flow.variables,
        _in_square(flow.loss, omega_star),
        flow.metric,
        {c_star: None, _SQUARE: None, u1: flow.defaults[u1]},
        flow.outlier,
        domain=flow.domain,
    )


def _in_square(expression, omega_star):
    return expression.subs(omega_star, sp.sqrt(_SQUARE))


def _plateau(flow):
    """The module of the plateau: a cubic in alpha, the amplitude a, and the onset's growth rate."""
    c_star, omega_star, _ = oscillator.parameters
    a, alpha = sp.Symbol("a", real=True), sp.Symbol("alpha", positive=True)
    mode = {"v1": a, "w11": 1 - alpha, "u1": 1, "c_star": c_star, "omega_squared": _SQUARE}
    symbols = (*flow.variables, *flow.parameters)
    loss = sp.cancel(flow.loss.subs({symbol: mode.get(symbol.name, 0) for symbol in symbols}))
    # With the best amplitude, dL/dalpha vanishes where the cubic among its factors does.
    # The loss is a parabola in a.
    slope = sp.diff(loss, a)
    amplitude = -slope.subs(a, 0) / sp.diff(slope, a)
    slope = sp.numer(sp.together(sp.diff(loss, alpha).subs(a, amplitude)))
    (cubic,) = (x for x, _ in sp.factor_list(slope, alpha)[1] if sp.degree(x, alpha) == 3)
    cubic /= sp.LC(cubic, alpha)
    growth = _in_square(growth_formula(), omega_star)
    parameters = f"{{{c_star.name}, {_SQUARE.name}}}"
    return js.module(
        js.function("cubic", f"alpha, {parameters}", [cubic, sp.diff(cubic, alpha)]),
        js.function("amplitude", f"alpha, {parameters}", sp.factor(amplitude)),
        js.function("growth", f"[a, alpha], {parameters}", growth),
    )
