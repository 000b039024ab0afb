"""The built pages as one page to print, in the order of the table of contents.

What is printed is what is published: nothing runs again. On paper, solutions stand at the end of
their chapter, code that was folded is left out, and links lead within the book.
"""

import html
import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
FIGURE = ".rnnbook-live"  # of a live figure the picture is printed

# What is for a reader with a mouse: signs and links at headings, folded code, links to sources.
# On paper the invisible copy of a formula would be read twice.
ON_SCREEN = (
    ".headerlink, .viewcode-link, details.hide, .toctree-wrapper, button, noscript, .katex-mathml"
)
LONG_CODE = 12  # lines; longer listings may go on on the next page


def parts():
    """Yield the parts of the table of contents: a caption, or None, and names of pages."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    yield None, [toc["root"]]
    for part in toc["parts"]:
        yield part.get("caption"), list(files(part["chapters"]))


def files(entries):
    """Names of the pages below entries of the table of contents."""
    for entry in entries:
        if "file" in entry:
            yield entry["file"]
        yield from files(entry.get("sections", []))


class Chapter:
    """A page of the site on its way to paper.

    Attributes
    ----------
    key : str
        What its ids start with, so that they are unique in the book.
    body : bs4.Tag
    start : str
        The id, on the page, of the whole.
    title : str
    """

    def __init__(self, name, site):
        self.name, self.key = name, name.replace("/", ".")
        path = SITE / f"{name}.html"
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: run `make book` first.")
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        self.body = page.select_one("article.bd-article > section").extract()
        self.start = self.body["id"]
        for node in self.body.select(ON_SCREEN):
            node.extract()
        # Figures are printed as a wide screen shows them in the light.
        for node in self.body.select("picture.on-dark, picture > source"):
            node.extract()
        # The picture inside has the text alternative; its frame with the caption has none.
        for node in self.body.select("figure"):
            node["role"] = "group"
        self.title = text(self.body.h1)
        self.note_live_figures(page, site)
        self.mark_code()
        self.move_solutions(page)
        for level in range(5, 0, -1):  # the first level is that of the book's parts
            for heading in self.body.find_all(f"h{level}"):
                heading.name = f"h{level + 1}"

    def note_live_figures(self, page, site):
        """Say below each live figure where it moves."""
        for figure in self.body.select(FIGURE):
            note = page.new_tag("p", attrs={"class": "moves"})
            note.append("A live figure, printed as it is at first. ")
            section = figure.find_parent("section")
            if site:
                address = f"{site}{self.name}.html"
                link = page.new_tag("a", href=f"{address}#{section['id']}")
                link.append(address.split("://")[1])
                note.extend(["Move it at ", link, "."])
            else:
                note.append("It moves on the book’s pages.")
            figure.insert_after(note)

    def mark_code(self):
        """Tell listings that fit on a page with other things from those that should be broken."""
        for listing in self.body.find_all("pre"):
            if listing.get_text().count("\n") > LONG_CODE:
                listing["class"] = [*listing.get("class", []), "long"]

    def move_solutions(self, page):
        """Put solutions at the end of the chapter, and say at each exercise where its own is."""
        solutions = self.body.select(".solution")
        if not solutions:
            return
        end = page.new_tag("section", attrs={"class": "solutions"}, id="printed-solutions")
        heading = page.new_tag("h2")
        heading.append("Solutions")
        end.append(heading)
        for solution in solutions:
            exercise = self.body.find(id=solution.p.a["href"].removeprefix("#"))
            pointer = page.new_tag("p", attrs={"class": "pointer"})
            link = page.new_tag("a", href=f"#{solution['id']}")
            link.append("Solution")
            pointer.extend([link, ", page ", number(page, solution["id"])])
            exercise.append(pointer)
            end.append(solution.extract())
        self.body.append(end)

    def anchor(self, old):
        """The id in the book that belongs to one on the page."""
        return f"{self.key}.{old}".replace("/", ".")

    def link(self, chapters, site):
        """Make ids unique and lead links to where their goal is in the book."""
        for node in [self.body, *self.body.find_all(id=True)]:
            node["id"] = self.anchor(node["id"])
        for node in self.body.find_all(attrs={"data-page": True}):
            node["data-page"] = self.anchor(node["data-page"])
        for image in self.body.find_all("img"):
            image["src"] = self.file(image["src"])
            del image["loading"]  # all is printed
        for link in self.body.find_all("a", href=True):
            parts = urlsplit(link["href"])
            if parts.scheme or parts.netloc:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), parts.path))
            goal = chapters.get(path.removesuffix(".html")) if parts.path else self
            del link["title"]  # the whole reference, for a mouse
            if goal:
                link["href"] = f"#{goal.anchor(unquote(parts.fragment) or goal.start)}"
            elif site:
                link["href"] = site + path + (f"#{parts.fragment}" if parts.fragment else "")
            else:
                link.unwrap()

    def file(self, url):
        """Address, from the joined page, of a file that the page names."""
        if urlsplit(url).scheme:
            return url
        return "../html/" + posixpath.normpath(posixpath.join(posixpath.dirname(self.name), url))

    def contents(self):
        """Yield the chapter's lines of the table of contents: level, id, text."""
        yield 2, self.body["id"], self.title
        for heading in self.body.find_all("h3"):
            section = heading.find_parent("section")
            if not section.get("class") or "solutions" in section["class"]:
                yield 3, section["id"], text(heading)


