"""One symbol has one meaning: the notation page against itself, and the chapters against it."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

BOOK = Path(__file__).parents[2] / "book"
PAGE = (BOOK / "appendix" / "notation.md").read_text(encoding="utf-8")
CHAPTERS = sorted(BOOK.glob("*/[01][0-9]_*.ipynb"))
# Which folder has the chapters of a section of the page; the other sections hold everywhere.
PARTS = {"Lazy learning": "lazy", "Oscillations": "oscillations"}
LOCAL = "Symbols of single chapters"

FREE = set("ijkn") | {r"\epsilon", r"\delta", r"\xi", r"\zeta", r"\phi"}
# Constants, and letters that stand in an operator.
FIXED = set("edI") | {r"\pi"}
GREEK = re.compile(
    r"\\(var)?(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma"
    r"|tau|upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|ell)$"
)
WORDS = re.compile(
    r"\\(?:text|textbf|mathrm|mathtt|mathcal|mathbb|operatorname|begin|end|label)\*?"
    r"(?:\{[^{}]*\}(?:\{[clr]+\})?|\s*[A-Za-z])"
)


def letters(tex):
    """Return the letters, Latin and Greek, that a formula uses as symbols."""
    found = re.findall(r"\\[A-Za-z]+|[A-Za-z]", WORDS.sub(" ", tex))
    return {token for token in found if len(token) == 1 or GREEK.match(token)}


def formulas(text):
    """Return the formulas in a text, without their dollar signs."""
    return [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|\$([^$]+?)\$", text, flags=re.S)]


def rows(section):
    """Return the cells of each row of the tables in a section of the page."""
    body = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, flags=re.S | re.M)[1]
    lines = [line for line in body.splitlines() if line.startswith("| ")]
    table = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in table if row[0] not in ("symbol", "chapter")]


def sections():
    """Return the titles of those sections of the page that have a table."""
    parts = re.split(r"^## (.+)\n", PAGE, flags=re.M)[1:]
    return [title for title, body in zip(parts[::2], parts[1::2], strict=True) if "\n| " in body]


def symbols(cell):
    """Return the symbols that the first cell of a row explains, in a form to compare."""
    tex = ", ".join(formulas(cell))
    parts = re.split(r"(?<!\\),(?![^{(]*[})])", tex)
    plain = [re.sub(r"\\[,;!]|\s|\([tz](,t')?\)", "", part) for part in parts]
    return [part for part in plain if part]


def declared():
    """Return (section or chapter, symbol) for each symbol of the page."""
    found = []
    for section in sections():
        for row in rows(section):
            place, cell = (row[0], row[1]) if section == LOCAL else (section, row[0])
            found += [(place, symbol) for symbol in symbols(cell)]
    return found


def test_no_symbol_of_the_page_has_two_meanings():
    counts = Counter(symbol for _, symbol in declared())
    assert len(counts) > 70
    assert [symbol for symbol, count in counts.items() if count > 1] == []
    letters_of_page = set().union(*(letters(symbol) for symbol in counts))
    assert not letters_of_page & (FREE - set("kn"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_uses_the_symbols_of_the_page(path):
    notebook = nbformat.read(path, as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in notebook.cells:
        texts.append(cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", ""))
    used = {}
    for text in texts:
        for tex in formulas(text):
            for letter in letters(tex):
                used.setdefault(letter, tex)
    (name,) = re.findall(r"^\((chapter-[\w-]+)\)=", notebook.cells[0].source)
    known = FREE | FIXED
    for place, symbol in declared():
        here = place in (f"{{ref}}`{name}`", PARTS.get(place)) if place.startswith("{") else True
        if PARTS.get(place, path.parent.name) == path.parent.name and here:
            known |= letters(symbol)
    assert {letter: tex for letter, tex in used.items() if letter not in known} == {}
