"""Formulas that are remembered draw the same figure."""

import io

import matplotlib.pyplot as plt
import pytest
from matplotlib.mathtext import MathTextParser

from rnnbook import plots
from tools import figure_formulas

pytestmark = pytest.mark.usefixtures("book_style")


def drawn():
    """A figure with formulas in labels of axes, numbers and a legend, as SVG."""
    _, ax = plt.subplots()
    ax.plot([1, 10, 100], [1e-3, 1e-2, 0.1], label=r"$e^{-\lambda t}$, $\frac{1}{2}$")
    ax.set(xscale="log", yscale="log", xlabel=r"$\sigma$ in $\mathdefault{10^{-2}}$")
    plots.legend_above(ax)
    file = io.BytesIO()
    ax.figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(ax.figure)
    return file.getvalue()


def test_remembered_formulas_draw_the_same_figure(monkeypatch):
    plain = drawn()
    parse, asked = MathTextParser.parse, []

    def counted(self, text, *arguments, **options):
        asked.append(text)
        return parse(self, text, *arguments, **options)

    monkeypatch.setattr(MathTextParser, "parse", counted)  # and what is installed goes with it
    figure_formulas.install()
    assert drawn() == plain
    first = len(asked)
    assert first > 0
    assert drawn() == plain
    assert len(asked) == first
    # Settings that formulas depend on are not forgotten.
    with plt.rc_context({"mathtext.fontset": "cm"}):
        assert drawn() != plain
    assert len(asked) > first
