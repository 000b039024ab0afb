"""One mode against its target."""

from ...reduced import integrator
from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer


def one_mode():
    """Return one mode against its target, with the loss as an area, and sliders for a, c and c*."""
    figure = Explorer(
        "one_mode",
        {"a": 1.0, "c": 10**-0.52, "c_star": 0.1},
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        a=slider("amplitude a", -0.5, 2, 0.01),
        c=log_slider("decay rate c", -2, 0),
        c_star=log_slider("target rate c*", -1.5, 0),
    )
