"""One role, one colour: live figures have those of Matplotlib's, and use no others."""

import re

import pytest
from javascript import LIVE

from rnnbook.plots import style

CSS = (LIVE / "explorer.css").read_text(encoding="utf-8")
LIGHT = dict(re.findall(r"--([a-z]+): ([^;]+);", CSS.split("}")[0]))
ROLES = ["network", "outlier", "bulk", "target", "theory", "attract", "repel"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_the_colour_of_the_figures_of_matplotlib(role):
    colour = LIGHT[role]
    if reference := re.fullmatch(r"var\(--(\w+)\)", colour):
        colour = LIGHT[reference[1]]
    if role == "theory":  # in the ink of the page, which is nearly black
        assert "text-base" in colour
        assert style.THEORY == "#000000"
    else:
        assert colour.upper() == getattr(style, role.upper()).upper()


@pytest.mark.parametrize("path", sorted(LIVE.rglob("*.js")), ids=lambda path: path.stem)
def test_a_figure_uses_no_colour_that_has_no_name(path):
    assert colours(path.read_text(encoding="utf-8")) <= set(LIGHT)


def colours(source):
    """The names of colours in JavaScript, also those that a condition chooses from."""
    given = re.findall(r"\bcolor(?:: | = )([^,;}\n]*(?:\n\s*[?:][^,;}\n]*)*)", source)
    # What is compared in a condition is no colour.
    chosen = [re.sub(r'[!=]==? "\w+"', "", text) for text in given]
    return set(re.findall(r'"(\w+)"', " ".join(chosen)))


def test_colours_are_found_that_a_condition_chooses():
    source = """f({ color: k === "one" ? "red" : "blue", label: "no" }); color = "ink";
      g({ color: on
      ? "green"
      : "grey", dash: "6 4" }); h({ color, label: "none" });"""
    assert colours(source) == {"red", "blue", "ink", "green", "grey"}
