"""Grade a folder of submissions: a table, files for a gradebook, a page of feedback for each.

python -m assignments.grade SUBMISSIONS GRADES [--jobs N]

SUBMISSIONS has FOLDER/STUDENT/NAME.ipynb, or STUDENT/NAME/NAME.ipynb as nbgrader collects them.
Students' code runs with your rights: see the page for instructors on where to do this.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.utils import determine_grade, is_grade, is_solution
from tqdm import tqdm

from . import course, marks, release, worker
from .merge import grade_id, merge, read

CHECKS = course.HERE / "checks.py"
FAULTS = {
    "slow": "a cell ran for longer than the limit of {seconds:g} seconds and was stopped",
    "ended": "the process ended while this cell ran",
    "unfinished": "time was up before this cell was reached",
}


@dataclass
class Result:
    """What a submission has earned.

    Parameters
    ----------
    student, assignment : str
        Whose it is, and of which assignment.
    points : dict of str to (float or None, float)
        By the id of the question: points earned (None: to be marked by hand), and points to earn.
    feedback : dict of str to str
        By the id of the question: what was missing, in terms of ideas.
    remarks : list of str
        For whoever grades.
    """

    student: str
    assignment: str
    points: dict = field(default_factory=dict)
    feedback: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)

    @property
    def earned(self):
        """Points so far."""
        return sum(points or 0 for points, _ in self.points.values())

    @property
    def most(self):
        """Points that can be earned."""
        return sum(most for _, most in self.points.values())

    @property
    def pending(self):
        """Points that wait for a mark by hand."""
        return sum(most for points, most in self.points.values() if points is None)


def end(process, log):
    """End a worker and the kernel that it started."""
    pids = [event["pid"] for event in events(log) if event["event"] == "kernel"]
    for pid in [process.pid, *pids]:
        with suppress(ProcessLookupError, PermissionError):  # if it has ended by itself
            os.killpg(pid, signal.SIGKILL)
    process.wait()


def events(log):
    """Return what a worker has written down so far; a line that it did not finish is left out."""
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def attempt(folder, job, deadline):
    """Run a job in a fresh process and a fresh folder, and return what it wrote down by the end."""
    log, work = folder / worker.LOG, folder / "work"
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    shutil.copy(CHECKS, work)
    log.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "assignments.worker", str(folder)],
        cwd=course.HERE.parent,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    finally:
        end(process, log)
    return events(log)


def execute(cells, settings):
    """Run the cells of a submission, in processes of their own.

    Parameters
    ----------
    cells : list of NotebookNode
    settings : Course

    Returns
    -------
    dict of int to list
        Outputs of the cells that ended, by their place.
    dict of int to str
        For the others, a key of `FAULTS`.
    """
    deadline = time.monotonic() + settings.submission_cpu_seconds
    outputs, faults = {}, {}
    job = {
        "notebook": {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
        "cell_seconds": settings.cell_cpu_seconds,
        "memory_gib": settings.memory_gib,
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        while True:
            told = attempt(Path(folder), {**job, "skip": [*faults]}, deadline)
            outputs |= {e["cell"]: e["outputs"] for e in told if e["event"] == "done"}
            faults |= {e["cell"]: "slow" for e in told if e["event"] == "slow"}
            if told and told[-1]["event"] == "end":
                break
            started = [event["cell"] for event in told if event["event"] == "start"]
            if time.monotonic() >= deadline or not started:
                rest = range(started[-1] if started else 0, len(cells))
                faults |= {k: "unfinished" for k in rest if k not in outputs and k not in faults}
                break
            # The cell took the process with it, so the rest is run again without that cell.
            faults.setdefault(started[-1], "ended")
    for place in faults:
        outputs.pop(place, None)
    return outputs, faults


def idea(visible, outputs):
    """Return what a student is told about a test that failed: never what hidden code says."""
    for output in outputs:
        if output["output_type"] == "error":
            name, text = output["ename"], output["evalue"]
            if name == "ExpectationError" or (
                name == "AssertionError" and text and text in visible
            ):
                return text
            if name in ("NotImplementedError", "NameError"):
                return "There is no answer yet, or it does not have the name that was asked for."
            return f"Your answer could not be tested: {name} was raised while it ran."
    return ""


def grade(student, assignment, path, settings, source=course.SOURCE):
    """Return the `Result` of one submission; whatever is in the file, this ends and returns one.

    Parameters
    ----------
    student, assignment : str
    path : Path
        The submitted notebook.
    settings : Course
    source : Path, optional
        Folder with the source notebooks.
    """
    original = release.instructor_version(assignment, settings.seed, source)
    handed_out = release.student_version(original)
    try:
        submission = merge(original, handed_out, read(path))
    except (ValueError, OSError) as error:
        nothing = {
            grade_id(cell): (0.0, float(cell.metadata.nbgrader.points))
            for cell in filter(is_grade, original.cells)
        }
        return Result(student, assignment, nothing, remarks=[str(error)])
    outputs, faults = execute(submission.cells, settings)

    result = Result(student, assignment, remarks=[*submission.remarks])
    visible = {grade_id(cell): cell.source for cell in handed_out.cells}
    said = {key: text.format(seconds=settings.cell_cpu_seconds) for key, text in FAULTS.items()}
    for place, cell in enumerate(submission.cells):
        name = grade_id(cell)
        if place in faults and cell.cell_type == "code":
            result.remarks.append(f"{name or 'a cell that was added'}: {said[faults[place]]}")
        if name not in visible or not is_grade(cell):
            continue
        most = float(cell.metadata.nbgrader.points)
        if is_solution(cell):
            absent = name in submission.missing
            result.points[name] = (0.0 if absent else None, most)
            result.feedback[name] = "There is no answer yet." if absent else ""
        elif place in outputs:
            # A warning is no failure; nbgrader counts all that is written to stderr as one.
            kept = (output for output in outputs[place] if output.get("name") != "stderr")
            cell.outputs = [nbformat.from_dict(output) for output in kept]
            result.points[name] = determine_grade(cell)
            result.feedback[name] = idea(visible[name], cell.outputs)
        else:
            result.points[name] = (0.0, most)
            result.feedback[name] = marks.sentence(said[faults.get(place, "unfinished")])
    return result


def submissions(folder):
    """Return (student, assignment, path) of all submissions in a folder, in order."""
    known = course.names()
    found = []
    for path in sorted(folder.rglob("*.ipynb")):
        parts = path.relative_to(folder).parts
        if path.stem in known and (len(parts) == 2 or parts[1:-1] == (path.stem,)):
            found.append((parts[0], path.stem, path))
    return found


def main():
    """Grade all submissions of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("submissions", type=Path)
    parser.add_argument("grades", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    settings = course.read()
    marks.read(arguments.grades)  # a mistake in there should show now, not after the work
    if not arguments.submissions.is_dir():
        parser.error(f"there is no folder {arguments.submissions}")
    todo = submissions(arguments.submissions)
    if not todo:
        parser.error(
            f"no submission in {arguments.submissions}: expected STUDENT/NAME.ipynb there, "
            f"NAME one of {', '.join(course.names())}"
        )
    results = []
    with ThreadPoolExecutor(arguments.jobs) as pool:
        jobs = [pool.submit(grade, *one, settings) for one in todo]
        try:
            for job in tqdm(as_completed(jobs), "graded", len(jobs), leave=False):
                marks.enter(arguments.grades, job.result())
                results.append(job.result())
                results.sort(key=lambda result: (result.assignment, result.student))
                # At once, so that a run that is interrupted leaves what it has.
                marks.write(arguments.grades, results)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            print(f"interrupted after {len(results)} of {len(jobs)}", file=sys.stderr)
    print(marks.table(results))
    print(f"Written to {arguments.grades}: grades.csv, one CSV for each assignment, feedback/")
    print(f"Marks by hand: fill in {arguments.grades / marks.BY_HAND} and run again.")


if __name__ == "__main__":
    main()
