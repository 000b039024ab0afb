"""Grade a class: tables for gradebooks, a page of feedback for each submission, marks by hand.

python -m assignments.grade SUBMISSIONS GRADES [--jobs N] [--again] [--unsafe]

SUBMISSIONS has a folder for each student. Results are kept in GRADES, so running it again grades
only what has changed, and enters the marks that were filled in in GRADES/marks.csv.
"""

import argparse
import hashlib
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
from tqdm import tqdm

from . import (
    collect,
    course,
    feedback,
    kept,
    marks,
    one,
    reading,
    release,
    sandbox,
    sheets,
    tables,
)
from .results import NOT_GRADED, TIMED_OUT, Result
from .titles import titles

INTERRUPTED = 130  # as shells say that a command was interrupted
LONGEST_REASON = 300


class StopGradingError(Exception):
    """Nothing can be graded; the message says why, and what to do."""


@dataclass
class Assignment:
    """An assignment of the course, made ready once for all its submissions.

    Parameters
    ----------
    original : NotebookNode
        With the numbers of the course, solutions and hidden tests.
    questions : dict of str to Question
        By id, without any points yet.
    """

    original: object
    questions: dict = field(init=False)

    def __post_init__(self):
        self.questions = one.questions(self.original, titles(self.original))

    @property
    def most(self):
        """Points that can be earned."""
        return sum(question.most for question in self.questions.values())

    @property
    def titles(self):
        """What its questions are called, by id."""
        return {name: question.title for name, question in self.questions.items()}

    def failed(self, student, name, why):
        """Return the result of a submission on which the grader has failed: a person decides."""
        questions = {key: replace(question) for key, question in self.questions.items()}
        # Not for the student: what made the grader fail may show how it works.
        note = f"not graded, since the grader failed ({why}): a person decides"
        return Result(student, name, questions, notes=[note])


@dataclass
class Grading:
    """How a class is graded.

    Parameters
    ----------
    folder : Path
        Where results are kept.
    settings : Course
    assignments : dict of str to Assignment
    unsafe, again : bool
        Without a sandbox; without what was kept.
    """

    folder: Path
    settings: course.Course
    assignments: dict
    unsafe: bool = False
    again: bool = False

    def one(self, found, alone=False):
        """Return the result of one submission, whatever happens."""
        assignment = self.assignments[found.assignment]
        who = found.student, found.assignment
        options = {"source": course.SOURCE, "unsafe": self.unsafe, "alone": alone}
        try:
            result = one.grade(*who, found.path, self.settings, **options)
            if not kept.sound(result, assignment.questions):
                return assignment.failed(*who, "it came to no sensible result")
        except sandbox.MissingSandboxError:
            raise
        except BaseException as error:  # even an exit: it must not end the others
            tqdm.write("".join(traceback.format_exception(error)), file=sys.stderr)
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return assignment.failed(*who, reason[:LONGEST_REASON])
        return replace(result, student=found.student, assignment=found.assignment)

    def several(self, some, jobs, what, alone=False):
        """Grade some submissions, and yield each with its result when it is ready."""
        pool = ThreadPoolExecutor(jobs)
        try:
            waiting = {pool.submit(self.one, found, alone): found for found in some}
            for job in tqdm(as_completed(waiting), what, len(waiting), leave=False):
                yield waiting[job], job.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def key(self, found, content):
        """Return the name under which a result is kept; nothing, if the file cannot be read."""
        original = self.assignments[found.assignment].original
        return content and kept.key(content, original, self.settings, self.unsafe)

    def load(self, found, key):
        """Return the result that is kept of a submission, or None."""
        if self.again or not key:
            return None
        result = kept.load(self.folder, key, self.assignments[found.assignment].questions)
        return result and replace(result, student=found.student, assignment=found.assignment)

    def all(self, submissions, contents, jobs):
        """Grade a class.

        Parameters
        ----------
        submissions : list of Found
        contents : dict of (str, str) to str
            By student and assignment, from `content`.
        jobs : int
            How many are graded at the same time. One that runs out of time, or whose process ends,
            is graded again later, alone, and that result counts.

        Returns
        -------
        dict of (str, str) to Result
            By student and assignment.
        bool
            Whether it was interrupted. Then some results are missing.
        """
        results, keys, todo, late = {}, {}, [], []
        for found in submissions:
            who = found.student, found.assignment
            keys[who] = self.key(found, contents[who])
            if result := self.load(found, keys[who]):
                results[who] = result
            else:
                todo.append(found)
        if todo and not self.unsafe:
            sandbox.check()

        def done(found, result):
            who = found.student, found.assignment
            results[who] = result
            if keys[who] and not in_state(result, NOT_GRADED):
                kept.save(self.folder, keys[who], result)

        try:
            for found, result in self.several(todo, jobs, "graded"):
                # The machine may be to blame, which others have kept busy, or whose memory.
                if result.ended or in_state(result, TIMED_OUT):
                    late.append(found)
                else:
                    done(found, result)
            # Nothing runs beside these: what fails now has failed.
            for found, result in self.several(late, 1, "once more, alone", alone=True):
                done(found, result)
        except KeyboardInterrupt:
            return results, True
        return results, False


def content(path):
    """Return a digest of a file; nothing, if it cannot be read, or is far too large."""
    try:
        return hashlib.sha256(reading.content(path)).hexdigest()
    except (OSError, ValueError):
        return ""


def in_state(result, state):
    """Whether a question of a result is in this state."""
    return any(question.state == state for question in result.questions.values())


