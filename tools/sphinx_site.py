"""Sphinx extension of the book: what the pages load, beyond what _config.yml can say.

- sphinx-thebe, which Jupyter Book always brings along, is left out. The book does not use it, and
  the constants that it writes twice into each page are an error in the browser.
- What misleads screen readers is taken off: labels of the theme that leave out what a button shows,
  and the role of a list where links stand among the items.
- Scripts wait until the page is there, and pages that have no use for one do not load it.
- Exercises of sphinx-exercise bear no id for what is in them: all had the same.
- What a search shows of a page is its text, without menus and tables of contents.
- The colour mode is set before a page is drawn. The theme leaves it empty on the first visit, which
  its own script then reports as an error, and shows the light mode until it has run.
- A page is shown when its fonts have been unpacked, so that no line moves when they are.
- A formula or table that is wider than the screen shows it, and can be moved by keyboard.
- Long names in code break where they have a joint, and a number stays with its sign for per cent.
- A page is printed in the light mode, also from the dark one.
"""

import re

from docutils import nodes

# For handlers of html-page-context that change the buttons of the theme: its own have 501.
AFTER_THE_THEME = 502
PER_CENT = re.compile(r"(?<=\d) %")

COLOUR_MODE = """
(({ dataset }) => {
  dataset.mode ||= "auto";
  if (dataset.mode === "auto") {
    dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
})(document.documentElement);
"""

# The style sheets hold the fonts, but a browser unpacks them while it draws a first picture.
# Nothing here waits for the network, and without JavaScript nothing waits at all.
FONTS_FIRST = """
(({ style }) => {
  const text = ["", "italic ", "600 ", "italic 600 "].map((face) => `${face}1em "Source Serif 4"`);
  const formulas = ["1em KaTeX_Main", "italic 1em KaTeX_Math"];
  style.visibility = "hidden";
  Promise.allSettled([...text, ...formulas].map((font) => document.fonts.load(font))).then(() => {
    style.visibility = "";
  });
})(document.documentElement);
"""

# Paper is white.
PRINT_LIGHT = """
(({ dataset }) => {
  let theme = null;
  const light = () => {
    theme ??= dataset.theme;
    dataset.theme = "light";
  };
  const back = () => {
    if (theme !== null) dataset.theme = theme;
    theme = null;
  };
  const paper = matchMedia("print");
  paper.addEventListener("change", () => (paper.matches ? light() : back()));
  addEventListener("beforeprint", light);
  addEventListener("afterprint", back);
})(document.documentElement);
"""

FOR_SCREEN_READERS = """
addEventListener("DOMContentLoaded", () => {
  const misnamed = ".search-button-field, details.hide > summary";
  for (const node of document.querySelectorAll(misnamed)) node.removeAttribute("aria-label");
  for (const list of document.querySelectorAll(".citation-list")) list.removeAttribute("role");
});
"""

# What is wider than the screen says so by fading at its edge, until it is moved to its end. Whoever
# has no mouse reaches such a formula too, and moves it by arrow keys.
WIDE = """
addEventListener("DOMContentLoaded", () => {
  const boxes = ".katex-display, .pst-scrollable-table-container";
  const look = (box) => {
    const left = box.scrollLeft > 1;
    const right = box.scrollLeft + box.clientWidth < box.scrollWidth - 1;
    box.dataset.more = `${left ? "left" : ""}${right ? "right" : ""}`;
    if (left || right) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const sized = new ResizeObserver((entries) => {
    for (const box of new Set(entries.map(({ target }) => target.closest(boxes)))) look(box);
  });
  for (const box of document.querySelectorAll(boxes)) {
    box.addEventListener("scroll", () => look(box), { passive: true });
    // The parts grow when a font of theirs arrives, which the size of the whole does not show.
    for (const part of [box, ...box.querySelectorAll(".katex-base, table")]) sized.observe(part);
  }
});
"""