def text(heading):
    """Words of a heading, with its formulas as they are in the source."""
    return re.sub(r"\s+", " ", heading.get_text()).strip()


def number(page, anchor):
    """A place for the number of the page where `anchor` is; print_book.py fills it in."""
    place = page.new_tag("span", attrs={"class": "page-number", "data-page": anchor})
    place.append("000")
    return place


def joined(front, site=None):
    """Return the whole book as one HTML page, which belongs into a folder beside that of the site.

    Parameters
    ----------
    front : str
        HTML of the pages before the table of contents.
    site : str, optional
        Address of the published pages.
    """
    book = [(caption, [Chapter(name, site) for name in names]) for caption, names in parts()]
    chapters = {chapter.name: chapter for _, part in book for chapter in part}
    for chapter in chapters.values():
        chapter.link(chapters, site)

    contents, body, heads = [], [], []
    for caption, part in book:
        if caption:
            key = "part." + re.sub(r"\W+", "-", caption.lower())
            contents.append(line(1, key, caption))
            opening = f'<h1 class="part" id="{key}">{html.escape(caption)}</h1>'
        else:
            opening = ""
        for chapter in part:
            contents += [line(*entry) for entry in chapter.contents()]
            page = re.sub(r"\W", "-", chapter.key)
            heads.append(
                f".{page} {{ page: {page}; }} @page {page} "
                f"{{ @top-left {{ content: {json.dumps(chapter.title)}; }} }}"
            )
            body.append(
                f'<article class="bd-article chapter {page}" data-chapter="{chapter.key}">'
                f"{opening}{chapter.body}</article>"
            )
            opening = ""

    return PAGE.format(
        heads="\n".join(heads),
        front=front,
        contents="\n".join(contents),
        body="\n".join(body),
    )


def line(level, anchor, title):
    """A line of the table of contents."""
    goal = html.escape(anchor)
    return (
        f'<li class="level-{level}"><a href="#{goal}"><span>{html.escape(title)}</span></a>'
        f'<span class="page-number" data-page="{goal}">000</span></li>'
    )


PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>Learning to Integrate</title>
<link rel="stylesheet" href="../html/_static/pygments.css">
<link rel="stylesheet" href="../html/_static/fonts.css">
<link rel="stylesheet" href="../html/_static/katex/katex.css">
<link rel="stylesheet" href="../html/_static/book.css">
<link rel="stylesheet" href="../html/_static/explorer.css">
<link rel="stylesheet" href="../html/_static/live.css">
<link rel="stylesheet" href="../../tools/print.css">
<style>
{heads}
</style>
</head>
<body>
{front}
<nav class="contents"><p class="contents-title">Contents</p><ul>
{contents}
</ul></nav>
{body}
</body>
</html>
"""
