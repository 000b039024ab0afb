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
    used = re.findall(r'\bcolor(?:: | = )"(\w+)"', path.read_text(encoding="utf-8"))
    assert set(used) <= set(LIGHT)
