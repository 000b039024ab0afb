"""Sphinx extension of the book: the menu by which a notebook's page is opened to be run.

It offers Python in the page, if the site is built with BOOK_WITH_LITE (tools/lite); Binder, where
the public address of the repository is known (tools/address.py); and JupyterLab on the reader's
machine, which leads to the section of "How to use this book" that says how. The theme makes the
second of the three and leaves room for no other.
"""

import os
import shutil

from tools import address
from tools.lite import notebooks
from tools.sphinx_downloads import EXTRAS
from tools.sphinx_site import AFTER_THE_THEME, menu

BINDER = {"notebook_interface": "jupyterlab", "binderhub_url": "https://mybinder.org"}
# The page and the section on running the notebooks.
PAGE, SECTION = "book/how_to_use", "run-jupyterlab"
NOTEBOOKS = "book/"  # the folder that `make lab` opens


def tell_the_theme(app, config):
    """Give the theme the repository's address, and Binder's if there is one to open there."""
    repository = address.repository()
    config.html_theme_options.update(
        repository_url=repository or "",
        repository_branch=address.BRANCH,
        path_to_docs="",  # pages are named from the root of the repository
        launch_buttons=BINDER if repository else {},
    )


def forget_notebooks(app):
    """Remove the notebooks of an earlier build."""
    shutil.rmtree(notebooks.folder(app), ignore_errors=True)


def add_ways(app, pagename, templatename, context, doctree):
    """Add to the menu of a notebook's page what the theme does not know."""
    if context.get("page_source_suffix") != ".ipynb":
        return
    launch = menu(context, "launch-buttons")
    if launch is None:
        launch = {"type": "group", "icon": "fas fa-rocket", "label": "launch-buttons"}
        launch["buttons"] = []
        context["header_buttons"].insert(0, launch)
    launch["tooltip"] = "Run this notebook"
    # Python in the page has what the package needs, and no more.
    if os.environ.get("BOOK_WITH_LITE") and pagename not in EXTRAS:
        launch["buttons"].insert(
            0,
            {
                "type": "link",
                "text": "Run here (desktop, about 50 MB)",
                "tooltip": "With Python in the page; nothing is installed",
                "icon": "fas fa-play",
                "url": context["pathto"](notebooks.put(app, pagename), 1),
                "label": "launch-lite",
            },
        )
    notebook = pagename.removeprefix(NOTEBOOKS) + ".ipynb"
    launch["buttons"].append(
        {
            "type": "link",
            "text": "JupyterLab on your machine",
            "tooltip": f"make lab NOTEBOOK={notebook}",
            "icon": "fas fa-laptop-code",
            "url": f"{context['pathto'](PAGE)}#{SECTION}",
            "label": "launch-local",
        }
    )


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", tell_the_theme)
    app.connect("builder-inited", forget_notebooks)
    app.connect("html-page-context", add_ways, priority=AFTER_THE_THEME)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