def prepared(submissions, settings):
    """Return what is in a folder of submissions, and the assignments to grade."""
    if not submissions.is_dir():
        raise StopGradingError(f"there is no folder {submissions}")
    collection = collect.collect(submissions, course.names())
    if not collection.students:
        raise StopGradingError(
            f"no submission in {submissions}: expected a folder for each student, with notebooks "
            f"such as {course.names()[0]}.ipynb in it"
        )
    wanted = {*settings.handed_out, *(found.assignment for found in collection.submissions)}
    return collection, {
        name: Assignment(release.instructor_version(name, settings.seed, course.SOURCE))
        for name in course.names()
        if name in wanted
    }


def rows(collection, assignments, results, detached, interrupted):
    """Return a `tables.Row` for each student and assignment."""
    found = {(one.student, one.assignment): one for one in collection.submissions}
    marked = {who[:2] for who in detached}
    made = []
    for name, assignment in assignments.items():
        for student in collection.students:
            who = student, name
            row = tables.Row(student, name, assignment.most, results.get(who))
            if who in found:
                row.file, row.time = found[who].shown, found[who].time
                row.absent = "not graded yet: grading was interrupted" if interrupted else ""
            elif who in marked:
                row.absent = f"{tables.NOTHING}, but {marks.FILE} has marks for it"
            made.append(row)
    return made


def report(folder, made, unused, detached, paths):
    """Say what came of it."""
    print(tables.text(made))
    print(f"\nIn {folder}: {tables.GRADES}, a table for each assignment, and {feedback.FOLDER}/")
    pending = sum(row.result.pending > 0 for row in made if row.result)
    if pending:
        print(f"{pending} wait for a person: fill in {folder / marks.FILE}, and run this again.")
    if unused:
        print(f"Not used were {len(unused)} files; {tables.UNUSED} has all, and says why:")
        for _, shown, why in unused[:10]:
            print(f"  {shown}: {why}")
    for student, assignment, name in detached:
        print(f"A mark in {marks.FILE} is for nothing here: {student}, {assignment}, {name}")
    for path in paths:
        if path.stem.endswith(sheets.ELSEWHERE):
            name = f"{path.stem.removesuffix(sheets.ELSEWHERE)}{path.suffix}"
            print(f"{name} is open in another program and was left alone: {path.name} has what is")
            print(f"  new. Close {name} there, and run this again.")


def grade_class(submissions, grades, settings, jobs=1, unsafe=False, again=False):
    """Grade a folder of submissions, and write and print what came of it.

    Parameters
    ----------
    submissions, grades : Path
        The folder of all submissions, and that of the results.
    settings : Course
    jobs : int, optional
        How many submissions are graded at the same time.
    unsafe : bool, optional
        Without a sandbox.
    again : bool, optional
        Also what has not changed.

    Returns
    -------
    int
        0, or `INTERRUPTED`.

    Raises
    ------
    StopGradingError, ValueError, OSError, sandbox.MissingSandboxError
        With a message for whoever grades.
    """
    if grades.resolve().is_relative_to(submissions.resolve()):
        raise StopGradingError(f"{grades} is in {submissions}: it would be taken for a student's")
    marks.read(grades)  # a mistake in there should show now, not after the work
    collection, assignments = prepared(submissions, settings)
    contents = {(f.student, f.assignment): content(f.path) for f in collection.submissions}
    grading = Grading(grades, settings, assignments, unsafe, again)
    results, interrupted = grading.all(collection.submissions, contents, jobs)
    for found in collection.submissions:
        if result := results.get((found.student, found.assignment)):
            result.remarks = [*found.remarks, *result.remarks]
    entered = marks.enter(grades, list(results.values()), contents)
    detached = [] if interrupted else entered.detached
    made = rows(collection, assignments, results, detached, interrupted)
    called = {name: assignment.titles for name, assignment in assignments.items()}
    paths = [entered.path, *tables.write(grades, made, collection.unused, called)]
    for who, result in results.items():
        said = {name: entered.comments.get((*who, name), "") for name in result.questions}
        paths.append(feedback.write(grades, result, said))
    report(grades, made, collection.unused, detached, paths)
    if others := ", ".join(name for name in assignments if name not in settings.handed_out):
        print(f"Graded, though handed_out in course.toml does not list it: {others}")
    if interrupted:
        print(f"Interrupted after {len(results)} of {len(collection.submissions)} submissions.")
        print("The same command goes on from there.")
    return INTERRUPTED if interrupted else 0


def main(arguments=None):
    """Grade the folder that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("submissions", type=Path, help="has a folder for each student")
    parser.add_argument("grades", type=Path, help="gets the results")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="how many are graded at a time"
    )
    parser.add_argument("--again", action="store_true", help="grade also what has not changed")
    parser.add_argument(
        "--unsafe", action="store_true", help="run students' code with your rights, no sandbox"
    )
    given = parser.parse_args(arguments)
    if given.jobs < 1:
        parser.error("--jobs must be 1 or more")
    try:
        settings = course.read()
        course.warn(settings)
        return grade_class(
            given.submissions, given.grades, settings, given.jobs, given.unsafe, given.again
        )
    except (StopGradingError, ValueError, OSError, sandbox.MissingSandboxError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted: the same command goes on with what is kept.", file=sys.stderr)
        return INTERRUPTED


def leave(status):
    """Leave at once: threads that wait for submissions would be waited for."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    collect.clean()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
