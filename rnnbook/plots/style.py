"""Colours, dashes and markers of the figures, and their style on the pages.

Colours are those of Okabe and Ito, which readers with any colour vision can tell apart; lines that
mean different things differ in dash or marker too. Sizes are chosen for a phone: a figure is never
wider than 6.4 inches, and its text is large for that width.
"""

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler

# One role, one colour, here and in the live figures (live/explorer.css has the same).
NETWORK = "#0072B2"  # what a network does
OUTLIER = NETWORK  # the eigenvalue that it has learned
BULK = "#757B82"  # its other eigenvalues
TARGET = "#D55E00"
THEORY = "#000000"
ATTRACT = "#00805E"  # two eigenvalues approach each other and become a pair
REPEL = "#AA3377"  # they move apart, and both stay real
GOOD = ATTRACT
MUTED = BULK
SERIES = (NETWORK, TARGET, GOOD, "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", "-.", (0, (6, 1)), ":", (0, (4, 1, 1, 1, 1, 1)))
MARKERS = "os^Dvx"

TIME = "time $t$ (membrane time constants)"
LEARNING_TIME = "learning time $s$"
DECAY_RATE = "decay rate $c$"


def use_book_style():
    """Set matplotlib's defaults to the book's: call it once, at the top of a notebook."""
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 3.8),
            "figure.constrained_layout.use": True,
            "font.size": 13,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#E5E5E5",
            "axes.prop_cycle": cycler(color=SERIES),
            "lines.linewidth": 2.2,
            "legend.frameon": False,
            "legend.fontsize": 11,
            "svg.fonttype": "path",
            "svg.hashsalt": "rnnbook",  # the same figure gives the same file
        }
    )
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside Jupyter
        return
    set_matplotlib_formats("svg")


def ordered_colors(count):
    """Return `count` colours from dark to light, for curves that have an order."""
    return [plt.cm.viridis(x) for x in np.linspace(0.0, 0.85, count)]


def dark_colors(count):
    """As `ordered_colors`, but with contrast enough for thin lines and open markers."""
    return [plt.cm.viridis(x) for x in np.linspace(0.0, 0.55, count)]
