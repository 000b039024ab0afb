"""Learning to Integrate: the theory of how linear recurrent networks learn long timescales.

The modules, in the order in which data flows: `filters` (targets), `networks` and `nonlinear` (the
same with neurons that saturate), `noise`, `objective` (exact loss and gradient; `dense` is its slow
reference), `optimizers` (what a step adds to the weights; its names stay there), `trajectory` (what
learning returns), `training` (gradient flow, descent with any optimiser, SGD by backpropagation
through time), `evidence` (decisions that a learned memory makes), `reduced` (symbolic models of
learning), `neuron` (one nonlinear neuron, exactly), `lazy` (closed forms for wide networks whose
weights hardly move; its names stay there), `sweeps` (a function at every point of a grid, on many
processors), `records` (results of long runs), `plots` (figures), `live` (figures that move; readers
call it `rb.explore`).
"""

from importlib import import_module

from . import lazy, optimizers, records
from .dense import dense_loss_and_gradient
from .evidence import accuracy, evidence_trials, psychophysical_kernel
from .filters import Filter, damped_cosine, damped_sine, exponential, mixture
from .networks import LinearRNN, UnstableNetworkError, fock, ginibre
from .neuron import neuron_density, neuron_flow, neuron_loss_and_gradient
from .noise import white_noise
from .nonlinear import NonlinearRNN
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
    gradient_noise_formula,
    growth_formula,
    integrator,
    integrator_flow,
    nonlinear_integrator,
    onset_formula,
    onset_rate,
    oscillator,
    oscillator_flow,
    oscillator_seed,
    plateau,
    sign_integrator,
    staircase,
    two_memories_flow,
)
from .sweeps import sweep
from .training import bptt, descend, gradient_descent, gradient_flow, sgd
from .trajectory import Trajectory, UnstableTrainingError

__all__ = [
    "Filter",
    "Gradient",
    "LinearRNN",
    "NonlinearRNN",
    "Plateau",
    "ReducedFlow",
    "Trajectory",
    "UnstableNetworkError",
    "UnstableTrainingError",
    "accuracy",
    "best_decays",
    "bptt",
    "coupling_growth",
    "damped_cosine",
    "damped_sine",
    "dense_loss_and_gradient",
    "descend",
    "evidence_trials",
    "exponential",
    "fock",
    "ginibre",
    "gradient_descent",
    "gradient_flow",
    "gradient_noise_formula",
    "growth_formula",
    "integrator",
    "integrator_flow",
    "lazy",
    "loss_and_gradient",
    "mixture",
    "neuron_density",
    "neuron_flow",
    "neuron_loss_and_gradient",
    "nonlinear_integrator",
    "onset_formula",
    "onset_rate",
    "optimizers",
    "oscillator",
    "oscillator_flow",
    "oscillator_seed",
    "plateau",
    "population_loss",
    "projected_loss_and_gradient",
    "psychophysical_kernel",
    "records",
    "sgd",
    "sign_integrator",
    "staircase",
    "sweep",
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
