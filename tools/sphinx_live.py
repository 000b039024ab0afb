"""Sphinx extension of the book: live figures that need no kernel, and their pictures.

MyST-NB leaves in a page the state of the notebook's widgets, and a mark where one is shown. In
place of the mark comes the figure as it is at first, drawn now by the code that will draw it in the
reader's browser (tools/live_pictures.mjs); site_static/live.js then makes it move. A widget that
this script does not know fails the build.
"""

import json
import re
import shutil
from pathlib import Path

from sphinx.errors import ExtensionError

from tools import node

ROOT = Path(__file__).resolve().parent.parent
STYLE = ROOT / "rnnbook" / "live" / "explorer.css"
PICTURES = ROOT / "tools" / "live_pictures.mjs"

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
MARK = re.compile(rf'<script type="{re.escape(VIEW)}">(.*?)</script>', re.S)
AFTER_MYST_NB = 600  # its handler of html-page-context has the usual 500

# Without JavaScript.
STANDS_STILL = "This is a picture of a live figure: with JavaScript its sliders move it."
HIDE = ".rnnbook-live :is(input[type=range], .rnnbook-buttons) { display: none }"


def slim(state):
    """Return the part of a page's state that a figure without a kernel needs.

    Left out are styles and layouts of ipywidgets, what has no value, and the figures' style sheet,
    which the site has once.
    """
    kept = {}
    for key, model in state.items():
        if model["model_name"].endswith(("LayoutModel", "StyleModel")):
            continue
        values = {
            name: value
            for name, value in model["state"].items()
            if value is not None
            and name not in ("_css", "layout", "style")
            and not re.match("_(model|view|anywidget)_", name)
        }
        kept[key] = {"model_name": model["model_name"], "state": values}
        if buffers := model.get("buffers"):
            kept[key]["buffers"] = [{k: b[k] for k in ("path", "data")} for b in buffers]
    return kept


def with_pictures(body, state):
    """Return a page's HTML with figures in place of marks, and their state at its end.

    Raises
    ------
    RuntimeError
        If a figure cannot be drawn, or has a widget that is not known.
    """
    state = slim(state)
    views = [json.loads(text)["model_id"] for text in MARK.findall(body)]
    pictures = node.run(PICTURES, {"state": state, "views": views})

    def replaced(match):
        key = json.loads(match[1])["model_id"]
        return (
            f'<div class="rnnbook-live" data-model="{key}">{pictures[key]}'
            f"<noscript><p>{STANDS_STILL}</p></noscript></div>"
        )

    text = json.dumps({"state": state}, ensure_ascii=False).replace("<", "\\u003c")
    return MARK.sub(replaced, body) + f'\n<script type="{STATE}">{text}</script>\n'


def add_figures(app, pagename, templatename, context, doctree):
    """Put figures into a page that has some, and what they load."""
    scripts = context["script_files"]
    # MyST-NB would have the state in the head, before anything that is seen.
    found = [script for script in scripts if getattr(script, "attributes", {}).get("type") == STATE]
    if not found:
        return
    for script in found:
        scripts.remove(script)
    state = {}
    for script in found:
        state.update(json.loads(script.attributes["body"])["state"])
    try:
        context["body"] = with_pictures(context["body"], state)
    except RuntimeError as error:
        raise ExtensionError(f"{pagename}: {error}") from error
    app.add_css_file(STYLE.name)
    app.add_css_file("live.css")
    app.add_js_file("live.js", loading_method="defer")
    context["metatags"] = (
        context.get("metatags", "") + f"<noscript><style>{HIDE}</style></noscript>"
    )


def copy_style(app, error):
    """Put the figures' style sheet, which notebooks have too, beside those of the site."""
    if not error and app.builder.format == "html":
        shutil.copyfile(STYLE, Path(app.outdir) / "_static" / STYLE.name)


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", add_figures, priority=AFTER_MYST_NB)
    app.connect("build-finished", copy_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
