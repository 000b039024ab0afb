"""What search engines and previews of links read of the pages, and the page for none."""

import re
import struct
from xml.etree import ElementTree

import pytest
import yaml
from html_page import Page
from minibook import ROOT

# The sites in conftest.py are built once, by the process that runs all of these.
pytestmark = pytest.mark.xdist_group("small sites")


class Head:
    """Meta tags and links of a page."""

    def __init__(self, path):
        self.meta, self.link = {}, {}
        for tag, attributes in Page(path.read_text(encoding="utf-8")).tags:
            if tag == "meta" and "content" in attributes:
                key = attributes.get("name") or attributes.get("property")
                assert key not in self.meta or key == "viewport", f"{key} is there twice"
                self.meta[key] = attributes["content"]
            elif tag == "link":
                self.link[attributes.get("rel")] = attributes.get("href")


def test_every_page_of_the_book_has_a_description_of_its_own():
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    pages = set(re.findall(r"(?:file|root): (\S+)", toc))
    described = yaml.safe_load((ROOT / "book" / "descriptions.yml").read_text(encoding="utf-8"))
    assert described.keys() == pages
    assert len(set(described.values())) == len(described)
    for name, text in described.items():
        # Search engines cut what is longer.
        assert 50 <= len(text) <= 165, name
        assert text.endswith("."), name


def test_a_page_says_what_it_is_about_and_which_address_is_its_own(known):
    site, url = known
    head = Head(site / "book" / "how_to_use.html")
    assert head.meta["description"] == head.meta["og:description"]
    assert head.meta["og:title"] == "How to use this book"
    assert head.link["canonical"] == head.meta["og:url"] == f"{url}book/how_to_use.html"


def test_the_picture_of_the_preview_is_there_in_the_size_that_is_stated(known):
    site, url = known
    head = Head(site / "book" / "how_to_use.html")
    assert head.meta["og:image"].startswith(url)
    picture = (site / head.meta["og:image"].removeprefix(url)).read_bytes()
    assert picture[1:4] == b"PNG"
    size = struct.unpack(">II", picture[16:24])
    assert [str(number) for number in size] == [
        head.meta["og:image:width"],
        head.meta["og:image:height"],
    ]


def test_the_sitemap_lists_the_pages(known):
    site, url = known
    tree = ElementTree.parse(site / "sitemap.xml")
    listed = {node.text for node in tree.iter() if node.tag.endswith("}loc")}
    pages = {path.relative_to(site).as_posix() for path in (site / "book").rglob("*.html")}
    assert "book/how_to_use.html" in pages
    assert listed == {f"{url}{page}" for page in pages}
    days = [node.text for node in tree.iter() if node.tag.endswith("}lastmod")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)


def test_the_page_for_what_does_not_exist_works_at_any_depth(known):
    site, _ = known
    text = (site / "404.html").read_text(encoding="utf-8")
    named = re.findall(r'\b(?:href|src|data-content_root)="([^"#]+)"', text)
    local = [place for place in named if not re.match(r"[a-z]+:", place)]
    assert len(local) > 10
    for place in local:
        assert place.startswith("/book/"), place
        assert (site / place.removeprefix("/book/").split("?")[0]).exists(), place


def test_without_an_address_nothing_claims_one(unknown):
    head = Head(unknown / "book" / "how_to_use.html")
    assert head.meta["description"]
    assert "canonical" not in head.link
    assert not {"og:url", "og:image"} & head.meta.keys()
    assert not (unknown / "sitemap.xml").exists()
    assert not (unknown / "404.html").exists()  # it could not find its files
