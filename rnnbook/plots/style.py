"""Colours, dashes and markers of the figures, and their style on the pages.

Colours are those of Okabe and Ito, which readers with any colour vision can tell apart; lines that
mean different things differ in dash or marker too. Sizes are chosen for a phone: a figure is never
wider than 6.4 inches, and its text is large for that width.
"""

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler

# One role, one colour, here and in the live figures (live/explorer.css has the same): on white, and
# on the dark ground of the pages.
ROLES = {
    # What a network does, and the eigenvalue that it has learned.
    "network": ("#0072B2", "#62B8EC"),
    "bulk": ("#757B82", "#98A1AA"),  # its other eigenvalues
    "target": ("#D55E00", "#F59A50"),
    "theory": ("#000000", "#DDE3E8"),
    "attract": ("#00805E", "#3ECF9F"),  # two eigenvalues approach each other and become a pair
    "repel": ("#AA3377", "#E58AB8"),  # they move apart, and both stay real
}
NETWORK, BULK, TARGET, THEORY, ATTRACT, REPEL = (light for light, _ in ROLES.values())
OUTLIER = NETWORK
GOOD = ATTRACT
MUTED = BULK
PAPER = ("#FFFFFF", "#14181D")
GRID = ("#E5E5E5", "#2B323A")
SERIES = (NETWORK, "#CC79A7", "#E69F00", "#56B4E9")  # of curves that have no role
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
            # Plain numbers: as formulas they take a third of the time in which a figure is drawn.
            "axes.formatter.use_mathtext": False,
            "grid.color": GRID[0],
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
    set_matplotlib_formats("svg", metadata={"Date": None})


def ordered_colors(count):
    """Return `count` colours from dark to light, for curves that have an order."""
    return [plt.cm.viridis(x) for x in np.linspace(0.0, 0.85, count)]


def dark_colors(count):
    """As `ordered_colors`, but with contrast enough for thin lines and open markers."""
    return [plt.cm.viridis(x) for x in np.linspace(0.0, 0.55, count)]


def legend_above(axes, **options):
    """Draw a legend above the axes, where it covers no curve, in as many columns as fit.

    Call it after labels and titles: a title then stands above the legend.

    Parameters
    ----------
    axes : matplotlib.axes.Axes or ndarray of them
        Of several, which share one legend, the first says what is in it.
    **options
        Passed on to matplotlib's `legend`.

    Returns
    -------
    matplotlib.legend.Legend
    """
    first = axes if isinstance(axes, plt.Axes) else axes.flat[0]
    figure, title = first.figure, first.get_title()
    if "handles" not in options:
        options["handles"], labels = first.get_legend_handles_labels()
        options.setdefault("labels", labels)
    options = {"borderaxespad": 0.3, "columnspacing": 1.4, "handlelength": 2.2} | options
    room = figure.bbox.width - 0.3 * figure.dpi
    if first is axes:
        # What is left of the axes are its labels: nearly an inch.
        grid = first.get_gridspec()
        room = room / (grid.ncols if grid else 1) - 0.6 * figure.dpi
        options |= {"loc": "lower left", "bbox_to_anchor": (0, 1)}
    else:
        options["loc"] = "outside upper center"
    for columns in range(max(len(options["handles"]), 1), 0, -1):
        if first is axes:
            legend = first.legend(**options, ncols=columns)
        else:
            for old in figure.legends:
                old.remove()
            legend = figure.legend(**options, ncols=columns)
        if legend.get_window_extent().width <= room:
            break
    if first is axes and title:
        height = legend.get_window_extent().height * 72 / figure.dpi
        first.set_title(title, fontsize=first.title.get_fontsize(), pad=height + 10)
    return legend
