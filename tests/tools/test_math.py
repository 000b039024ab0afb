"""Formulas are typeset at build time, and one that KaTeX does not know is an error."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

from tools.sphinx_math import aligned, keep_together, letters, opened, typeset, unnumbered, written


def test_a_formula_is_there_for_the_eye_and_for_the_ear():
    page = BeautifulSoup(typeset(r"\frac{a}{2c} + e^{-t}", True), "html.parser")
    assert page.select_one(".katex-display .katex-html")["aria-hidden"] == "true"
    spoken = page.select_one("math")
    assert [node.get_text() for node in spoken.find("mfrac").find_all("mi")] == ["a", "c"]
    assert "frac" not in page.get_text()


@pytest.mark.parametrize("tex", [r"\frac{a}", r"\unknown{a}", r"\begin{aligned} a", "é_{ü} §"])
def test_what_katex_does_not_know_is_an_error(tex):
    with pytest.raises(ValueError, match=r"KaTeX|LaTeX"):
        typeset(tex)
    assert "katex" in typeset("a")  # and the next one is set all the same


def test_an_error_names_the_page_and_the_formula():
    formula = nodes.math("", r"\unknown")
    formula.source, formula.line = "book/page.md", 7
    with pytest.raises(ExtensionError, match=r"book/page\.md:7: .*unknown"):
        written(None, formula, formula.astext(), False)


def test_lines_of_a_displayed_formula_are_aligned_and_not_numbered_twice():
    assert aligned("a = b") == "a = b"
    assert aligned(r"a &= b \\ c &= d") == r"\begin{split}a &= b \\ c &= d\end{split}"
    assert "tag" not in typeset(unnumbered(r"\begin{align} a &= b \end{align}"), True)
    assert "vlist" in typeset(aligned("a = b\n\nc = d"), True)


def test_fractions_in_a_matrix_do_not_touch():
    matrix = r"\left[\begin{matrix}\frac{1}{2} & 1\\2 & 3\end{matrix}\right]"
    assert "arraystretch" in opened(matrix)
    assert opened("a") == "a"


def test_punctuation_stays_with_a_short_formula():
    long = r"\int_0^\infty g(t)\, h(t)^\top dt"
    text = nodes.paragraph(
        "",
        "",
        nodes.math("", "e_1"),
        nodes.Text(". And "),
        nodes.math("", long),
        nodes.Text(", or "),
        nodes.math("", "u"),
        nodes.Text(" alone"),
    )
    document = new_document("a page")
    document.append(text)
    before = document.astext()
    keep_together(None, document, "page")
    (together,) = (node for node in document.findall(nodes.inline) if "unbroken" in node["classes"])
    assert together.astext() == "e_1."
    assert document.astext() == before


def test_a_formula_is_as_long_as_what_is_drawn_of_it():
    assert letters(r"t_\mathrm{r} = 50") == len("txr=50")
    assert letters(r"\alpha^{2k}") == 3
