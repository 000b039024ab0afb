"""Every page of the site: complete, usable, and without a word to another host."""

import pytest
from pages import DESKTOP, PHONE, ROOT, kinds_of_pages, page_paths

from tools.page_weight import load

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
by_kind = pytest.mark.parametrize("path", kinds_of_pages())
# Opened from the disk too: with a live figure, with a worker, with a question to a script.
FROM_DISK = ["book/index.html", "book/rich/07_outlier.html", "search.html"]

# Formulas that are not drawn in the colour of what they stand in.
COLOURED_FORMULAS = """() => [...document.querySelectorAll(".katex")]
    .filter((node) => getComputedStyle(node).color !== getComputedStyle(node.parentElement).color)
    .map((node) => node.textContent.slice(0, 60))"""
# Formulas have the colour of the text, and thousands of parts, which would take axe most of its
# time: those in a line become text, and displayed ones boxes of their sizes, so that what can be
# scrolled still can. Those in tables, whose width the page itself watches, stay.
PLAIN_FORMULAS = """() => {
    const parts = [...document.querySelectorAll(".katex-display .katex-html > *")];
    const sizes = parts.map((part) => part.getBoundingClientRect());
    parts.forEach((part, k) => {
        part.replaceChildren();
        const { width, height } = sizes[k];
        Object.assign(part.style, { width: `${width}px`, height: `${height}px` });
    });
    for (const formula of document.querySelectorAll("span.math:not(table *), .katex-mathml")) {
        formula.textContent = (formula.querySelector("math") ?? formula).textContent;
    }
}"""
# Words of code and lines of signatures are thousands too. What style sheets cannot tell apart,
# because it and all around it have the same names and classes, has the same colours. Three stay.
FEW_OF_A_KIND = """() => {
    const names = new Map([[null, ""]]);
    const seen = new Map();
    const again = new Set();
    const all = document.querySelectorAll("*");
    for (const node of all) {
        const name = `${names.get(node.parentElement)} ${node.tagName}.${node.className}`;
        names.set(node, name);
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (seen.get(name) > 3 && node.matches(".bd-article *") && !node.closest(".rnnbook-live")) {
            again.add(node);
        }
    }
    // Last first: what is inside comes before what it is in.
    for (const node of [...all].reverse()) {
        if (![...node.children].every((child) => again.has(child))) again.delete(node);
        else if (again.has(node)) node.style.display = "none";
    }
}"""
# Of each rule that something breaks, and breaks seriously, the first places.
SERIOUS = """async (rules) => (await axe.run(document, { resultTypes: ["violations"], ...rules }))
    .violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200))}`)"""
COLOURS = ["color-contrast", "link-in-text-block"]
NOT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
UNSET = r"""() => [...document.querySelectorAll(".math")]
    .filter((node) => !node.querySelector(".katex-html") || node.querySelector(".katex-error"))
    .map((node) => node.textContent.slice(0, 80))
    .concat((document.body.innerText.match(/\\\\[([].{0,40}|\$\$/g) ?? []))"""
# Those below the first screen are loaded when the reader gets near them, but not by a test's end.
LOAD_PICTURES = """() => Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => null);
}))"""
BROKEN = """() => [...document.images]
    .filter((image) => !image.naturalWidth)
    .map((image) => image.src)"""
TEXTS = """() => [...document.querySelectorAll(".bd-article img, .bd-article [role=img]")]
    .map((image) => image.getAttribute("alt") ?? image.getAttribute("aria-label") ?? "")"""

# What a phone would cut off in lines of text: formulas and names past the edge of the screen.
# Tables and displayed formulas are moved by themselves.
CUT = """() => [...document.querySelectorAll(".bd-article :is(.katex-html > .base, p code)")]
    .filter((node) => !node.closest("table, pre, .katex-display"))
    .filter((node) => node.getBoundingClientRect().right > innerWidth)
    .map((node) => node.textContent.slice(0, 60))"""
# Endings of the versions that are seen of the figures.
VERSIONS = """() => [...new Set([...document.querySelectorAll(".cell_output picture > img")]
    .filter((image) => image.checkVisibility())
    .map((image) => /[0-9a-f]{64}(.*)\\.svg$/.exec(image.currentSrc)[1]))]"""

# Whatever can be reached by keyboard and then looks as before. Menus are open.
UNSEEN = """() => {
    for (const menu of document.querySelectorAll(".dropdown-menu")) menu.classList.add("show");
    const reached = "a[href], button, summary, input, select, [tabindex='0']";
    const places = [...document.querySelectorAll(reached)].filter((place) => {
        if (!place.checkVisibility({ visibilityProperty: true })) return false;
        place.focus();
        return document.activeElement === place;
    });
    const without = places.filter((place) => {
        place.focus();
        const { outlineStyle, outlineWidth } = getComputedStyle(place);
        return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
    });
    return [places.length, without.map((place) => place.outerHTML.slice(0, 120))];
}"""


