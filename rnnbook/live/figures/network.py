"""A small network, drawn and trained in the page."""

from ...reduced import integrator
from ..controls import slider, with_controls
from ..explorer import Explorer


def network():
    """Return a network that the page itself draws and trains, beside the theory without a bulk.

    The same draw gives the same network again, on any machine.
    """
    duration, records = 1.5, 151
    figure = Explorer(
        "network",
        {"sigma": 0.3, "c_star": 0.1, "s": 0.0, "draw": 1},
        constants={
            "neurons": 60,
            "duration": duration,
            "records": records,
            "times": 101,
            "span": 40.0,
        },
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        sigma=slider("bulk radius σ", 0, 0.8, 0.01),
        c_star=slider("target rate c*", 0.05, 0.5, 0.01),
        s=slider("learning time s", 0, duration, duration / (records - 1)),
    )
