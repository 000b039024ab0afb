"""Reduced models of learning: a few numbers that stand for a whole network."""

from .flow import ReducedFlow
from .integration import integrator, integrator_flow
from .onset import growth_formula, onset_formula, onset_rate, plateau
from .oscillation import oscillator, oscillator_flow, oscillator_seed
from .saturating import nonlinear_integrator

__all__ = [
    "ReducedFlow",
    "growth_formula",
    "integrator",
    "integrator_flow",
    "nonlinear_integrator",
    "onset_formula",
    "onset_rate",
    "oscillator",
    "oscillator_flow",
    "oscillator_seed",
    "plateau",
]
