"""The printed book: every chapter, figure and link of the pages is in the PDF.

`make pdf-check` prints the book and runs this file. What the PDF should hold is read from the built
pages and the table of contents, not from what was printed.
"""

import re
from html import unescape
from itertools import chain
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import yaml
from built import SITE, html_files
from html_page import LIVE, Page

ROOT = Path(__file__).parents[2]
PDF = ROOT / "_build" / "pdf" / "learning-to-integrate.pdf"

# One process reads it.
pytestmark = [pytest.mark.pdf, pytest.mark.xdist_group("pdf")]


@pytest.fixture(scope="module")
def pdf():
    assert PDF.is_file(), "the book is not printed: run `make pdf`"
    with pikepdf.open(PDF) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def texts(pdf):
    """The text of each page, from another reader than the one that wrote the PDF."""
    with pypdfium2.PdfDocument(PDF) as pages:
        return [page.get_textpage().get_text_bounded() for page in pages]


@pytest.fixture(scope="module")
def chapters():
    """The built pages in the order of the table of contents, as text of their articles."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"^\s*(?:root:|- file:) (\S+)$", toc, re.M)
    assert len(names) >= 19
    pages = [(SITE / f"{name}.html").read_text(encoding="utf-8") for name in names]
    return [page[page.index("<article") : page.index("</article>")] for page in pages]


def closed(text):
    """Text without spaces, which a PDF keeps in its own way."""
    return re.sub(r"\s+", "", text)


def words(page):
    """Text of a piece of a page, without spaces."""
    return closed(unescape(re.sub(r"<[^>]*>", "", page)))


def title(chapter):
    """The title of a chapter, with its number."""
    return words(re.search(r"<h1>(.*?)<a", chapter, re.S)[1])


def outline(pdf):
    """Titles in the outline and the numbers of their pages, from 0."""
    numbers = {page.objgen: k for k, page in enumerate(pdf.pages)}
    with pdf.open_outline() as top:
        waiting = list(top.root)
        while waiting:
            entry = waiting.pop(0)
            yield closed(entry.title), numbers[entry.destination[0].objgen]
            waiting = [*entry.children, *waiting]


def links(pdf):
    """The links of all pages: names within the book, and addresses."""
    for page in pdf.pages:
        for link in page.get("/Annots", []):
            if "/Dest" in link:
                yield str(link.Dest), None
            elif "/A" in link:
                yield (
                    str(link.A.D) if "/D" in link.A else None,
                    str(link.A.URI) if "/URI" in link.A else None,
                )


def elements(pdf, kind):
    """Elements of the tagged PDF of a kind, such as /Figure."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if element.get("/S") == kind:
            yield element
        inner = element.get("/K", [])
        for part in inner if isinstance(inner, pikepdf.Array) else [inner]:
            if isinstance(part, pikepdf.Dictionary):
                waiting.append(part)


def test_it_lies_where_the_pages_link_to():
    assert (SITE / PDF.name).read_bytes() == PDF.read_bytes()
    linked = [path for path in html_files() if PDF.name in path.read_text(encoding="utf-8")]
    assert len(linked) > 10


def test_it_says_what_it_is(pdf):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert pdf.docinfo.Title == config["title"]
    assert pdf.docinfo.Author == config["author"]
    assert pdf.Root.Lang == "en"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.is_linearized  # the first page can be read before the last has come
    assert 150 < len(pdf.pages) < 400
    assert PDF.stat().st_size < 10e6  # half a megabyte a chapter, and some for the rest


def test_every_chapter_stands_in_the_outline_in_order_and_begins_a_page(pdf, texts, chapters):
    places = dict(reversed(list(outline(pdf))))
    starts = [places[title(chapter)] for chapter in chapters]
    assert starts == sorted(set(starts))
    for chapter, start in zip(chapters, starts, strict=True):
        # Above it there may be the head of the page and the name of the part.
        assert title(chapter) in closed(texts[start])[:200]


def test_the_table_of_contents_names_the_pages(pdf, texts, chapters):
    starts = dict(reversed(list(outline(pdf))))
    first = starts[title(chapters[0])]
    contents = closed("".join(texts[:first]))
    for chapter in chapters:
        name = title(chapter)
        assert f"{name}{starts[name] + 1}" in contents
    assert "000" not in contents


def test_every_link_leads_to_a_page_of_the_book_or_to_the_web(pdf):
    goals = dict(pdf.Root.Dests.items())
    pages = {page.objgen for page in pdf.pages}
    assert all(goal[0].objgen in pages for goal in goals.values())
    inner = [name for name, address in links(pdf) if address is None]
    assert len(inner) > 500
    assert set(inner) <= goals.keys()
    for _, address in links(pdf):
        assert address is None or re.match(r"https?://[^/]", address), address


def test_every_figure_of_the_pages_is_printed(pdf, chapters):
    printed = [str(figure.get("/Alt", "")) for figure in elements(pdf, "/Figure")]
    pages = [Page(chapter) for chapter in chapters]
    images = [closed(image["alt"]) for page in pages for image in page.images()]
    assert len(images) > 60
    assert not set(images) - {closed(text) for text in printed}
    # A live figure is at least one chart, which says what it shows.
    live = sum(chapter.count(f'class="{LIVE}"') for chapter in chapters)
    charts = [label for c in chapters for label in re.findall(r'<svg[^>]*aria-label="([^"]*)"', c)]
    assert len(charts) >= live >= 14
    assert not {closed(unescape(chart)) for chart in charts} - {closed(text) for text in printed}
    assert all(printed)


def test_nothing_is_left_of_sources_and_sliders(texts):
    whole = "\n".join(texts)
    for rest in (
        "Math input error",
        r"\(",
        r"\[",
        "$$",
        "[?]",
        "Show code cell source",
        "[source]#",
    ):
        assert rest not in whole, rest
    assert whole.count("A live figure, printed as it is at first.") >= 14


def test_every_solution_is_printed_and_found(texts, chapters):
    whole = closed("".join(texts))
    expected = chain.from_iterable(
        re.findall(r'<div class="solution .*?admonition-title">(.*?)</p>', chapter, re.S)
        for chapter in chapters
    )
    expected = [words(re.split(r"\(", solution)[0]) for solution in expected]
    assert len(expected) > 50
    for solution in expected:
        assert solution in whole, solution
    assert len(re.findall(r"Solution,\s*page\s*[1-9]", "\n".join(texts))) == len(expected)
