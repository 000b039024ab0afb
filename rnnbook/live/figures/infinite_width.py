"""Learning of infinitely wide networks."""

from ... import records
from ...reduced import integrator
from ..controls import choice, slider, with_controls
from ..explorer import Explorer


def infinite_width():
    """Return learning of infinitely wide networks, as trees, with sliders for sigma and depth."""
    record = records.trees()
    c_star, s, trees = record["c_star"], record["s"], record["trees"]
    sigmas = sorted({tree["sigma"] for tree in trees})
    depths = sorted({tree["depth"] for tree in trees})
    without = integrator.solve(s, c_star=c_star)
    figure = Explorer(
        "infinite_width",
        {"sigma": 0.6, "depth": 3},
        constants={"sigmas": sigmas, "depths": depths, "c_star": c_star},
        data={
            "s": s,
            "losses": [tree["loss"] for tree in trees],
            "outliers": [tree["outlier"] for tree in trees],
            "loss0": without.loss,
            "rate0": without.decay_rate,
        },
    )
    return with_controls(
        figure,
        sigma=slider("bulk radius σ", sigmas[0], sigmas[-1], 0.1),
        depth=choice("depth of the tree", [str(depth) for depth in depths]),
    )