def assert_accessible(page):
    """Axe finds nothing serious, in the light and in the dark."""
    assert page.evaluate(COLOURED_FORMULAS) == []
    page.evaluate(PLAIN_FORMULAS)
    page.add_script_tag(path=AXE)
    # Two pictures after the last font, all that follows from its size has followed.
    page.evaluate(
        "() => document.fonts.ready.then(() => new Promise((done) =>"
        " requestAnimationFrame(() => requestAnimationFrame(done))))"
    )
    # What a page is made of is the same in the dark.
    assert page.evaluate(SERIOUS, NOT_COLOURS) == []
    page.evaluate(FEW_OF_A_KIND)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("is => document.documentElement.dataset.theme === is", arg=scheme)
        # Colours that are still on their way are neither.
        page.evaluate("() => document.getAnimations().forEach((change) => change.finish())")
        assert page.evaluate(SERIOUS, {"runOnly": COLOURS}) == [], scheme


@pytest.mark.parametrize(
    ("root", "path"),
    [("http", path) for path in kinds_of_pages()]
    + [("file", path) for path in FROM_DISK]
    + [
        pytest.param("file", path, marks=pytest.mark.thorough)
        for path in kinds_of_pages()
        if path not in FROM_DISK
    ],
    indirect=["root"],
)
def test_a_page_is_complete(visit, root, path):
    with visit(root, path) as page:
        assert page.evaluate(UNSET) == []  # formulas
        # Pictures are there and say what they show.
        page.evaluate(LOAD_PICTURES)
        assert page.evaluate(BROKEN) == []
        for text in page.evaluate(TEXTS):
            assert len(text.split()) >= 3, text
        if root.startswith("http"):
            assert_accessible(page)


@by_kind
def test_a_phone_shows_a_page_without_sideways_scrolling(visit, server, path):
    with visit(server, path, PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert page.evaluate(CUT) == []


@pytest.mark.thorough
@by_kind
def test_a_phone_shows_a_page_to_everybody(visit, server, path):
    with visit(server, path, PHONE) as page:
        assert_accessible(page)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_figure_follows_the_theme_and_the_screen_and_is_light_on_paper(visit, server, device):
    narrow = "-phone" if device is PHONE else ""
    with visit(server, "book/rich/05_rich.html", device, color_scheme="dark") as page:
        page.evaluate(LOAD_PICTURES)
        assert page.evaluate(VERSIONS) == [f"{narrow}-dark"]
        page.emulate_media(media="print")
        page.wait_for_function("document.documentElement.dataset.theme === 'light'")
        assert page.evaluate(VERSIONS) == [narrow]
        page.emulate_media(media="screen")
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        assert page.evaluate(VERSIONS) == [f"{narrow}-dark"]


@pytest.mark.parametrize("path", ["book/index.html", "book/rich/05_rich.html"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_has_the_focus_is_marked(visit, server, path, device):
    with visit(server, path, device) as page:
        page.keyboard.press("Tab")  # from here on the browser shows the focus
        reached, unseen = page.evaluate(UNSEEN)
        assert reached > 20
        assert unseen == []


@pytest.mark.thorough
@pytest.mark.parametrize("path", [path for path in page_paths() if path.startswith("book/")])
def test_without_javascript_a_page_has_its_text_and_its_formulas(browser, server, path):
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(server + path)
    article = page.locator("article.bd-article")
    assert len(article.inner_text().split()) > 50
    formulas = article.locator(".math")
    typeset = article.locator(".math:has(.katex-html):has(math)")
    assert typeset.count() == formulas.count()
    for formula in typeset.locator("visible=true").all()[:5]:
        assert formula.bounding_box()["height"] > 8
    context.close()


@pytest.mark.thorough
@by_kind
def test_a_page_is_light(browser, compressed_site, path):
    seen = load(browser, compressed_site + path)
    assert seen.transferred <= (700e3 if seen.figures else 500e3), seen.sizes
    assert seen.largest_script <= 150e3, seen.sizes


def test_what_a_search_shows_is_text_of_the_page(visit, server):
    with visit(server, "search.html?q=eigenvalue") as page:
        page.wait_for_selector(".search .context, #search-results .context")
        page.wait_for_function("() => !/Searching/.test(document.title)")
        shown = page.locator("#search-results .context").all_inner_texts()
        assert shown
        assert not [text for text in shown if "Contents" in text or "Print to PDF" in text]
