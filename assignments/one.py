"""Grade one submission: join it with the original, have it run and judged, and count."""

import ast
import json
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from nbgrader.utils import is_grade, is_solution

from . import course, release, sandbox
from .merge import grade_id, is_extra, merge, read
from .results import BY_HAND, NOT_GRADED, TIMED_OUT, Question, Result
from .titles import titles
from .workers import WORKERS

MOST_SAID = 2000  # characters of an error that are looked at
NO_ANSWER = "There is no answer yet."


@dataclass
class Told:
    """What a worker has told of a submission.

    Parameters
    ----------
    verdicts : dict of int to (str, str)
        State and idea, by the place of the cell of tests.
    faults : dict of int to str
        "slow" or "ended", by the place of the cell.
    ended : bool
        Whether it came to the end.
    said : str
        The last line of what the worker wrote to its error stream.
    """

    verdicts: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)
    ended: bool = False
    said: str = ""


def questions(original, named):
    """Return the questions of an assignment by id, before anything was graded.

    Parameters
    ----------
    original : NotebookNode
    named : dict of str to str
        From `titles`.
    """
    return {
        grade_id(cell): Question(
            float(cell.metadata.nbgrader.points), None, NOT_GRADED, title=named[grade_id(cell)]
        )
        for cell in filter(is_grade, original.cells)
    }


def kind(cell):
    """Return what a cell is: "given", "test", "student" (an answer, or one that was added)."""
    if is_extra(cell) or is_solution(cell):
        return "student"
    return "test" if is_grade(cell) else "given"


def modules(cells):
    """Return the modules that our own cells load outside functions."""
    found = {}
    for cell in cells:
        if cell["kind"] == "given":  # and none of a student's: see `workers`
            for node in ast.parse(cell["source"]).body:
                match node:
                    case ast.Import(names=names):
                        found |= dict.fromkeys(alias.name for alias in names)
                    case ast.ImportFrom(module=name):
                        found[name] = None
    return list(found)


def attempt(job, told, seconds):
    """Have a job done in a process of its own for at most so many seconds; note what it tells.

    Returns
    -------
    int or None
        The cell at which that process ended, if it did so before its time.
    """
    place = None
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        with suppress(ConnectionError), WORKERS.one(modules(job["cells"]), errors) as worker:
            timer = threading.Timer(seconds, worker.end)  # the sandbox ends with the worker
            timer.start()
            try:
                worker.jobs.write(json.dumps(job) + "\n")
                worker.jobs.flush()  # and not closed: it ends when this does
                for line in worker.events:
                    event = json.loads(line)
                    place = event.get("cell", place)
                    match event["event"]:
                        case "verdict":
                            told.verdicts[place] = event["state"], event["idea"]
                        case "slow" | "ended" as fault:
                            told.faults[place] = fault
                        case "end":
                            told.ended = True
            finally:
                timer.cancel()
        errors.seek(0)
        said = errors.read() or WORKERS.said()
        told.said = said[-MOST_SAID:].strip().rpartition("\n")[2]
    return None if told.ended else place


def execute(cells, settings, unsafe=False, alone=False):
    """Run and judge the cells of a submission.

    Parameters
    ----------
    cells : list of dict
        With "kind", "source" and, for tests, "visible".
    settings : Course
    unsafe : bool, optional
        Without a sandbox.
    alone : bool, optional
        With twice the time.

    Returns
    -------
    Told
    """
    if not unsafe:
        sandbox.check()
    more = 2 if alone else 1
    told, broken = Told(), 0
    job = {
        "cells": cells,
        "cell_cpu_seconds": more * settings.cell_cpu_seconds,
        "submission_cpu_seconds": more * settings.submission_cpu_seconds,
        "wall_factor": max(1, settings.wall_factor / more),  # nothing runs beside it then
        "memory_gib": settings.memory_gib,
        "unsafe": unsafe,
    }
    deadline = time.monotonic() + job["submission_cpu_seconds"] * job["wall_factor"]
    while not told.ended and broken < 3 and (left := deadline - time.monotonic()) > 0:
        job["skip"] = [*told.verdicts, *told.faults]
        place = attempt(job, told, left)
        if told.ended:
            break
        if place is None or place in job["skip"]:
            broken += 1  # it did not get to work: try again
        elif place not in told.verdicts:
            told.faults[place] = "slow"  # it was ended there, by the system or by the clock
    if broken == 3:
        raise RuntimeError(f"the process that judges a submission does not start: {told.said}")
    return told


