"""Live figures: drawn in the browser, so that they move on a page with no Python behind it too.

Each function returns ipywidgets sliders above an `Explorer`, to which they are tied in the browser
(`jslink`). How a figure looks is in the folder `rnnbook/live`, in JavaScript; the equations that
run there are generated from SymPy (`rnnbook.javascript`). There is a file a part of the book.
"""

from .explorer import Explorer
from .foundations import integration, krylov, krylov_record, one_mode
from .lazy import crossover, reservoir, tangent
from .oscillations import onset, pair
from .rich import descent, infinite_width, reduced_flow, teach, training_runs

__all__ = [
    "Explorer",
    "crossover",
    "descent",
    "infinite_width",
    "integration",
    "krylov",
    "krylov_record",
    "one_mode",
    "onset",
    "pair",
    "reduced_flow",
    "reservoir",
    "tangent",
    "teach",
    "training_runs",
]
