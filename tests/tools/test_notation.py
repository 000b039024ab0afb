"""One symbol has one meaning: the notation page against itself, and all other pages against it."""

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

BOOK = Path(__file__).parents[2] / "book"
PAGE = (BOOK / "appendix" / "notation.md").read_text(encoding="utf-8")
CHAPTERS = sorted(BOOK.glob("*/[01][0-9]_*.ipynb"))
APPENDIX = sorted({*(BOOK / "appendix").glob("*.*")} - {BOOK / "appendix" / "notation.md"})
FIGURES = sorted((BOOK.parent / "rnnbook" / "plots").glob("*.py"))
# Which folder has the chapters of a section of the page; the other sections hold everywhere.
PARTS = {"Lazy learning": "lazy", "Oscillations": "oscillations"}
LOCAL = "Symbols of single chapters"

FREE = set("ijkn") | {r"\epsilon", r"\delta", r"\xi", r"\zeta", r"\phi"}
# Constants, and letters that stand in an operator.
FIXED = set("edIO") | {r"\pi"}
# A d is a differential: before a symbol, or alone in the numerator of d/dt.
DIFFERENTIAL = re.compile(r"d(\^\d)?(\s|\\[,;!:])*(\|?[A-Za-z\\]|\}\s*\{\s*d)|(?<=[/{])d\(")
MARK = re.compile(r"\\(hat|dot(?!s)|ddot(?!s)|vec|widehat)\s*\{?\s*(\\[A-Za-z]+|[A-Za-z])")
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


def texts(path):
    """Return the texts of a page: prose, captions, and what code writes into figures."""
    if path.suffix == ".md":
        return [path.read_text(encoding="utf-8")]
    if path.suffix == ".py":
        return strings(path.read_text(encoding="utf-8"))
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        found += strings(cell.source) if cell.cell_type == "code" else [cell.source]
        found.append(cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", ""))
    return found


def strings(code):
    """Return the strings in code; of those with braces, what stands between them."""
    nodes = ast.walk(ast.parse(code))
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def marked(tex):
    """Return the symbols in a formula that have a hat or dot over them, as the page writes them."""
    return {rf"\{mark}{letter}" for mark, letter in MARK.findall(WORDS.sub(" ", tex))}


def allowed(path):
    """Return the symbols of the notation page that a page may use."""
    if path not in CHAPTERS:  # the appendix and the package speak of all chapters
        return [symbol for _, symbol in declared()]
    (name,) = re.findall(r"^\((chapter-[\w-]+)\)=", texts(path)[0])
    return [
        symbol
        for place, symbol in declared()
        if (not place.startswith("{") or place == f"{{ref}}`{name}`")
        and PARTS.get(place, path.parent.name) == path.parent.name
    ]


@pytest.mark.parametrize("path", [*CHAPTERS, *APPENDIX, *FIGURES], ids=lambda path: path.stem)
def test_a_page_uses_the_symbols_of_the_page(path):
    symbols_here = (FREE | FIXED).union(*map(letters, allowed(path)))
    marks_here = set().union(*map(marked, allowed(path)))
    strange = {}
    for text in texts(path):
        for tex in formulas(text):
            used = (letters(tex) - symbols_here) | (marked(tex) - marks_here)
            strange.update(dict.fromkeys(used, tex))
    assert strange == {}


def stray(tex, others=()):
    """Return whether a formula has a d that is no differential, nor part of those other symbols."""
    plain = WORDS.sub(" ", tex)
    for symbol in others:
        plain = plain.replace(symbol, " ")
    places = [m.start() for m in re.finditer(r"\\[A-Za-z]+|d", plain) if m[0] == "d"]
    return not all(DIFFERENTIAL.match(plain, place) for place in places)


@pytest.mark.parametrize("path", [*CHAPTERS, *APPENDIX, *FIGURES], ids=lambda path: path.stem)
def test_a_d_is_a_differential(path):
    others = [symbol for symbol in allowed(path) if re.match(r"d[^a-z]", symbol)]
    assert [tex for text in texts(path) for tex in formulas(text) if stray(tex, others)] == []


def test_a_d_that_is_a_symbol_and_a_hat_that_is_not_declared_are_found():
    assert [stray(tex) for tex in (r"d_1 + 2", "m d = 2", "d", r"|d|")] == [True] * 4
    differentials = (r"\int f\,dt", r"\frac{d}{dt}\, v", r"d^2 L/d(c^2)", r"\frac{d\hat v}{ds}")
    assert [stray(tex) for tex in differentials] == [False] * 4
    assert not stray("d'_k = 2", ["d'"])
    assert marked(r"\hat v + \hat{L}_1 - \tilde u") == {r"\hatv", r"\hatL"}
