"""Live figures: drawn in the browser, so that they move on a page with no Python behind it too.

Each function returns ipywidgets sliders above an `Explorer`, to which they are tied in the browser
(`jslink`). The folder `figures` has two files a figure: its sliders and data in Python, and how it
looks in JavaScript; the equations that run there are generated from SymPy (`rnnbook.javascript`).
Readers call this package `rb.explore`.
"""

from .explorer import Explorer
from .figures.coloured import coloured
from .figures.crossover import crossover
from .figures.descent import descent
from .figures.evidence import evidence
from .figures.infinite_width import infinite_width
from .figures.integration import integration
from .figures.krylov import krylov, krylov_record
from .figures.network import network
from .figures.neuron import neuron
from .figures.one_mode import one_mode
from .figures.onset import onset
from .figures.pair import pair
from .figures.race import race
from .figures.reduced_flow import reduced_flow
from .figures.reservoir import reservoir
from .figures.staircase import staircase
from .figures.tangent import tangent
from .figures.teach import teach
from .figures.training_runs import training_runs

__all__ = [
    "Explorer",
    "coloured",
    "crossover",
    "descent",
    "evidence",
    "infinite_width",
    "integration",
    "krylov",
    "krylov_record",
    "network",
    "neuron",
    "one_mode",
    "onset",
    "pair",
    "race",
    "reduced_flow",
    "reservoir",
    "staircase",
    "tangent",
    "teach",
    "training_runs",
]
