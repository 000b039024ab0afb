"""Learning of infinitely wide networks."""

import numpy as np

from ...filters import exponential
from ...networks import fock
from ...reduced import integrator
from ...training import gradient_flow
from ..controls import choice, slider, with_controls
from ..explorer import Explorer


def infinite_width():
    """Return learning of infinitely wide networks, as trees, with sliders for sigma and depth."""
    c_star, s = 0.2, np.linspace(0, 1.5, 61)
    sigmas, depths = [round(0.1 * k, 1) for k in range(7)], [1, 2, 3, 5]
    trees = [
        gradient_flow(fock(depth, sigma), exponential(c_star), s, rtol=1e-4)
        for sigma in sigmas
        for depth in depths
    ]
    without = integrator.solve(s, c_star=c_star)
    figure = Explorer(
        "infinite_width",
        {"sigma": 0.6, "depth": 3},
        constants={"sigmas": sigmas, "depths": depths, "c_star": c_star},
        data={
            "s": s,
            "losses": [tree.loss for tree in trees],
            "outliers": [tree.outlier.real for tree in trees],
            "loss0": without.loss,
            "rate0": without.decay_rate,
        },
    )
    return with_controls(
        figure,
        sigma=slider("bulk radius σ", sigmas[0], sigmas[-1], 0.1),
        depth=choice("depth of the tree", [str(depth) for depth in depths]),
    )
