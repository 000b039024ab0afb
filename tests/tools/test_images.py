"""Sizes and versions of pictures, on a small page. Of the built pages: tests/site/test_site.py."""

from types import SimpleNamespace

import pytest
from html_page import Page

from tools.phone_figures import carry
from tools.sphinx_images import placed, write_versions

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


NAME = "0123456789abcdef" * 4
FIGURE = f'<img src="../_images/{NAME}.svg" alt="x" />'
WIDE = SVG.format('width="460pt" height="230pt" style="fill: #0072b2"') + "\n"
NARROW = SVG.format('width="300pt" height="225pt" style="fill: #0072b2"')


@pytest.fixture
def warnings(monkeypatch):
    """What the extension warned of, each as the format and its arguments."""
    said = []
    monkeypatch.setattr(
        "tools.sphinx_images.logger", SimpleNamespace(warning=lambda *text: said.append(text))
    )
    return said


@pytest.fixture
def figure(folder):
    """A figure as it comes from its cell, with its versions."""
    path = folder.parent / "_images" / f"{NAME}.svg"
    path.write_text(carry(WIDE, NARROW), encoding="utf-8")
    write_versions(path)
    return path


def test_a_figure_has_four_versions(figure):
    assert figure.read_text(encoding="utf-8") == WIDE
    for name, light in (("", WIDE), ("-phone", NARROW)):
        one, dark = (figure.with_stem(f"{NAME}{name}{end}") for end in ("", "-dark"))
        assert one.read_text(encoding="utf-8") == light
        text = dark.read_text(encoding="utf-8")
        assert "#62b8ec" in text
        assert "#0072b2" not in text


def test_a_page_offers_one_version_a_theme_and_a_width(figure, folder):
    once = placed(FIGURE, folder)
    page = Page(once)
    assert [a["class"] for tag, a in page.tags if tag == "picture"] == ["on-light", "on-dark"]
    sources = [a for tag, a in page.tags if tag == "source"]
    for source, image, end in zip(sources, page.images(), ("", "-dark"), strict=True):
        assert source["srcset"] == f"../_images/{NAME}-phone{end}.svg"
        assert (source["width"], source["height"]) == ("400", "300")
        assert image["src"] == f"../_images/{NAME}{end}.svg"
        assert (image["width"], image["height"]) == ("613", "307")
        # A version that is not shown is never fetched.
        assert image["loading"] == "lazy"
        assert image["alt"] == "x"
    assert placed(once, folder) == once


def test_a_second_build_changes_no_version(figure, warnings):
    before = {path.name: path.read_text() for path in figure.parent.iterdir()}
    write_versions(figure)
    assert {path.name: path.read_text() for path in figure.parent.iterdir()} == before
    assert not warnings


def test_a_wide_figure_without_a_version_for_phones_is_a_warning(folder, warnings):
    for name, picture in (("a", WIDE), ("b", NARROW)):
        path = folder / f"{name * 64}.svg"
        path.write_text(picture, encoding="utf-8")
        write_versions(path)
    assert [text[1] for text in warnings] == [f"{'a' * 64}.svg"]
    # A narrow one is shown to all, in two themes.
    page = Page(placed(f'<img src="{"b" * 64}.svg" alt="x">', folder))
    assert [tag for tag, _ in page.tags] == ["picture", "img"] * 2
