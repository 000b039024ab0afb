"""The learning curve of a wide reservoir."""

from ..controls import slider, with_controls
from ..explorer import Explorer
from ..laguerre import laguerre_module


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