# Where a long name in code may go on in the next line.
CODE = re.compile(r'(<code class="docutils literal notranslate">)(.*?)(</code>)', re.S)
JOINT = re.compile(r"(?<=\w)([/_=.]|::?)(?=\w)(?![^<>]*>)")


def leave_out_thebe(app, config):
    """Undo what sphinx-thebe has set up."""
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)
    css_files = app.registry.css_files
    css_files[:] = [file for file in css_files if file[0] != "sphinx-thebe.css"]


# Scripts that only some pages need, and what a page that needs one holds.
NEEDED_BY = {
    "design-tabs.js": "sd-tab-set",
    "togglebutton.js": "dropdown",
    "clipboard.min.js": 'class="highlight',
    "copybutton.js": 'class="highlight',
}
# Search excerpts: Sphinx takes all that stands in `main`, where the theme has its menus, too.
SEARCH = """
addEventListener("DOMContentLoaded", () => {
  const menus = ".bd-sidebar-secondary, .bd-header-article, .header-article, .prev-next-footer, "
    + "#jb-print-docs-body, #jb-print-toc, .toctree-wrapper, .katex-html, button";
  const textOf = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const node of page.querySelectorAll(menus)) node.remove();
    return textOf(page.documentElement.outerHTML, anchor);
  };
});
"""


def choose_scripts(app, pagename, templatename, context, doctree):
    """Leave out scripts that the page does not need; let the others wait."""
    body = context.get("body", "")
    kept = []
    for script in context["script_files"]:
        name = str(script.filename or "").rsplit("/", 1)[-1]
        if name in NEEDED_BY and NEEDED_BY[name] not in body:
            continue
        # The theme writes into the options at once, and the page of the search into more.
        waiting = name and name != "documentation_options.js" and pagename != "search"
        if waiting and not {"async", "defer"} & script.attributes.keys():
            waits = script.attributes | {"defer": "defer"}
            script = type(script)(script.filename, priority=script.priority, **waits)
        kept.append(script)
    context["script_files"][:] = kept  # the list to which others add
    if pagename == "search":
        app.add_js_file(None, body=SEARCH)


def break_names(app, pagename, templatename, context, doctree):
    """Let long names in the text break after a slash, an underscore, a point, and not elsewhere."""
    if body := context.get("body"):
        context["body"] = CODE.sub(
            lambda code: code[1] + JOINT.sub(r"\1<wbr>", code[2]) + code[3], body
        )


def drop_shared_ids(app, doctree, docname):
    """Take off the ids that sphinx-exercise gives to what is in every exercise and solution."""
    for section in doctree.findall(nodes.section):
        shared = {"exercise-content", "solution-content"}
        section["ids"] = [name for name in section["ids"] if name not in shared]


def keep_per_cent(app, doctree, docname):
    """Keep the sign for per cent on the line of its number, in text but not in code or formulas."""
    for text in list(doctree.findall(nodes.Text)):
        kept = PER_CENT.sub("\N{NO-BREAK SPACE}%", text)
        verbatim = isinstance(text.parent, nodes.FixedTextElement | nodes.literal | nodes.math)
        if kept != text and not verbatim:
            text.parent.replace(text, nodes.Text(kept))


def menu(context, label):
    """Return one of the menus at the top of a page; None if there is no such menu."""
    groups = context.get("header_buttons", [])
    return next((group for group in groups if group.get("label") == label), None)


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", leave_out_thebe)
    app.connect("doctree-resolved", drop_shared_ids)
    app.connect("doctree-resolved", keep_per_cent)
    app.connect("html-page-context", break_names)
    app.connect("html-page-context", choose_scripts, priority=AFTER_THE_THEME)
    for_all = COLOUR_MODE + FONTS_FIRST + PRINT_LIGHT + FOR_SCREEN_READERS + WIDE
    app.add_js_file(None, body=for_all, priority=0)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
