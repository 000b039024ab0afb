"""What hidden tests compare with, computed once, so that grading computes nothing.

In a hidden test, the lines from `### BEGIN REFERENCE` to `### END REFERENCE` may take long. At
release they run after the given cells before them, and the values of the names that the rest of the
test uses take their place: numbers, texts, arrays, and lists, tuples and dicts of these.
"""

import ast
import contextlib
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from textwrap import dedent, indent

import numpy as np
from nbgrader.utils import is_grade, is_solution

import rnnbook

from . import course, versions

PACKAGE = Path(rnnbook.__file__).parent
KEPT = course.BUILT / "references"
MARK = re.compile(r"^[ \t]*### (?:BEGIN|END) REFERENCE[ \t]*$", re.M)
BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN REFERENCE[ \t]*\n(?P<code>.*?)^[ \t]*### END REFERENCE[ \t]*$",
    re.M | re.S,
)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.S)


def literal(value):
    """Return code that makes a value: of numbers, texts, arrays, lists, tuples and dicts of these.

    Raises
    ------
    TypeError, ValueError
        If the value is something else, or has a number in it that is not finite.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufc":
            raise TypeError(f"an array of {value.dtype} cannot be kept")
        inner = literal(value.tolist())
        # The shape of an empty array does not show in its list.
        return f"np.array({inner})" if value.size else f"np.zeros({value.shape})"
    match value:
        case float() | complex() if not np.isfinite(value):
            raise ValueError(f"{value} is not finite")
        case None | bool() | int() | float() | complex() | str():
            return repr(value)
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case tuple():
            return f"({''.join(literal(item) + ', ' for item in value).strip()})"
        case dict():
            return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    raise TypeError(f"{type(value).__name__} cannot be kept, only numbers, texts and arrays")


def _compute(given, blocks, used):
    """Run the blocks after the given cells; return the code of each name that is used, by name."""
    namespace = {"__name__": "__main__"}
    for code in given:
        exec(code, namespace)
    before = dict(namespace)
    for code in blocks:
        exec(code, namespace)
    new = {name for name in used & namespace.keys() if namespace[name] is not before.get(name)}
    values = {}
    for name in sorted(new):
        try:
            values[name] = literal(namespace[name])
        except (TypeError, ValueError) as error:
            raise ValueError(f"the value of {name}: {error}") from error
    return values


def _read(path):
    """Return values that were kept, or None if the file is not there or is broken."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        for name, code in values.items():
            ast.parse(name + " = " + code)
    except (OSError, ValueError, TypeError, AttributeError, SyntaxError):
        return None
    return values


def _write(path, values):
    """Keep values: in one go, since others may read the file or write the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False
    ) as file:
        json.dump(values, file)
    os.replace(file.name, path)


def _names(source):
    """Return the names that code reads."""
    return {
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _values(given, blocks, rest, kept):
    """Return the code of the values of a cell, computed or as kept."""
    used = _names(rest)
    about = json.dumps([given, blocks, sorted(used), versions.digest(PACKAGE)])
    path = kept / f"{hashlib.sha256(about.encode()).hexdigest()}.json"
    values = _read(path)
    if values is None:
        values = _compute(given, blocks, used)
        with contextlib.suppress(OSError):  # a folder that cannot be written to costs only time
            _write(path, values)
    return values


def fill(notebook, kept=KEPT):
    """Put values in place of the references in the hidden tests of a notebook.

    Parameters
    ----------
    notebook : NotebookNode
        An instructor's version, with the numbers of a course. It is changed.
    kept : Path
        Folder for values that were computed. A file that is broken is computed again.

    Raises
    ------
    ValueError
        If a block is outside the hidden tests, has no end, fails, or makes a value for which there
        is no code; the message has the id of the cell.
    """
    given = []  # code that is neither an answer nor a test
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if not (is_solution(cell) or is_grade(cell)):
            given.append(cell.source)
        found = [match for part in HIDDEN.findall(cell.source) for match in BLOCK.finditer(part)]
        if len(MARK.findall(cell.source)) != 2 * len(found):
            raise ValueError(
                f"{cell.id}: ### BEGIN REFERENCE and ### END REFERENCE come in pairs, "
                "and only in hidden tests"
            )
        if not found:
            continue
        blocks = [dedent(match["code"]) for match in found]
        try:
            values = _values(given, blocks, BLOCK.sub("", cell.source), kept)
        except Exception as error:
            raise ValueError(
                f"{cell.id}: the reference could not be computed: {type(error).__name__}: {error}"
            ) from error
        code = "".join(f"{name} = {value}\n" for name, value in values.items())
        # All values stand where the first block was.
        for k, match in enumerate(found):
            put = indent(code, match["indent"]).removesuffix("\n") if k == 0 else ""
            cell.source = cell.source.replace(match[0], put, 1)
