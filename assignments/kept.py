"""Results kept by content: what was graded once is graded again only if something has changed."""

import hashlib
import json
import math
from dataclasses import astuple
from functools import cache
from pathlib import Path

import nbformat
import numpy
import scipy
import sympy

from . import course, sheets
from .results import Result

FOLDER = Path("kept") / "results"


@cache
def code_version():
    """Return a digest of all code by which grading can come to another result."""
    digest = hashlib.sha256()
    for folder in (course.HERE, course.HERE.parent / "rnnbook"):
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder.parent)}\n".encode())
            digest.update(path.read_bytes())
    digest.update(f"{numpy.__version__} {scipy.__version__} {sympy.__version__}".encode())
    return digest.hexdigest()


def key(content, original, settings, unsafe=False):
    """Return a name for the result of a submission, which changes with all that it depends on.

    Parameters
    ----------
    content : str
        Digest of the file that was handed in.
    original : NotebookNode
        The assignment, with the numbers of the course, solutions and hidden tests.
    settings : Course
        For its limits.
    unsafe : bool, optional
        Whether it was graded without a sandbox.

    Returns
    -------
    str
    """
    limits = astuple(settings)[2:]
    text = f"{nbformat.writes(original)}\n{limits}\n{unsafe}\n{code_version()}\n{content}"
    return hashlib.sha256(text.encode()).hexdigest()


def sound(result, ids):
    """Whether something is a result of grading, with sensible points for just these questions."""
    if not isinstance(result, Result) or set(result.questions) != set(ids):
        return False
    texts = [result.student, result.assignment, *result.remarks]
    for question in result.questions.values():
        texts += [question.state, question.feedback, question.title, question.answer]
        numbers = [question.most, 0.0 if question.points is None else question.points]
        if not all(isinstance(x, int | float) and math.isfinite(x) for x in numbers):
            return False
        if not 0 <= numbers[1] <= numbers[0]:
            return False
    return all(isinstance(text, str) for text in texts)


def load(folder, name, ids):
    """Return a kept result, or None if there is none, or the file was damaged.

    Parameters
    ----------
    folder : Path
        That of the grades.
    name : str
        From `key`.
    ids : collection of str
        Ids of the questions of the assignment.

    Returns
    -------
    Result or None
    """
    try:
        kept = json.loads((folder / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        result = Result.from_dict(kept["result"])
        return result if kept["key"] == name and sound(result, ids) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def save(folder, name, result):
    """Keep a result under a name from `key`."""
    text = json.dumps({"key": name, "result": result.as_dict()}, indent=1)
    sheets.replace(folder / FOLDER / f"{name}.json", text)
