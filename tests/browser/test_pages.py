"""Every page of the site: complete, usable, and without a word to another host."""

import pytest
from pages import PHONE, ROOT, page_paths

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
by_page = pytest.mark.parametrize("path", page_paths())

SERIOUS = """async () => (await axe.run()).violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200))}`)"""
UNSET = r"""() => [...document.querySelectorAll(".math")]
    .filter((node) => !node.querySelector(".katex-html") || node.querySelector(".katex-error"))
    .map((node) => node.textContent.slice(0, 80))
    .concat((document.body.innerText.match(/\\\\[([].{0,40}|\$\$/g) ?? []))"""
BROKEN = """async () => {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
    return [...document.images].filter((image) => !image.naturalWidth).map((image) => image.src);
}"""
TEXTS = """() => [...document.querySelectorAll(".bd-article img, .bd-article [role=img]")]
    .map((image) => image.getAttribute("alt") ?? image.getAttribute("aria-label") ?? "")"""


def assert_accessible(page):
    page.add_script_tag(path=AXE)
    assert page.evaluate(SERIOUS) == []


@by_page
def test_a_page_is_complete(visit, root, path):
    with visit(root, path) as page:
        assert page.evaluate(UNSET) == []  # formulas
        # Pictures are there and say what they show.
        assert page.evaluate(BROKEN) == []
        for text in page.evaluate(TEXTS):
            assert len(text.split()) >= 3, text
        if root.startswith("http"):
            assert_accessible(page)


@by_page
def test_a_phone_shows_a_page_in_the_dark_without_sideways_scrolling(visit, server, path):
    with visit(server, path, PHONE, color_scheme="dark") as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert_accessible(page)
