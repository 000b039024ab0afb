"""Learning to Integrate: the theory of how linear recurrent networks learn long timescales.

The modules, in the order in which data flows: `filters` (targets), `networks`, `noise`, `objective`
(exact loss and gradient; `dense` is its slow reference), `trajectory` (what learning returns),
`training` (gradient flow, gradient descent, SGD by backpropagation through time), `reduced`
(symbolic models of learning), `lazy` (closed forms for wide networks whose weights hardly move; its
names stay there), `records` (results of long runs), `plots` (figures), `live` (figures that move;
readers call it `rb.explore`).
"""

from importlib import import_module

from . import lazy, records
from .dense import dense_loss_and_gradient
from .filters import Filter, damped_cosine, damped_sine, exponential, mixture
from .networks import LinearRNN, UnstableNetworkError, fock, ginibre
from .noise import white_noise
from .objective import (
    Gradient,
    loss_and_gradient,
    population_loss,
    projected_loss_and_gradient,
)
from .reduced import (
    Plateau,
    ReducedFlow,
    best_decays,
    coupling_growth,
    growth_formula,
    integrator,
    integrator_flow,
    onset_formula,
    onset_rate,
    oscillator,
    oscillator_flow,
    oscillator_seed,
    plateau,
    staircase,
    two_memories_flow,
)
from .training import bptt, gradient_descent, gradient_flow, sgd
from .trajectory import Trajectory, UnstableTrainingError

__all__ = [
    "Filter",
    "Gradient",
    "LinearRNN",
    "Plateau",
    "ReducedFlow",
    "Trajectory",
    "UnstableNetworkError",
    "UnstableTrainingError",
    "best_decays",
    "bptt",
    "coupling_growth",
    "damped_cosine",
    "damped_sine",
    "dense_loss_and_gradient",
    "exponential",
    "fock",
    "ginibre",
    "gradient_descent",
    "gradient_flow",
    "growth_formula",
    "integrator",
    "integrator_flow",
    "lazy",
    "loss_and_gradient",
    "mixture",
    "onset_formula",
    "onset_rate",
    "oscillator",
    "oscillator_flow",
    "oscillator_seed",
    "plateau",
    "population_loss",
    "projected_loss_and_gradient",
    "records",
    "sgd",
    "staircase",
    "two_memories_flow",
    "white_noise",
]


# What readers call these modules, and where they are.
_FIGURES = {"plots": ".plots", "explore": ".live"}


def __getattr__(name):
    """Load figures when first asked for: they need matplotlib and ipywidgets, the rest does not."""
    if name in _FIGURES:
        return import_module(_FIGURES[name], __name__)
    if name.startswith("plot_") and hasattr(plots := import_module(".plots", __name__), name):
        return getattr(plots, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
