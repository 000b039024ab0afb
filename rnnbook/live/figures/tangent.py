"""Lazy learning curves by what is trained."""

from ..controls import slider, with_controls
from ..explorer import Explorer
from ..laguerre import laguerre_module


def tangent():
    """Return lazy learning curves by what is trained, and kernels at equal times: sigma and c*."""
    figure = Explorer(
        "tangent", {"sigma": 0.5, "c_star": 0.4}, modules={"laguerre": laguerre_module()}
    )
    return with_controls(
        figure,
        sigma=slider("bulk σ", 0.1, 0.95, 0.01),
        c_star=slider("target rate c*", 0.05, 1.5, 0.01),
    )
