"""Sphinx extension of the book: formulas are typeset when the pages are built.

KaTeX runs in node, in a process that lives as long as the build, and writes HTML for the eye and
MathML for screen readers, so pages show their formulas without a script. A formula that KaTeX does
not know is an error that names its page.

sphinxcontrib-katex does the same with less certainty: it lets errors pass as red text, takes
whatever `node` is on the path, waits for it against the clock, and shares one connection among
the processes of a parallel build.
"""

import json
import os
import re
import subprocess
from functools import cache, lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number

from tools.node import NODE

ROOT = Path(__file__).resolve().parent.parent

STYLE = "katex/katex.css"
PUNCTUATION = re.compile(r"[.,;:!?)\]’”]+")
SHORT = 14  # letters as they are drawn: no wider than a long word
# The source again, in MathML, where neither eye nor ear finds it.
ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.S)


@lru_cache(maxsize=1)
def typesetter(process):
    """Start KaTeX for one process of the build; it ends with it, when its input does."""
    server = [NODE, str(ROOT / "tools" / "katex_server.mjs")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(server, cwd=ROOT, text=True, encoding="utf-8", **pipes)


@cache
def typeset(tex, display=False):
    """Return a formula as HTML with MathML.

    Raises
    ------
    ValueError
        If KaTeX does not know what is written there.
    RuntimeError
        If there is no KaTeX.
    """
    katex = typesetter(os.getpid())
    try:
        print(json.dumps({"tex": tex, "display": display}), file=katex.stdin, flush=True)
        line = katex.stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        raise RuntimeError("KaTeX does not answer; has `npm ci` been run?")
    answer = json.loads(line)
    if "error" in answer:
        raise ValueError(answer["error"])
    return ANNOTATION.sub("", answer["html"])


def opened(tex):
    """Return a formula whose matrices, if they hold fractions, have rows that do not touch."""
    tight = r"\begin{matrix}" in tex and r"\frac" in tex
    return r"\def\arraystretch{1.5}" + tex if tight else tex


def aligned(text):
    """Return the body of a displayed formula as Sphinx means it: lines are aligned."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{p}\end{{split}}" if r"\\" in p else p for p in parts]
    return (
        parts[0] if len(parts) == 1 else r"\begin{gathered}" + r"\\".join(parts) + r"\end{gathered}"
    )


def unnumbered(text):
    """Return an environment without numbers of its own: Sphinx numbers what has a label."""
    return re.sub(r"\\(begin|end)\{(align|equation|gather|alignat)\}", r"\\\1{\2*}", text)


def written(translator, element, tex, display):
    """Return the HTML of a formula of a page; an ExtensionError says where it is if it is wrong."""
    try:
        return typeset(opened(tex), display)
    except ValueError as error:
        place = f"{element.source or translator.builder.current_docname}:{element.line or '?'}"
        raise ExtensionError(f"{place}: no formula: {tex!r}: {error}") from error


def visit_math(self, element):
    """Write a formula in a line of text."""
    self.body.append(self.starttag(element, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(written(self, element, element.astext(), False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self, element):
    """Write a displayed formula, with its number if it has one."""
    self.body.append(self.starttag(element, "div", CLASS="math notranslate nohighlight"))
    if element["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, element)})')
        self.add_permalink_ref(element, "Link to this equation")
        self.body.append("</span>")
    tex = unnumbered(element.astext()) if element["nowrap"] else aligned(element.astext())
    self.body.append(written(self, element, tex, True) + "</div>\n")
    raise nodes.SkipNode


def letters(tex):
    """Return how many letters of a formula are drawn, about: a command stands for one."""
    return len(re.sub(r"[\s{}^_\\]", "", re.sub(r"\\[A-Za-z]+", "x", tex)))


def keep_together(app, doctree, docname):
    """Keep the punctuation that follows a short formula on its line.

    Browsers may break a line behind what KaTeX draws. A long formula has to be broken somewhere.
    """
    for formula in list(doctree.findall(nodes.math)):
        parent, place = formula.parent, formula.parent.index(formula)
        text = parent[place + 1] if place + 1 < len(parent) else None
        if not isinstance(text, nodes.Text) or letters(formula.astext()) > SHORT:
            continue
        if mark := PUNCTUATION.match(text.astext()):
            rest = nodes.Text(text.astext()[mark.end() :])
            together = nodes.inline("", "", formula, nodes.Text(mark[0]), classes=["unbroken"])
            parent[place : place + 2] = [together, rest]


def add_style(app, pagename, templatename, context, doctree):
    """Let pages that have formulas load their style."""
    if 'class="katex"' in context.get("body", ""):
        app.builder.add_css_file(STYLE)


def setup(app):
    """Register with Sphinx."""
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.connect("doctree-resolved", keep_together)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
