"""The built pages: what they load lies in the site, and what they refer to exists.

`make site-check` builds the book and runs this file; without _build/html there is nothing to test.
"""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from built import SITE, STATIC, html_files
from html_page import Page
from PIL import Image

ROOT = Path(__file__).parents[2]
PDF = "learning-to-integrate.pdf"


@pytest.fixture(scope="module")
def pages():
    """The pages of the site by their path below it."""
    paths = html_files()
    assert paths, "there are no pages: run `make book`"
    return {path.relative_to(SITE): Page(path.read_text(encoding="utf-8")) for path in paths}


def elsewhere(url):
    """Whether a URL leads out of the site."""
    parts = urlsplit(url)
    return parts.scheme not in {"", "data"} or bool(parts.netloc)


def target(path, url):
    """The file that a relative URL names on the page or style sheet at `path` below the site."""
    local = unquote(urlsplit(url).path)
    return (SITE / path.parent / local).resolve() if local else SITE / path


def missing(path, url):
    """Whether a URL that stays in the site names no file of it."""
    return not elsewhere(url) and not url.startswith("data:") and not target(path, url).is_file()


def test_pages_load_nothing_from_another_host(pages):
    for path, page in pages.items():
        assert not [url for url in page.loads() if elsewhere(url)], path


def test_scripts_in_pages_name_no_other_host(pages):
    for path, page in pages.items():
        for attributes, text in page.scripts:
            assert "type" in attributes or "://" not in text, f"{path}: {text[:200]}"


def test_style_sheets_load_what_is_in_the_site():
    sheets = sorted(STATIC.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
        path = sheet.relative_to(SITE)
        for url in re.findall(r"(?:url\(\s*|@import\s+)[\"']?(.*?)[\"']?\s*[);]", text):
            if not url.startswith("data:") and not url.startswith("#"):
                assert not elsewhere(url), f"{path}: {url}"
                assert not missing(path, url), f"{path}: {url}"


def test_what_pages_refer_to_exists(pages):
    for path, page in pages.items():
        absent = {target(path, url) for url in page.links() if missing(path, url)}
        # The printed book comes after the pages: see test_pdf.py.
        assert absent <= {SITE.resolve() / PDF}, path


def test_anchors_that_pages_link_to_exist(pages):
    for path, page in pages.items():
        for url in page.links():
            anchor = unquote(urlsplit(url).fragment)
            if anchor and not elsewhere(url):
                goal = target(path, url).relative_to(SITE.resolve())
                assert goal not in pages or anchor in pages[goal].ids, f"{path}: {url}"


def test_every_image_has_an_alternative_text(pages):
    for path, page in pages.items():
        for image in page.images():
            # The logo says nothing that the name beside it does not say, so its text is empty.
            shortest = 0 if "logo__image" in image.get("class", "") else 1
            assert len(image.get("alt", "").strip()) >= shortest, f"{path}: {str(image)[:200]}"
            assert "alt" in image, path


def test_every_picture_states_the_size_of_its_file(pages):
    lazy = 0
    for path, page in pages.items():
        for image in page.images():
            # Icons of the theme are as high as their line.
            if image["src"].startswith("data:") or "_static/images/" in image["src"]:
                continue
            width, height = int(image["width"]), int(image["height"])
            file = target(path, image["src"])
            if file.suffix == ".svg":
                box = ElementTree.parse(file).getroot().get("viewBox")
                _, _, wide, high = map(float, box.split())
            else:
                with Image.open(file) as opened:
                    wide, high = opened.size
            # Equal but for half a pixel of rounding in each.
            assert abs(width * high - height * wide) <= (wide + high) / 2, f"{path}: {image}"
            lazy += image.get("loading") == "lazy"
    assert lazy > 10


def test_only_pages_with_live_figures_load_their_code(pages):
    for path, page in pages.items():
        names = {urlsplit(url).path.rsplit("/", 1)[-1] for url in page.loads()}
        assert ({"live.js", "live.css", "explorer.css"} <= names) == page.is_live(), path
        # What ipywidgets would bring along for the same figures: 3.6 MB of scripts.
        assert not names & {"require.js", "embed-amd.js", "anywidget.js"}, path
    assert {page.is_live() for page in pages.values()} == {True, False}


def test_ids_of_a_page_are_unique(pages):
    for path, page in pages.items():
        ids = Counter(attributes["id"] for _, attributes in page.tags if attributes.get("id"))
        assert not [name for name, count in ids.items() if count > 1], path


def test_titles_for_previews_are_plain_text(pages):
    for path, page in pages.items():
        titles = [a["content"] for _, a in page.tags if a.get("property") == "og:title"]
        assert not [title for title in titles if "<" in title or "\\" in title], path


def test_icon_fonts_hold_what_the_pages_show():
    fonts = list((STATIC / "vendor").rglob("fa-*.woff2"))
    assert len(fonts) == 3
    assert sum(font.stat().st_size for font in fonts) < 10_000


def luminance(colour):
    """Relative luminance of a colour like #0072b2, as WCAG 2 defines it."""
    shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_has_contrast_to_what_it_stands_on(mode):
    style = (ROOT / "site_static" / "book.css").read_text(encoding="utf-8")
    block = re.search(rf'html\[data-theme="{mode}"\] {{(.*?)}}', style, re.S)[1]
    colours = dict(re.findall(r"--(?:book|pst-color)-([a-z-]+): (#[0-9a-f]{6});", block))
    for ground in ("background", "surface", "primary-bg", "secondary-bg"):
        for text in ("text-base", "text-muted", "blue", "vermillion"):
            dark, light = sorted(luminance(colours[name]) for name in (ground, text))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_sliders_have_handles_to_grip_and_edges_to_see(mode):
    style = (ROOT / "site_static" / "live.css").read_text(encoding="utf-8")
    thumbs = re.findall(r"-(?:slider|range)-thumb {(.*?)}", style, re.S)
    assert len(thumbs) == 2  # one an engine
    for thumb in thumbs:
        assert {int(size) for size in re.findall(r"(?:width|height): (\d+)px", thumb)} == {24}
        assert "background: var(--book-blue)" in thumb  # whose contrast is tested above
    edges = dict(
        zip(("light", "dark"), re.findall(r"--live-edge: (#[0-9a-f]{6})", style), strict=True)
    )
    book = (ROOT / "site_static" / "book.css").read_text(encoding="utf-8")
    block = re.search(rf'html\[data-theme="{mode}"\] {{(.*?)}}', book, re.S)[1]
    ground = re.search(r"--pst-color-background: (#[0-9a-f]{6})", block)[1]
    dark, light = sorted(luminance(colour) for colour in (edges[mode], ground))
    assert (light + 0.05) / (dark + 0.05) >= 3
