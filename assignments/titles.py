"""What people call the questions of an assignment, such as "2.1 Two neurons: loss_pair"."""

import ast
import re
from collections import Counter
from dataclasses import dataclass, field

from nbgrader.utils import is_grade, is_solution

# "## 2 · Two neurons (5 points)", "## Question 2: ...", "## Part 2. ...": a number and a name.
HEADING = re.compile(
    r"^#+\s*(?:[^\W\d_]+\s+)?(\d+)\s*[.:·)]?\s*(.*?)\s*(?:\([^()]*points?[^()]*\))?$", re.M
)
CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[^\W\d]\w*")


def _tree(source):
    """Return parsed code; that of nothing, if it is broken."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse("")


def _defined(nodes):
    """Return the names that some nodes define."""
    found = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Import(names=some) | ast.ImportFrom(names=some):
                found |= {alias.asname or alias.name for alias in some}
    return found


def _global_names(source):
    """Return the names that code leaves behind: none that live inside a function only."""
    found = set()
    for node in _tree(source).body:
        inner = isinstance(node, ast.FunctionDef | ast.ClassDef)
        found |= _defined([node] if inner else ast.walk(node))
    return found


def _used(source):
    """Return the names that code uses and does not define, in the order of their first use."""
    nodes, used = list(ast.walk(_tree(source))), {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            place = node.lineno, node.col_offset
            used[node.id] = min(used.get(node.id, place), place)
    return [name for name in sorted(used, key=used.get) if name not in _defined(nodes)]


def _asked_for(text):
    """Return names that stand as code in a text: of `follow(s, gain)` only the first, `follow`."""
    return {match[0] for code in CODE.findall(text) if (match := NAME.match(code))}


@dataclass
class _Section:
    """What stands below a heading with a number."""

    number: str = ""
    subject: str = ""
    asked: set = field(default_factory=set)  # names that students are asked for
    cells: list = field(default_factory=list)  # that give points
    answers: list = field(default_factory=list)  # ids, and how many of `cells` stand above

    def place(self, k):
        """The number of a cell that gives points, such as 2.1."""
        places = [self.number] if self.number else []
        return ".".join([*places, str(k + 1)] if len(self.cells) > 1 else places)

    def title(self, k, given):
        """The number of a cell that gives points, with its subject and the names that it tests."""
        cell, names = self.cells[k], []
        if cell.cell_type == "code":
            names = [n for n in _used(cell.source) if n in self.asked and n not in given]
        title = f"{self.place(k)} {self.subject}".strip()
        colon = "" if not title or title.endswith("?") else ":"
        return f"{title}{colon} {', '.join(names)}".strip() if names else title


def _sections(notebook):
    """Return the `_Section` objects of a notebook; the first is what stands above all headings."""
    sections = [_Section()]
    for cell in notebook.cells:
        here = sections[-1]
        if is_grade(cell):
            here.cells.append(cell)
        elif is_solution(cell):
            here.asked |= _global_names(cell.source)
            here.answers.append((cell.metadata.nbgrader.grade_id, len(here.cells)))
        elif cell.cell_type == "markdown":
            if heading := HEADING.search(cell.source):
                subject = re.sub(r"[`$]", "", heading[2])
                here = _Section(heading[1], subject[:1].upper() + subject[1:])
                sections.append(here)
            here.asked |= _asked_for(cell.source)
    return sections


def titles(notebook):
    """Return what to call each cell that gives points, or that students answer.

    The number is that of the heading above, followed by the place among those that give points
    below this heading. After the heading come the names that the tests ask for.

    Parameters
    ----------
    notebook : NotebookNode
        An assignment: the original.

    Returns
    -------
    dict of str to str
        By the id of the cell; all different. An answer that gives no points itself is called after
        its tests: "the answer to 2.1 and 2.2".
    """
    given = set()  # names that are ours: no answer has them
    for cell in notebook.cells:
        if cell.cell_type == "code" and not is_solution(cell) and not is_grade(cell):
            given |= _global_names(cell.source)
    found = {}
    for section in _sections(notebook):
        for k, cell in enumerate(section.cells):
            found[cell.metadata.nbgrader.grade_id] = section.title(k, given)
        starts = [start for _, start in section.answers] + [len(section.cells)]
        for (name, start), end in zip(section.answers, starts[1:], strict=True):
            places = [k for k in range(start, end) if not is_solution(section.cells[k])]
            ends = [section.place(k) for k in places[:1] + places[1:][-1:]]
            between = " and " if len(places) == 2 else " to "
            found[name] = f"the answer to {between.join(ends)}" if ends else "an answer"
    seen = Counter(found.values())
    return {
        name: title if seen[title] == 1 else f"{title} ({name})".strip()
        for name, title in found.items()
    }
