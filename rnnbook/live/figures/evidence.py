"""A decision by the sign of the output, through learning."""

import sympy as sp

from ... import javascript as js
from ...evidence import kernel_formula, sensitivity_formula
from ...reduced import integrator
from ..controls import slider, with_controls
from ..explorer import Explorer


def evidence():
    """Return a decision through learning: the moment, the length of trials, noise in neurons."""
    names = "c, {strength, duration, noise}"
    age = sp.Symbol("age", nonnegative=True)
    figure = Explorer(
        "evidence",
        {"s": 1.1, "duration": 30.0, "noise": 0.0},
        constants={"c_star": 0.1, "strength": 0.2},
        modules={
            "model": integrator.javascript(),
            "decision": js.module(
                js.function("sensitivity", names, sensitivity_formula()),
                js.function("kernel", "c, age, {duration, noise}", kernel_formula(age)),
            ),
        },
    )
    return with_controls(
        figure,
        s=slider("learning time s", 0, 2.5, 0.01),
        duration=slider("length of a trial", 5, 100, 1),
        noise=slider("noise in neurons ς", 0, 2, 0.05),
    )
