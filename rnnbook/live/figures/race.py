"""The race of optimisers on the reduced model of the integrator."""

import numpy as np

from ...optimizers import Adam
from ...reduced import integrator, sign_integrator
from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer


def race():
    """Return the race of optimisers, with sliders for the target's rate and the length of steps."""
    adam = Adam(1.0)
    figure = Explorer(
        "race",
        {"c_star": 0.1, "factor": 1.0},
        constants={
            "goal": 0.01,  # of the loss, below which it has to stay
            "overlap": sign_integrator.defaults[sign_integrator.parameters[1]],
            "kept": [adam.keep_mean, adam.keep_square],
            "floor": adam.floor,
            "within": float(np.sqrt(0.02)),  # error of c in units of c* that costs one per cent
        },
        modules={"model": integrator.javascript()},
    )
    return with_controls(
        figure,
        c_star=log_slider("target rate c*", -1.55, -0.5),
        factor=slider("length of steps", 0.2, 1.8, 0.05),
    )
