"""The front page: a network learns at the press of a button."""

import numpy as np

from ...reduced import integrator
from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer


def teach():
    """Return a network that learns at the press of a button, with sliders for s and T*."""
    dt, duration = 0.5, 2.0
    # Three brief inputs, a longer opposite one, and silence: what an integrator makes of them is
    # seen at a glance.
    values = np.zeros(120)
    for start, stop, value in ((6, 10, 1.0), (24, 28, 1.0), (44, 48, 1.0), (70, 80, -0.8)):
        values[start:stop] = value
    figure = Explorer(
        "teach",
        {"s": 0.0, "T_star": 10**1.3, "guess": 0.5},
        constants={"dt": dt, "duration": duration},
        data={"input": values},
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        s=slider("learning time s", 0, duration, 0.01),
        # Below 4 time constants learning would not be over by then.
        T_star=log_slider("memory wanted", 0.6, 1.7),
    )
