"""Reduced models of learning: a few numbers that stand for a whole network."""

from .flow import ReducedFlow
from .integration import integrator, integrator_flow
from .memories import two_memories_flow
from .onset import growth_formula, onset_formula, onset_rate, plateau
from .oscillation import oscillator, oscillator_flow, oscillator_seed
from .stairs import Plateau, best_decays, coupling_growth, staircase

__all__ = [
    "Plateau",
    "ReducedFlow",
    "best_decays",
    "coupling_growth",
    "growth_formula",
    "integrator",
    "integrator_flow",
    "onset_formula",
    "onset_rate",
    "oscillator",
    "oscillator_flow",
    "oscillator_seed",
    "plateau",
    "staircase",
    "two_memories_flow",
]
