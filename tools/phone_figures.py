"""Versions of figures for phones: 4.3 inches wide, with panels that stand side by side one by one.

While the book is built, a kernel draws each figure that a notebook shows a second time. The narrow
picture travels as a comment at the end of the wide one, through whatever runs notebooks in parallel
or keeps their outputs; tools/sphinx_images.py takes it out and puts it beside the other. What
readers run knows nothing of this.
"""

import re
from base64 import b64decode, b64encode

WIDTH = 4.3  # inches; a phone shows it at some 343 pixels
SMALLEST = 10.5  # points, which are 11.5 of those pixels
FRAME = 0.9  # inches that labels, and a title, take of a panel
PAD = 0.1  # inches above and below a panel
CARRIED = re.compile(r"\s*<!-- phone: ([A-Za-z0-9+/=]+) -->\s*\Z")


def carry(wide, narrow):
    """Return a picture that carries its narrow version along."""
    return f"{wide}<!-- phone: {b64encode(narrow.encode()).decode()} -->\n"


def unpack(text):
    """Return a picture and its narrow version, None if it carries none."""
    found = CARRIED.search(text)
    if not found:
        return text, None
    return text[: found.start()] + "\n", b64decode(found[1]).decode()


def install():
    """Let figures shown as SVG carry their narrow version: for the kernel of a build."""
    from IPython.core import pylabtools

    print_figure = pylabtools.print_figure

    def print_both(figure, fmt="png", **options):
        picture = print_figure(figure, fmt=fmt, **options)
        if fmt != "svg" or picture is None or figure.get_figwidth() <= WIDTH:
            return picture
        make_narrow(figure)
        return carry(picture, print_figure(figure, fmt=fmt, **options))

    # select_figure_formats, which notebooks call by use_book_style, takes it from there.
    pylabtools.print_figure = print_both


def make_narrow(figure):
    """Redraw a figure for a phone. It stays so: a cell shows its figure once, and closes it."""
    stack(figure)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            size = max((label.get_size() for label in axis.get_ticklabels()), default=SMALLEST)
            axis.set_tick_params(labelsize=max(size, SMALLEST))
    for text in texts(figure):
        text.set_size(max(text.get_size(), SMALLEST))
    raise_legends(figure)
    figure.draw_without_rendering()
    for ax in figure.axes:
        for text, room in (
            (ax.title, figure.bbox.width),
            (ax.xaxis.label, figure.bbox.width),
            (ax.yaxis.label, 1.1 * ax.bbox.height),
        ):
            extent = text.get_window_extent()
            if max(extent.width, extent.height) > room:
                text.set_text(in_two_lines(text.get_text()))


def texts(figure):
    """Return all texts of a figure that say something."""
    from matplotlib.text import Text

    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def stack(figure):
    """Make a figure narrow; panels in columns of one grid come below each other, row by row.

    A figure with nested grids only becomes narrow.
    """
    from matplotlib.gridspec import GridSpec

    height = figure.get_figheight()
    panels = [ax for ax in figure.axes if ax.get_subplotspec()]
    grids = list({ax.get_subplotspec().get_gridspec() for ax in panels})
    rows, columns = grids[0].get_geometry() if len(grids) == 1 else (1, 1)
    row = height / rows
    if columns > 1 and not hasattr(grids[0], "_subplot_spec"):
        repeat_labels(panels)
        place = {
            ax: (ax.get_subplotspec().rowspan[0], ax.get_subplotspec().colspan[0]) for ax in panels
        }
        order = sorted(set(place.values()))
        stacked = GridSpec(rows := len(order), 1, figure=figure)
        for ax in panels:
            ax.set_subplotspec(stacked[order.index(place[ax])])
        # A title is not to be taken for a label of the axis above it.
        if layout := figure.get_layout_engine():
            layout.set(h_pad=PAD)
    shapes = [shape(ax) for ax in panels if ax.get_aspect() != "auto"]
    if shapes:
        row = FRAME + (WIDTH - FRAME) * max(shapes)
    else:
        row *= 0.85 if columns == 1 else 1.1
    figure.set_size_inches(WIDTH, rows * row)


def shape(ax):
    """Return height over width of axes in which both directions have one scale."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    return abs((top - bottom) / (right - left)) * ax.get_aspect()


def repeat_labels(panels):
    """Let each panel say what it and its axes are, which it had left to its neighbours."""
    for ax in panels:
        spec = ax.get_subplotspec()
        row = [other for other in panels if other.get_subplotspec().rowspan == spec.rowspan]
        column = [other for other in panels if other.get_subplotspec().colspan == spec.colspan]
        if not ax.get_ylabel():
            ax.set_ylabel(next((o.get_ylabel() for o in row if o.get_ylabel()), ""))
        if not ax.get_xlabel():
            ax.set_xlabel(next((o.get_xlabel() for o in column[::-1] if o.get_xlabel()), ""))
        if not ax.get_title() and (heading := next((o for o in column if o.get_title()), None)):
            ax.set_title(heading.get_title(), fontsize=heading.title.get_fontsize())
        ax.tick_params(labelleft=True, labelbottom=True)


def raise_legends(figure):
    """Draw legends above their axes, in as many columns as fit now."""
    import numpy as np

    from rnnbook.plots import legend_above

    for legend, axes in [
        *((ax.get_legend(), ax) for ax in figure.axes if ax.get_legend()),
        *((legend, np.array(figure.axes)) for legend in figure.legends),
    ]:
        labels = [text.get_text() for text in legend.get_texts()]
        options = {"fontsize": max(SMALLEST, legend.get_texts()[0].get_size())}
        first = figure.axes[0] if isinstance(axes, np.ndarray) else axes
        # The legend has only parts of some handles, such as points with error bars.
        if first.get_legend_handles_labels()[1] != labels:
            options |= {"handles": legend.legend_handles, "labels": labels}
        height = legend_above(axes, **options).get_window_extent().height
        figure.set_figheight(figure.get_figheight() + height / figure.dpi)


def in_two_lines(text):
    """Break a text at the space nearest to its middle, outside of formulas."""
    spaces = [m.start() for m in re.finditer(r" ", text) if text.count("$", 0, m.start()) % 2 == 0]
    if not spaces or "\n" in text:
        return text
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"
