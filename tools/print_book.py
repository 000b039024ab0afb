"""Print the built book as one PDF, with Chromium.

python -m tools.print_book      writes _build/pdf/learning-to-integrate.pdf

The pages are printed twice: only then is it known on which page a chapter begins.
"""

import io
import sys
from html import escape
from pathlib import Path

import pikepdf
import yaml

from tools import address
from tools.chromium import launched
from tools.print_join import joined

ROOT = Path(__file__).resolve().parent.parent

FOLDER = ROOT / "_build" / "pdf"
PDF = FOLDER / address.PRINTED
SCALE = 0.8  # pages are laid out as on a screen, and become a little smaller on paper
SMALLEST = 0.7  # of the usual size: formulas and listings that are too wide are not set smaller


def main():
    """Write the PDF; exits with 1 and says what is wrong if the book is not complete."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = FOLDER / "book.html"
    page.write_text(joined(front(), address.site()), encoding="utf-8")
    try:
        printed = with_metadata(print_page(page))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    PDF.write_bytes(printed)
    print(f"The book is in {PDF.relative_to(ROOT)}")
    return 0


def config():
    """_config.yml."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def front():
    """Title page, and behind it what a reader of the printed book should know."""
    about, site, repository = config(), address.site(), address.repository()
    moves = f'at <a href="{site}">{site}</a>' if site else "on the book’s pages"
    source = f' from <a href="{repository}">{repository}</a>' if repository else ""
    return f"""
<header class="title-page">
<img src="../html/_static/logo.svg" alt="Many small blue dots, and one red dot that has left them">
<p class="title">{escape(about["title"])}</p>
<p class="subtitle">How recurrent neural networks learn long timescales</p>
<p class="authors">{escape(about["author"])}</p>
</header>
<section class="imprint">
<p class="imprint-title">The printed book and the pages</p>
<p>This is the same text as {moves}. There the figures that are called live move with sliders; here
they stand as they do at first, below the values for which they are drawn.</p>
<p>Solutions of the exercises are at the end of each chapter. Code that only draws is left out, as
is the source of the package. The notebooks{source} hold all of it.</p>
<p>Links lead to the page that they name, also from the table of contents.</p>
<p>© {about["copyright"]} {escape(about["author"])}. Text and figures are under the licence
CC BY 4.0, code is under the MIT licence.</p>
</section>"""


def print_page(path):
    """Return the bytes of the PDF of the joined page.

    Raises
    ------
    ValueError
        If something of the book is missing or does not fit on the page.
    """
    errors = []
    with launched() as browser:
        page = browser.new_context(viewport={"width": 1000, "height": 1400}).new_page()
        page.on("pageerror", lambda error: errors.append(f"page error: {error}"))
        page.emulate_media(media="print", color_scheme="light", reduced_motion="reduce")
        page.goto(path.as_uri(), wait_until="load")
        page.add_script_tag(path=ROOT / "tools" / "print.js")
        page.evaluate("() => document.fonts.ready")
        page.evaluate("smallest => printing.fit(smallest)", SMALLEST)
        errors += page.evaluate("() => printing.complaints()")
        if errors:
            raise ValueError("The book cannot be printed:\n" + "\n".join(errors))
        # For the numbers it is enough to know where things are.
        draft = page_numbers(to_pdf(page, outline=False, tagged=False))
        page.evaluate("numbers => printing.setPageNumbers(numbers)", draft)
        return to_pdf(page, outline=True, tagged=True)


def to_pdf(page, **parts):
    """Print what the browser shows; an outline and tags are not on the paper."""
    return page.pdf(prefer_css_page_size=True, print_background=True, scale=SCALE, **parts)


def page_numbers(pdf):
    """Return the numbers of the pages, from 1, on which the goals of links are, by their names."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        numbers = {page.objgen: k for k, page in enumerate(book.pages, 1)}
        goals = book.Root.Dests.items()
        return {name.removeprefix("/"): numbers[goal[0].objgen] for name, goal in goals}


def with_metadata(pdf):
    """Say in the PDF what it is called, who wrote it, and that a reader should show the title.

    It becomes half as large, and a browser can show its first page before it has all.
    """
    about, written = config(), io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        for name, value in (
            ("/Title", about["title"]),
            ("/Author", about["author"]),
            ("/Creator", "rnnbook"),
        ):
            book.docinfo[name] = value
        book.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        book.Root.PageMode = pikepdf.Name.UseOutlines
        streams = pikepdf.ObjectStreamMode.generate
        book.save(written, object_stream_mode=streams, linearize=True)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
