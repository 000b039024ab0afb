"""Gradient descent with a finite step."""

from ...reduced import integrator
from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer


def descent():
    """Return gradient descent with a finite step, with sliders for eta over its limit and c*."""
    figure = Explorer(
        "descent",
        {"share": 1.1, "c_star": 10**-0.7},
        constants={"steps": 60, "a_start": 0.85, "c_start": 1.5},
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        share=slider("η / limit", 0.2, 2, 0.01),
        c_star=log_slider("target rate c*", -1.5, 0),
    )