def grade(student, assignment, path, settings, source=course.SOURCE, unsafe=False, alone=False):
    """Return the `Result` of one submission.

    Parameters
    ----------
    student, assignment : str
    path : Path
        The submitted notebook.
    settings : Course
    source : Path, optional
        Folder with the source notebooks.
    unsafe : bool, optional
        Run the student's code without a sandbox.
    alone : bool, optional
        With twice the time, for one that has run out of it, or of what else the machine has.

    Raises
    ------
    sandbox.MissingSandboxError
        If there is no sandbox, and `unsafe` was not given.
    """
    original = release.instructor_version(assignment, settings.seed, source)
    handed_out = release.student_version(original)
    named = titles(original)
    result = Result(student, assignment, questions(original, named))
    for question in result.questions.values():
        question.points, question.state, question.feedback = 0.0, "", NO_ANSWER
    try:
        submission = merge(original, handed_out, read(path), named)
    except (ValueError, OSError) as error:
        result.remarks.append(str(error))
        return result
    result.remarks += submission.remarks

    visible = {grade_id(cell): cell.source for cell in handed_out.cells}
    code = {place: cell for place, cell in enumerate(submission.cells) if cell.cell_type == "code"}
    cells = [
        {
            "kind": kind(cell) if place in code else "student",
            "source": cell.source if place in code else "",
            "visible": visible.get(grade_id(cell), ""),
        }
        for place, cell in enumerate(submission.cells)
    ]
    told = execute(cells, settings, unsafe, alone)
    result.ended = "ended" in told.faults.values()
    for place, cell in enumerate(submission.cells):
        name = grade_id(cell)
        if place in told.faults:
            what = named.get(name, name) or "a cell that was added"
            result.remarks.append(f"{what}: {FAULTS[told.faults[place]]}")
        if name in result.questions:
            mark(result.questions[name], place, cell, submission, told)
    return result


FAULTS = {
    "slow": "ran out of time, and was stopped",
    "ended": "the process with the student's code ended while this ran",
}


def code_before(place, cells):
    """Return the answer that a cell of tests is about: the last one in front of it."""
    answers = [cell.source for cell in cells[:place] if is_solution(cell)]
    return answers[-1] if answers else ""


def mark(question, place, cell, submission, told):
    """Enter what one cell has earned."""
    if is_solution(cell):
        if grade_id(cell) not in submission.missing:
            question.points, question.state, question.feedback = None, BY_HAND, ""
            question.answer = cell.source
        return
    # A test that was not reached, or lacks what another cell was about to define, is not a failure.
    before = any(told.faults[k] == "slow" for k in told.faults if k < place)
    state, idea = told.verdicts.get(place, ("missing" if told.ended else "slow", NO_ANSWER))
    if told.faults.get(place) == "ended":
        state, idea = "failed", f"{FAULTS['ended'].capitalize()}."
    if place in told.faults and told.faults[place] == "slow":
        state = "slow"
    if state == "passed":
        question.points, question.feedback = question.most, ""
    elif state == "slow" or (state == "missing" and before):
        question.points, question.state = None, TIMED_OUT
        question.answer = f"({TIMED_OUT})\n{code_before(place, submission.cells)}"
        question.feedback = "It ran out of time. A person will look at it."
    else:
        question.feedback = idea
