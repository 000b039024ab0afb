"""Results kept by content: what was graded once is graded again only if something has changed."""

import hashlib
import json
from dataclasses import astuple
from pathlib import Path

import nbformat

from . import course, references, sheets, versions
from .results import Question, Result

FOLDER = Path("kept") / "results"


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
    code = versions.digest(course.HERE, references.PACKAGE)
    text = f"{nbformat.writes(original)}\n{limits}\n{unsafe}\n{code}\n{content}"
    return hashlib.sha256(text.encode()).hexdigest()


def sound(result, questions):
    """Whether something is a result of grading, with possible points for just these questions."""
    if not isinstance(result, Result) or not isinstance(result.ended, bool):
        return False
    if not isinstance(result.remarks, list) or not isinstance(result.notes, list):
        return False
    if not isinstance(result.questions, dict) or set(result.questions) != set(questions):
        return False
    texts = [result.student, result.assignment, *result.remarks, *result.notes]
    for name, question in result.questions.items():
        if not isinstance(question, Question) or question.most != questions[name].most:
            return False
        texts += [question.state, question.feedback, question.title, question.answer]
        points = 0 if question.points is None else question.points
        if not isinstance(points, int | float) or not 0 <= points <= question.most:  # nor nan
            return False
    return all(isinstance(text, str) for text in texts)


def load(folder, name, questions):
    """Return a kept result, or None if there is none, or the file was damaged.

    Parameters
    ----------
    folder : Path
        That of the grades.
    name : str
        From `key`.
    questions : dict of str to Question
        Those of the assignment, by id.

    Returns
    -------
    Result or None
    """
    try:
        kept = json.loads((folder / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        result = Result.from_dict(kept["result"])
        return result if kept["key"] == name and sound(result, questions) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def save(folder, name, result):
    """Keep a result under a name from `key`."""
    text = json.dumps({"key": name, "result": result.as_dict()}, indent=1)
    sheets.replace(folder / FOLDER / f"{name}.json", text)
