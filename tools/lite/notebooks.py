"""The chapters as notebooks that stand on their own: what a build of the pages knows is filled in.

References become links to the published pages; equations and exercises get the numbers that they
have there. A notebook's name has a piece of its own checksum. The browser keeps what a reader has
edited under the name of the file, and would show it for ever; so a chapter that has changed has
another name, and the edited one stays beside it.
"""

import hashlib
import re
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin

import nbformat
from docutils import nodes
from sphinx import addnodes

from tools import address
from tools.sphinx_live import SettingWords

CONTENTS = "contents"  # the folder beside the pages' that has them
SHORT = 8  # digits of the checksum
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}

# The first lines switch off a count of equations that is not the book's.
INTRODUCTION = """\
---
numbering:
  equation: false
---

*This is {chapter} as a notebook, with Python in this page. Choose **Run**, **Run All Cells**: the
first time, Python and its packages are loaded, about 50 MB. What you change stays in this browser.
When the book's chapter changes, its page opens the new one, and yours stays {among}.*"""

ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
EQUATION = re.compile(r"^\$\$ *\(([\w-]+)\)$", re.M)
EXERCISE = re.compile(r"^(`{3,}\{exercise\} [^\n]*\n):label: ([\w-]+)$", re.M)
SOLUTION = re.compile(r"^```\{solution-start\} ([\w-]+)\n(?::[^\n]*\n)*```$", re.M)
SOLUTION_END = re.compile(r"^```\{solution-end\}\n```\n?", re.M)


def link(text, url):
    """A link in Markdown; the text alone where the address of the site is not known."""
    return f"[{text}]({url})" if address.site() else text


def markdown(node, page):
    """What a reference has become, as Markdown; `page` is the address of the page it is on."""
    if isinstance(node, nodes.math):
        return f"${node.astext()}$"
    text = "".join(markdown(child, page) for child in node.children) or node.astext()
    if isinstance(node, nodes.reference):
        place = node.get("refuri") or f"#{node['refid']}"
        return link(text, urljoin(page, place))
    if isinstance(node, SettingWords):
        values = {f"{node['figure']}.{name}": value for name, value in node["values"].items()}
        return link(text, f"{page}?{urlencode(values)}")
    return text


def one_line(text):
    """Text without its line breaks."""
    return " ".join(text.split())


def references(app, docname):
    """Return what each role on a page has become, as Markdown, by the role as it is written."""
    page = f"{address.site() or ''}{docname}.html"
    tree = app.env.get_doctree(docname)
    for node in list(tree.findall(addnodes.pending_xref)):
        place = nodes.inline("", "", written=node.rawsource)
        node.replace_self(place)
        place += node
    for node in tree.findall(SettingWords):
        node["written"] = node.rawsource
    resolved = app.env.get_and_resolve_doctree(docname, app.builder, doctree=tree)
    return {
        one_line(node["written"]): one_line(markdown(node, page))
        for node in resolved.findall(nodes.inline)
        if "written" in node
    }


def fill_in(text, found, numbers):
    """Return the text of a cell with references, and with numbers, which are given by kind."""

    def number(kind, name):
        return ".".join(map(str, numbers.get(kind, {}).get(name, ())))

    def equation(match):
        value = number("displaymath", nodes.make_id(f"equation-{match[1]}"))
        return f"\\tag{{{value}}}\n$$" if value else "$$"

    def exercise(match):
        value = number("exercise", match[2])
        return match[0] + (f"\n:enumerator: {value}" if value else "")

    text = ROLE.sub(lambda role: found.get(one_line(f":{role[1]}:`{role[2]}`")) or role[0], text)
    text = EQUATION.sub(equation, text)
    text = EXERCISE.sub(exercise, text)
    text = SOLUTION.sub(lambda it: f"**Solution to exercise {number('exercise', it[1])}**", text)
    return SOLUTION_END.sub("", text)


def filled_in(app, docname):
    """Return a chapter as a notebook, as text."""
    notebook = nbformat.read(app.env.doc2path(docname), as_version=4)
    found = references(app, docname)
    numbers = app.env.toc_fignumbers.get(docname, {})
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = fill_in(cell.source, found, numbers)
        else:
            cell.outputs, cell.execution_count = [], None
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    site = address.site() or ""
    title = app.env.titles[docname].astext()
    text = INTRODUCTION.format(
        chapter=f"“{link(title, f'{site}{docname}.html')}”",
        among=link("among your files", f"{site}{address.LITE}/tree/index.html"),
    )
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="about-this-notebook"))
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.writes(notebook)


def named(docname, text):
    """Return the name of a notebook with this text, as a path."""
    checksum = hashlib.sha256(text.encode()).hexdigest()
    return f"{docname.removeprefix('book/')}-{checksum[:SHORT]}.ipynb"


def folder(app):
    """Return where a build of the pages puts its notebooks: beside the pages."""
    return Path(app.outdir).parent / "lite" / CONTENTS


def put(app, docname):
    """Write a chapter for JupyterLite; return the place, below the site, at which it opens."""
    text = filled_in(app, docname)
    name = named(docname, text)
    path = folder(app) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return f"{address.LITE}/notebooks/index.html?path={quote(name)}"
