"""Reduced models of learning: a few numbers that stand for a whole network."""

from .flow import ReducedFlow
from .integration import integrator, integrator_flow, sign_integrator
from .memories import two_memories_flow
from .onset import growth_formula, onset_formula, onset_rate, plateau
from .oscillation import oscillator, oscillator_flow, oscillator_seed
from .sampling import gradient_noise_formula
from .saturating import nonlinear_integrator
from .stairs import Plateau, best_decays, coupling_growth, staircase

__all__ = [
    "Plateau",
    "ReducedFlow",
    "best_decays",
    "coupling_growth",
    "gradient_noise_formula",
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
    "sign_integrator",
    "staircase",
    "two_memories_flow",
]
