"""Sphinx extension of the book: what pages offer to download. A notebook then runs on its own.

The site carries the wheel of the package in downloads/, and the notebooks that it offers begin with
a cell that installs it. Those in the repository, which runs them in its own environment, do not.

If the address of the site is not known (tools/address.py), the wheel is expected beside the
notebook. Pages write `{{ wheel }}` for a link to it.
"""

import os
from pathlib import Path

import nbformat

from tools import address
from tools.sphinx_site import AFTER_THE_THEME, menu
from tools.wheel import build_wheel

FOLDER = "downloads"  # in the site
# What a notebook needs beyond the package, as an extra of pyproject.toml.
EXTRAS = {"book/appendix/sweeps": "[sweep]"}

INTRODUCTION = """\
*This notebook is from the book [Learning to Integrate]({page}). The next cell installs the
book's package `rnnbook` and what it needs, from the book's site.
If a slider stays blank, reload this page.*"""

INTRODUCTION_WITHOUT_SITE = """\
*This notebook is from the book Learning to Integrate. The next cell installs the book's
package `rnnbook` and what it needs. First put the file `{wheel}` beside this notebook;
the book's page "How to use this book" offers it. If a slider stays blank, reload this page.*"""


def first_cells(wheel, docname):
    """Return the cells that a downloaded notebook begins with."""
    if site := address.site():
        text = INTRODUCTION.format(page=f"{site}{docname}.html")
        wheel = f"{site}{FOLDER}/{wheel}"
        if docname in EXTRAS:
            wheel = f'"rnnbook{EXTRAS[docname]} @ {wheel}"'
    else:
        text = INTRODUCTION_WITHOUT_SITE.format(wheel=wheel)
        wheel += EXTRAS.get(docname, "")
    cells = [
        nbformat.v4.new_markdown_cell(text, id="about-this-file"),
        nbformat.v4.new_code_cell(f"%pip install --quiet {wheel}", id="install"),
    ]
    return cells


def put_wheel(app, config):
    """Build the package into the site, and tell pages its name."""
    folder = Path(app.outdir) / FOLDER
    for old in folder.glob("rnnbook-*.whl"):
        old.unlink()
    app.rnnbook_wheel = build_wheel(folder).name
    # Written as HTML, because Sphinx knows no page or source of this name.
    link = (
        f'<a href="../{FOLDER}/{app.rnnbook_wheel}" download><code>{app.rnnbook_wheel}</code></a>'
    )
    config.myst_substitutions = {**config.myst_substitutions, "wheel": link}


def offer_downloads(app, pagename, templatename, context, doctree):
    """Name the button of the notebook, and add the printed book where `make site` will put it."""
    downloads = menu(context, "download-buttons")
    if downloads is None:
        return
    if context.get("page_source_suffix") == ".ipynb":
        for button in downloads["buttons"]:
            if button.get("label") == "download-source-button":
                button["tooltip"] = "Download this notebook"
    if "BOOK_WITH_PDF" not in os.environ:
        return
    downloads["buttons"].append(
        {
            "type": "link",
            "text": "The book (.pdf)",
            "tooltip": "All chapters in one file, to print",
            "icon": "fas fa-book",
            "url": context["pathto"](address.PRINTED, 1),
            "label": "download-book",
        }
    )


def write_notebooks(app, exception):
    """Put the notebooks where the download buttons of the theme lead."""
    if exception or app.builder.name not in ("html", "dirhtml"):
        return
    for docname in app.env.found_docs:
        source = Path(app.env.doc2path(docname))
        if source.suffix == ".ipynb":
            notebook = nbformat.read(source, as_version=4)
            notebook.cells[:0] = first_cells(app.rnnbook_wheel, docname)
            target = Path(app.outdir, "_sources", f"{docname}.ipynb")
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, target)


# Without this a browser may show the file instead of saving it.
SAVE = """
addEventListener("DOMContentLoaded", () => {
  document.querySelector(".btn-download-source-button")?.setAttribute("download", "");
});
"""


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", put_wheel)
    app.connect("html-page-context", offer_downloads, priority=AFTER_THE_THEME)
    app.connect("build-finished", write_notebooks)
    app.add_js_file(None, body=SAVE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
