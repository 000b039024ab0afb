"""The rate of the input and the landscape of the loss."""

from ...reduced import integrator, integrator_flow
from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer


def coloured():
    """Return learning from an Ornstein-Uhlenbeck input: its rate, the target's, and the start."""
    figure = Explorer(
        "coloured",
        {"chi": 10**-1.5, "c_start": 1.0, "c_star": 0.1},
        modules={
            "model": integrator_flow(input_rate=1.0).javascript(),
            "white": integrator.javascript(),
        },
    )
    return with_controls(
        figure,
        chi=log_slider("input rate χ", -3, 1),
        c_start=slider("start c(0)", 0.2, 1, 0.01),
        c_star=log_slider("target rate c*", -1.5, -0.5),
    )
