"""How two real eigenvalues become a pair."""

from ...reduced import oscillator
from ..controls import log_slider, slider, with_controls
from ..eigenpair import spectrum_module
from ..explorer import Explorer


def pair():
    """Return how two real eigenvalues become a pair: c*, omega*, the seed, and learning time."""
    figure = Explorer(
        "pair",
        {"c_star": 0.1, "omega_star": 0.4, "seed": 10**-3.0, "share": 0.0, "guess": 45.0},
        modules={"model": oscillator.javascript(), "spectrum": spectrum_module(oscillator)},
    )
    return with_controls(
        figure,
        c_star=slider("target rate c*", 0.05, 0.5, 0.01),
        omega_star=slider("frequency ω*", 0.1, 1, 0.01),
        seed=log_slider("seed q(0)", -6, -1),
        share=slider("share of the run", 0, 1, 0.01),
    )
