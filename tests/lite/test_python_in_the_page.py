"""The chapters with Python in the page, in Chromium: a notebook runs there, and its slider moves.

What runs here needs no compiled package, so this works without Pyodide's distribution. The chapters
need it: they run where BOOK_WITH_LITE says that the site is built with them.
"""

import json
import os
import re
from contextlib import contextmanager
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import nbformat
import pytest
from built import SITE, served, served_below
from html_page import Page
from minibook import build_pages
from pages import DESKTOP

import rnnbook as rb
from tools import address
from tools.chromium import launched
from tools.lite import CORE, notebooks
from tools.lite.__main__ import build

# The small site and Chromium are there once, for all tests of this file.
pytestmark = [pytest.mark.lite, pytest.mark.xdist_group("lite")]

CHAPTER = "book/foundations/01_integrate"
PAGES = [
    *("book/how_to_use", CHAPTER, "book/foundations/02_loss"),
    *("book/appendix/glossary", "book/appendix/bibliography"),
]
PAPER = "window.jupyterapp?.shell?.currentWidget"
CURVES = """() => [...document.querySelectorAll(".jp-OutputArea-output svg path")]
    .map((path) => path.getAttribute("d")).join(" ")"""


def notebook(*cells):
    """A notebook as text: cells that begin as a heading does are Markdown, the others code."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": notebooks.KERNEL})
    for k, text in enumerate(cells):
        kind = "markdown" if text.startswith("# ") else "code"
        made.cells.append(getattr(nbformat.v4, f"new_{kind}_cell")(text, id=f"cell-{k}"))
    return nbformat.writes(made)


def live_figure():
    """Code that makes a live figure of the book without NumPy, which draws on none of it."""
    controls, figure = rb.explore.one_mode().children
    fixed = {name: getattr(figure, name) for name in ("defaults", "constants", "data", "ranges")}
    (slider,) = (control for control in controls.children if control.description.endswith(" a"))
    limits = {name: getattr(slider, name) for name in ("value", "min", "max", "step")}
    return f"""\
import json
import anywidget, traitlets
from ipywidgets import FloatSlider, VBox, jslink

class Figure(anywidget.AnyWidget):
    _esm = {figure._esm!r}
    _css = {figure._css!r}
    figure = traitlets.Unicode({figure.figure!r}).tag(sync=True)

fixed = json.loads({json.dumps(fixed)!r})
figure = Figure()
figure.add_traits(**{{name: traitlets.Dict(value).tag(sync=True) for name, value in fixed.items()}})
figure.add_traits(
    **{{name: traitlets.CFloat(x).tag(sync=True) for name, x in fixed["defaults"].items()}}
)
slider = FloatSlider(**{limits!r})
jslink((slider, "value"), (figure, "a"))
VBox([slider, figure])
"""


SYMBOLIC = """\
import sympy as sp
t, c = sp.symbols("t c", positive=True)
sp.integrate(sp.exp(-c * t), (t, 0, sp.oo))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a small site with JupyterLite, its address, and a notebook of this test."""
    folder = tmp_path_factory.mktemp("lite")
    with served_below(folder) as url:
        pages = build_pages(folder, PAGES, BOOK_WITH_LITE="yes", BOOK_SITE=url)
        # As in a chapter, the figure is further down than the screen is high.
        put(pages, "small.ipynb", notebook("# Small", SYMBOLIC, *["# Text"] * 60, live_figure()))
        build(pages)
        yield pages, url


def put(pages, name, text):
    """Put a notebook where the next build finds it."""
    path = pages.parent / "lite" / notebooks.CONTENTS / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def chromium():
    """A Chromium, for which no pages of the whole book need to be there."""
    with launched() as browser:
        yield browser


@contextmanager
def visit(browser, url):
    """A visitor, who opens notebooks; fails if anything was missing, or asked of another host."""
    context = browser.new_context(**DESKTOP)
    host = urljoin(url, "/")
    wrong = []

    def on_request(request):
        if not request.url.startswith((host, f"blob:{host}", "data:")):
            wrong.append(f"asked another host: {request.url}")

    def on_response(response):
        if response.status >= 400:
            wrong.append(f"{response.status}: {response.url}")

    context.on("request", on_request)
    context.on("response", on_response)

    def opened(name):
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.goto(f"{url}{address.LITE}/notebooks/index.html?path={name}")
        page.wait_for_function(f"() => {PAPER}?.sessionContext?.session?.kernel")
        page.evaluate(f"async () => await {PAPER}.context.ready")
        return page

    yield opened
    context.close()
    assert not wrong, "\n".join(wrong)


def run_all(page):
    """Run all cells; return their outputs."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    return page.evaluate(
        f"() => {PAPER}.content.widgets.filter(({{ model }}) => model.type === 'code')"
        ".map(({ model }) => model.outputs.toJSON())"
    )


def move_a_slider(page):
    """Move the first slider by its keys; ends when the figures show other curves."""
    handle = page.locator(".widget-slider .noUi-handle").first
    handle.scroll_into_view_if_needed()
    page.locator(".rnnbook-figure svg path").first.wait_for(state="attached")
    before = page.evaluate(CURVES)
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"(before) => ({CURVES})() !== before", arg=before)


def ask(page, code):
    """Run code in the kernel of a page; return what it prints."""
    return page.evaluate(
        f"""async (code) => {{
            let text = "";
            const asked = {PAPER}.sessionContext.session.kernel.requestExecute({{ code }});
            asked.onIOPub = ({{ content }}) => {{ text += content.text ?? content.evalue ?? ""; }};
            await asked.done;
            return text.trim();
        }}""",
        code,
    )


