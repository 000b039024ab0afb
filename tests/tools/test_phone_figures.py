"""Narrow versions of figures, drawn in the kernels of a build and nowhere else."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import nbformat
import pytest
from matplotlib.lines import Line2D
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from rnnbook import plots
from tools.kernels import PATIENT
from tools.phone_figures import SMALLEST, WIDTH, carry, in_two_lines, make_narrow, texts, unpack
from tools.sphinx_images import STARTUP

pytestmark = pytest.mark.usefixtures("book_style")

CELLS = [
    "import matplotlib.pyplot as plt, rnnbook as rb\nrb.plots.use_book_style()",
    "names = sorted(globals())\nplt.plot([0, 1], label='a')\nplt.legend();",
    "plt.figure(figsize=(4, 3))\nplt.plot([0, 1]);",
    "print([name for name in names if 'phone' in name or name in ('sys', 'Path')])",
]


def order(axes):
    """Panels from top to bottom, as the letters that are their titles."""
    return "".join(ax.get_title() for ax in sorted(axes, key=lambda ax: -ax.get_position().y0))


@pytest.fixture
def panels():
    """Two rows of two panels that share what stands on their axes, and a legend for all."""
    figure, axes = plt.subplots(2, 2, figsize=(6.4, 5), sharex=True, sharey=True)
    for ax, letter in zip(axes.flat, "abcd", strict=True):
        ax.plot([0, 1], [1, 2], label="one curve")
        ax.plot([0, 1], [2, 1], label="and another, which has a longer name")
        ax.set(title=letter, xlabel="across", ylabel="a label that says what goes up")
        ax.text(0.5, 1.5, "tiny", fontsize=6)
        ax.label_outer()
    plots.legend_above(axes)
    return figure, axes


def test_panels_come_below_each_other_row_by_row(panels):
    figure, axes = panels
    make_narrow(figure)
    figure.draw_without_rendering()
    assert figure.get_figwidth() == WIDTH
    assert order(axes.flat) == "abcd"
    assert len({round(ax.get_position().x0, 3) for ax in axes.flat}) == 1
    assert min(ax.get_position().width for ax in axes.flat) > 0.6
    # Each says by itself what its axes are, and its numbers.
    for ax in axes.flat:
        assert ax.get_xlabel()
        assert ax.get_ylabel()
        assert [t for t in ax.get_xticklabels() + ax.get_yticklabels() if t.get_visible()]
        assert ax.xaxis.get_tick_params()["labelbottom"]
        assert ax.yaxis.get_tick_params()["labelleft"]


def test_headings_of_columns_go_with_each_of_their_panels():
    figure, axes = plt.subplots(2, 2, figsize=(6.4, 5))
    for ax, letter in zip(axes[0], "ab", strict=True):
        ax.set(title=letter)
    make_narrow(figure)
    figure.draw_without_rendering()
    assert order(axes.flat) == "abab"
    # And stand nearer to their own panel than to the one above.
    above = axes[0, 0].get_tightbbox()
    title = axes[0, 1].title.get_window_extent()
    assert above.y0 - title.y1 > title.y0 - axes[0, 1].bbox.y1 > 0


def test_what_is_written_is_large_enough_and_inside(panels):
    figure, _ = panels
    make_narrow(figure)
    figure.draw_without_rendering()
    assert min(text.get_size() for text in texts(figure)) >= SMALLEST
    tight = figure.get_tightbbox()
    assert tight.width <= 1.01 * WIDTH
    assert len(figure.legends) == 1


def test_rows_of_one_panel_stay_and_maps_keep_their_shape():
    figure, axes = plt.subplots(2, 1, figsize=(6.4, 8))
    for ax, letter in zip(axes, "ab", strict=True):
        ax.set(xlim=(0, 2), ylim=(0, 1), aspect="equal", title=letter)
    make_narrow(figure)
    figure.draw_without_rendering()
    assert order(axes) == "ab"
    for ax in axes:
        box = ax.get_window_extent()
        assert box.width == pytest.approx(2 * box.height, rel=1e-3)
        assert box.width > 0.6 * figure.bbox.width
    assert figure.get_figheight() < 8


def test_points_with_errors_keep_their_place_in_the_legend():
    figure, ax = plt.subplots(figsize=(6.4, 4))
    ax.errorbar([0, 1], [0, 1], [0.1, 0.1], fmt="o", label="measured")
    ax.legend(loc="center")
    make_narrow(figure)
    figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().y0 >= ax.bbox.y1
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["measured"]
    assert [line for line in ax.get_legend().findobj(Line2D) if line.get_marker() == "o"]


def test_a_long_label_has_two_lines_and_formulas_stay_whole():
    assert in_two_lines("one two three") == "one two\nthree"
    assert in_two_lines("name $a + b + c + d + e$") == "name\n$a + b + c + d + e$"
    assert in_two_lines("$a + b$") == "$a + b$"


def test_a_picture_carries_its_narrow_version_and_stays_a_picture():
    wide, narrow = "<svg><!-- wide --></svg>\n", "<svg>\n<!-- narrow -- -->\n</svg>\n"
    both = carry(wide, narrow)
    ElementTree.fromstring(both)
    assert unpack(both) == (wide, narrow)
    assert unpack(wide) == (wide, None)


@pytest.mark.parametrize("building", [True, False])
def test_only_kernels_of_a_build_draw_twice(building, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    monkeypatch.delenv("PYTHONSTARTUP", raising=False)
    if building:
        monkeypatch.setenv("PYTHONSTARTUP", str(STARTUP))
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, kernel_name="python3", timeout=None, **PATIENT).execute()
    nbformat.validate(notebook)
    shown = [o for cell in notebook.cells for o in cell.outputs if o.output_type == "display_data"]
    (wide, narrow), (small, none) = (unpack(o.data["image/svg+xml"]) for o in shown)
    assert none is None  # it is narrow already
    assert "<!-- phone" not in small + wide
    assert (narrow is not None) == building
    if building:
        width = float(re.search(r'width="([\d.]+)pt"', narrow)[1])
        assert width == pytest.approx(72 * WIDTH, rel=0.05)
    # A notebook does not see the difference.
    assert notebook.cells[-1].outputs[0].text == "[]\n"
    assert not [o for cell in notebook.cells for o in cell.outputs if o.get("name") == "stderr"]
