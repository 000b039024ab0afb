"""Sizes of pictures, on a small page. What the built pages say is in tests/site/test_site.py."""

import pytest
from html_page import Page

from tools.sphinx_images import placed

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}></svg>'
PAGE = """<img src="../_static/logo.svg" class="logo__image" alt/><p>a &lt;img src="a.svg"&gt;</p>
<img alt="a &gt; b" src="../_images/a%20b.svg" /><img src="../_images/b.svg" alt="x" />
<img src="data:image/png;base64,AAAA" alt="y"/>
<img src="../_static/images/icon.svg" alt="z">"""


@pytest.fixture
def folder(tmp_path):
    """A site with three pictures and an icon; the folder of its pages."""
    for name in ("_static/images", "_images", "book"):
        (tmp_path / name).mkdir(parents=True)
    for name, attributes in (
        ("_static/logo.svg", 'width="108" height="72"'),
        ("_images/a b.svg", 'width="360.2pt" height="180.1pt"'),
        ("_images/b.svg", 'width="72pt" height="36pt"'),
        ("_static/images/icon.svg", 'viewBox="0 0 2 2"'),
    ):
        (tmp_path / name).write_text(SVG.format(attributes), encoding="utf-8")
    return tmp_path / "book"


def test_a_picture_states_the_size_of_its_file_in_pixels(folder):
    logo, first, second, *others = Page(placed(PAGE, folder)).images()
    assert (logo["width"], logo["height"]) == ("108", "72")
    assert (first["width"], first["height"]) == ("480", "240")  # a point is 4/3 of a pixel
    assert (second["width"], second["height"]) == ("96", "48")
    # What is no file of its own, and icons, which have the height of their line.
    assert [set(other) for other in others] == [{"src", "alt"}] * 2


def test_pictures_below_the_first_are_loaded_later(folder):
    logo, first, second, *_ = Page(placed(PAGE, folder)).images()
    assert "loading" not in logo
    assert "loading" not in first
    assert (second["loading"], second["decoding"]) == ("lazy", "async")


def test_all_else_stays_and_a_second_time_changes_nothing(folder):
    once = placed(PAGE, folder)
    assert placed(once, folder) == once
    assert "a &lt;img src=" in once
    assert 'alt="a &gt; b" src="../_images/a%20b.svg" />' in once


def test_a_picture_that_does_not_say_its_size_is_an_error(folder):
    (folder / "c.svg").write_text(SVG.format(""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"c\.svg does not say"):
        placed('<img src="c.svg" alt="c">', folder)
