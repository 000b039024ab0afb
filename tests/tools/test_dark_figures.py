"""Dark versions of figures: what stands out on white stands out in the dark."""

import io
import re
from base64 import b64decode
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from minibook import ROOT
from PIL import Image

from rnnbook import plots
from rnnbook.plots import style
from tools.dark_figures import contrast, dark, dark_picture

HUED = ["#440154", "#3b528b", "#21918c", "#5ec962", "#e69f00", "#56b4e9", "#ff0000", "#000080"]
GROUND = style.PAPER[1]


def hue(color):
    """Angle of a colour's hue in HSV, in degrees."""
    return 360 * matplotlib.colors.rgb_to_hsv(matplotlib.colors.to_rgb(color))[0]


@pytest.fixture
def drawn():
    """A figure of the book's style with colours of all kinds, as SVG."""
    matplotlib.use("Agg")
    with plt.rc_context():
        plots.use_book_style()
        figure, ax = plt.subplots()
        ax.plot([0, 1], color=plots.NETWORK, marker="o", markerfacecolor="white")
        ax.plot([1, 0], color=plots.THEORY)
        ax.plot([0.5, 0.5], color=HUED[0])
        ax.imshow([[0.0, 1.0]], cmap="gray", extent=(0, 1, 0, 1))
        out = io.StringIO()
        figure.savefig(out, format="svg")
    plt.close("all")
    return out.getvalue()


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_dark_ground_and_ink_are_those_of_the_pages():
    sheet = (ROOT / "site_static" / "book.css").read_text(encoding="utf-8")
    block = re.search(r'html\[data-theme="dark"\] \{(.*?)\}', sheet, flags=re.S)[1].upper()
    for name, color in (("BACKGROUND", GROUND), ("TEXT-BASE", style.ROLES["theory"][1])):
        assert f"--PST-COLOR-{name}: {color};" in block


@pytest.mark.parametrize(("light", "there"), style.ROLES.values())
def test_a_role_has_its_own_colour_and_is_seen(light, there):
    assert dark(light) == there.lower()
    assert contrast(there, GROUND) >= 4.5


@pytest.mark.parametrize("color", HUED)
def test_another_colour_keeps_its_hue_and_is_seen(color):
    there = dark(color)
    assert contrast(there, GROUND) >= 4.5
    apart = abs(hue(there) - hue(color)) % 360
    assert min(apart, 360 - apart) < 30


def test_greys_stand_out_as_much_as_on_white():
    greys = [f"#{value:02x}{value:02x}{value:02x}" for value in range(64, 256, 16)]
    for grey in greys:
        assert contrast(dark(grey), GROUND) == pytest.approx(contrast(grey, "#ffffff"), rel=0.06)


def test_a_picture_turns_dark_as_a_whole(drawn):
    new = dark_picture(drawn)
    root = ElementTree.fromstring(new)
    # Text that names no colour inherits the ink.
    assert root.get("fill") == style.ROLES["theory"][1].lower()
    assert not re.search("#ffffff|#0072b2|#440154|: ?#000000", new)
    for color in (GROUND, dict(style.ROLES.values())[plots.NETWORK]):
        assert color.lower() in new
    # Nothing but colours and pixels has changed.
    left = [re.sub(r'#[0-9a-f]{6}\b|base64,[^"]+| fill="[^"]+"', "", text) for text in (drawn, new)]
    assert left[0] == left[1]


def test_pixels_turn_too(drawn):
    found = re.search(r"data:image/png;base64,\s*([^\"]+)", dark_picture(drawn))
    pixels = np.asarray(Image.open(io.BytesIO(b64decode(found[1]))).convert("RGB"))
    black, white = pixels[0, 0], pixels[0, -1]
    for pixel, color in ((black, style.ROLES["theory"][1]), (white, GROUND)):
        expected = 255 * np.array(matplotlib.colors.to_rgb(color))
        np.testing.assert_allclose(pixel, expected, atol=12)  # a tint of the page aside
