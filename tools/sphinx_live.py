"""Sphinx extension of the book: live figures that need no kernel, and their pictures.

MyST-NB leaves in a page the state of the notebook's widgets, and a mark where one is shown. In
place of the mark comes the figure as it is at first, drawn now by the code that will draw it in the
reader's browser (tools/live_pictures.mjs); site_static/live.js then makes it move. A widget that
this script does not know fails the build.

The role `set` makes words of the text set a figure of the same page:
{set}`twice the limit <descent: share=2>`. They are no more than words in print and without
JavaScript. A figure, a control or a value that the page does not have fails the build.
"""

import html
import json
import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxRole

from tools import node

ROOT = Path(__file__).resolve().parent.parent
STYLE = ROOT / "rnnbook" / "live" / "explorer.css"
PICTURES = ROOT / "tools" / "live_pictures.mjs"

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
MARK = re.compile(rf'<script type="{re.escape(VIEW)}">(.*?)</script>', re.S)
REFERENCE = "IPY_MODEL_"
AFTER_MYST_NB = 600  # its handler of html-page-context has the usual 500

# Without JavaScript.
STANDS_STILL = "This is a picture of a live figure: with JavaScript its sliders move it."
HIDE = ".rnnbook-live :is(input[type=range], .rnnbook-buttons) { display: none }"


WORDS = re.compile(r"(?P<words>.+?)\s*<(?P<figure>\w+):\s*(?P<values>[^<>]+)>", re.S)
SPAN = re.compile(r'<span class="rnnbook-set" data-figure="(\w+)" data-values="([^"]*)">')


class SettingWords(nodes.inline):
    """Words that set a live figure."""


class SetRole(SphinxRole):
    """The role `set`: words <FIGURE: NAME=VALUE, NAME=VALUE>."""

    def run(self):
        """Return the words, which may have formulas, and what they set."""
        match = WORDS.fullmatch(self.text)
        pairs = re.split(r",\s*(?=\w+\s*=)", match["values"]) if match else []
        if not pairs or not all("=" in pair for pair in pairs):
            where = f"{self.env.docname}:{self.lineno}"
            raise ExtensionError(
                f"{where}: {{set}} needs words <figure: name=value>; got {self.text!r}."
            )
        values = dict(map(str.strip, pair.split("=", 1)) for pair in pairs)
        node = SettingWords(self.rawtext, figure=match["figure"], values=values)
        children, messages = self.inliner.parse(match["words"], self.lineno, self.inliner, node)
        node.extend(children)
        return [node], messages


def open_words(writer, node):
    """Write what live.js makes a link of."""
    data = {"data-figure": node["figure"], "data-values": json.dumps(node["values"])}
    writer.body.append(writer.starttag(node, "span", "", CLASS="rnnbook-set", **data))


def close_words(writer, node):
    """Write its end."""
    writer.body.append("</span>")


def check_words(body, state):
    """See that a page has all that its words set.

    Raises
    ------
    ValueError
        If there is no such figure, control or value.
    """
    figures = {
        model["state"]["figure"]: key
        for key, model in state.items()
        if model["model_name"] == "AnyModel"
    }
    controls = {}  # by the figure's key and the name of its value
    for model in state.values():
        if model["model_name"] == "LinkModel":
            (control, _), (figure, name) = model["state"]["source"], model["state"]["target"]
            controls[figure.removeprefix(REFERENCE), name] = state[control.removeprefix(REFERENCE)]
    for figure, values in SPAN.findall(body):
        if figure not in figures:
            raise ValueError(f"{{set}}: the page has no figure {figure!r}, but {sorted(figures)}.")
        for name, value in json.loads(html.unescape(values)).items():
            control = controls.get((figures[figure], name))
            if control is None:
                known = sorted(other for key, other in controls if key == figures[figure])
                raise ValueError(f"{{set}}: {figure} has no control {name!r}, but {known}.")
            if not _stands_on(control["state"], value):
                raise ValueError(f"{{set}}: {name} of {figure} cannot be {value!r}.")


def _stands_on(control, text):
    """Whether a control can be set to this."""
    if options := control.get("_options_labels"):
        return text in options
    ends = [control[end] for end in ("min", "max")]
    low, high = [control["base"] ** end for end in ends] if "base" in control else ends
    try:
        return low - 1e-9 <= float(text) <= high + 1e-9
    except ValueError:
        return False


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
    state = {}
    for script in found:
        scripts.remove(script)
        state.update(json.loads(script.attributes["body"])["state"])
    if "nb_execution_mode" in app.config and app.config.nb_execution_mode == "off":
        return  # no notebook has run, so no page has a figure
    try:
        check_words(context.get("body", ""), state)
        if not found:
            return
        context["body"] = with_pictures(context["body"], state)
    except (RuntimeError, ValueError) as error:
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
    app.add_node(SettingWords, html=(open_words, close_words))
    app.add_role("set", SetRole())
    app.connect("html-page-context", add_figures, priority=AFTER_MYST_NB)
    app.connect("build-finished", copy_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