def test_a_notebook_runs_in_the_page_and_its_slider_moves_the_figure(site, chromium):
    _, url = site
    with visit(chromium, url) as opened:
        page = opened("small.ipynb")
        (formula,), (figure,) = run_all(page)
        assert formula["data"]["text/plain"] == "1/c"
        assert "application/vnd.jupyter.widget-view+json" in figure["data"]
        began = float(ask(page, "print(slider.value)"))
        move_a_slider(page)
        # The kernel has heard of it, and the figure has no other state than the slider.
        value, drawn = map(float, ask(page, "print(slider.value, figure.a)").split())
        assert value == drawn != began
        assert ask(page, "import sys; print(sys.platform)") == "emscripten"


def menu_entry(pages, docname):
    """Where the entry of a page's menu leads, from the top of the site."""
    text = (pages / f"{docname}.html").read_text(encoding="utf-8")
    found = re.findall(r'<a href="((?:\.\./)+)([^"]*)"[^>]*title="With Python in the page', text)
    assert len(found) <= 1
    return found[0][1] if found else None


def chapter(pages, docname=CHAPTER):
    """The name of the notebook that the menu of a page opens."""
    (name,) = parse_qs(urlsplit(menu_entry(pages, docname)).query)["path"]
    return name


def test_the_menu_of_a_notebook_leads_to_it_and_says_what_it_takes(site):
    pages, _ = site
    entry = urlsplit(menu_entry(pages, CHAPTER))
    assert (pages / entry.path).is_file()
    assert (pages / address.LITE / "files" / chapter(pages)).is_file()
    assert "Run here (desktop, about 50 MB)" in (pages / f"{CHAPTER}.html").read_text("utf-8")
    assert menu_entry(pages, "book/how_to_use") is None  # there is nothing to run


def test_the_notebook_is_the_chapter_with_links_in_place_of_references(site):
    pages, url = site
    made = nbformat.read(pages / address.LITE / "files" / chapter(pages), as_version=4)
    nbformat.validate(made)
    original = nbformat.read(f"{CHAPTER}.ipynb", as_version=4)
    about, *cells = made.cells
    assert f"({url}{CHAPTER}.html)" in about.source
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    assert codes == [cell.source for cell in original.cells if cell.cell_type == "code"]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "{cite:t}`seung1996`" in "\n".join(cell.source for cell in original.cells)
    assert "Seung" in text
    # Chapters that this small site does not have are named, without a link.
    assert not re.findall(r"\{[\w:]+\}`", text)
    links = [link for link in re.findall(r"\]\(([^)\s]*)\)", text) if link.startswith(url)]
    assert len(links) > 20
    for link in links:
        place, anchor = urldefrag(link.removeprefix(url))
        page = Page((pages / place.partition("?")[0]).read_text(encoding="utf-8"))
        assert not anchor or anchor in page.ids, link


def test_what_python_loads_is_there_or_comes_from_the_distribution_and_is_what_is_listed(site):
    pages, _ = site
    folder = pages / address.LITE / "static" / "pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    theirs = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {"rnnbook", "numpy", "scipy", "matplotlib", "sympy", "anywidget"} <= lock.keys()
    from_there = {name for name, entry in lock.items() if entry == theirs.get(name)}
    assert {"numpy", "scipy", "matplotlib", "pillow"} <= from_there
    for name in lock.keys() - from_there:
        assert (folder / lock[name]["file_name"]).is_file(), name
    assert "/" not in "".join(entry["file_name"] for entry in lock.values())


def test_an_edited_copy_stays_and_does_not_hide_a_newer_chapter(site, chromium):
    pages, url = site
    names = []
    with visit(chromium, url) as opened:
        for text in ("# The first edition", "# The second edition"):
            names.append(notebooks.named("book/edition", notebook(text)))
            path = put(pages, names[-1], notebook(text))
            build(pages)
            page = opened(names[-1])
            seen = f"() => {PAPER}.content.model.cells.get(0).sharedModel.getSource()"
            assert page.evaluate(seen) == text
            # The next edition is published: this one is not on the site any more.
            path.unlink()
            page.evaluate(
                f"""async () => {{
                    {PAPER}.content.model.cells.get(0).sharedModel.setSource("# Mine");
                    await {PAPER}.context.save();
                }}"""
            )
            page.close()
        build(pages)
        for name in names:
            assert not (pages / address.LITE / "files" / name).exists()
            page = opened(name)
            assert page.evaluate(seen) == "# Mine"


@pytest.mark.parametrize("docname", [CHAPTER, "book/foundations/04_krylov"])
def test_a_chapter_of_the_built_site_runs(chromium, docname):
    if not os.environ.get("BOOK_WITH_LITE"):
        pytest.skip("chapters need `make lite-packages` and `make lite`, then BOOK_WITH_LITE=yes")
    with served(SITE) as url, visit(chromium, url) as opened:
        page = opened(chapter(SITE, docname))
        outputs = run_all(page)
        assert outputs
        for output in (output for cell in outputs for output in cell):
            assert output["output_type"] != "error", output["evalue"]
            assert "TqdmMonitorWarning" not in "".join(output.get("text", ""))
        ran = f"() => {PAPER}.content.widgets.every(({{ model }}) => model.type !== 'code'"
        assert page.evaluate(ran + " || model.executionCount > 0)")
        move_a_slider(page)
