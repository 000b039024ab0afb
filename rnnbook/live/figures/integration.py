"""The leaky integrator on noise, beside the exact integral."""

import numpy as np

from ...noise import white_noise
from ..controls import log_slider, with_controls
from ..explorer import Explorer


def integration():
    """Return the leaky integrator on noise beside the exact integral, with a slider for c."""
    dt, slowest = 0.2, -2
    figure = Explorer(
        "integration",
        {"c": 0.1},
        constants={"dt": dt, "slowest": 10.0**slowest},
        data={"noise": white_noise(1, 500, dt, np.random.default_rng(0))[0]},
    )
    return with_controls(figure, c=log_slider("decay rate c", slowest, 0))
