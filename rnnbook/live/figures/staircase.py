"""The staircase of learning several decays."""

from ..controls import log_slider, slider, with_controls
from ..explorer import Explorer


def staircase():
    """Return the staircase of a target of three decays: slow and middle rate, a weight, the seed.

    Three neurons are trained in the page, from a seed of the coupling of each to the next. The
    dashed steps are the plateaus that theory predicts.
    """
    figure = Explorer(
        "staircase",
        {"slow": 10**-1.5, "middle": 10**-0.7, "weight": 0.3, "seed": 10**-4.0},
        constants={
            "fast": 0.9,
            "share": 0.4,  # of what the middle decay leaves, for the slow one
            "small": 1e-5,  # seed with which theory finds the way to the second plateau
            "tolerance": 3e-6,
            "least": 0.1,
            "most": 10**-0.2,
            "lightest": 0.05,
            "heaviest": 0.9,
            "end": 5.0,
        },
    )
    return with_controls(
        figure,
        slow=log_slider("slow rate", -2, -1.4),
        middle=log_slider("middle rate", -1, -0.2),
        weight=slider("middle amplitude", 0.05, 0.9, 0.01),
        seed=log_slider("seed", -6, -1),
    )
