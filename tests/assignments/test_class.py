"""Grading a class: no submission ends it, nothing is graded twice, and nothing is passed over."""

import csv
import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace

import nbformat
import psutil
import pytest
import small
import walls

from assignments import course, grade, kept, marks, one, release, sandbox, versions
from assignments.results import BY_HAND, NOT_GRADED, TIMED_OUT, Question, Result

WORRY = "!" * 9  # at the beginning of a warning
POINTS = {"half-test": 1.0, "twice-test": 2.0, "square-test": 3.0, "why": None}
MOST = POINTS | {"why": 4.0}


def result(student="someone", points=POINTS, state=BY_HAND):
    """What grading returns."""
    questions = {
        name: Question(MOST[name], p, "" if p is not None else state) for name, p in points.items()
    }
    return Result(student, small.NAME, questions)


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def worth_more():
    made = result(points=POINTS | {"half-test": 7.0})
    made.questions["half-test"].most = 7.0
    return made


class Class:
    """A folder of submissions, and grading that does what a test wants.

    `grading` has functions by student; those of others just return a result. `calls` are the
    student and the options of all calls, in order.
    """

    def __init__(self, folder, source, monkeypatch):
        self.submissions, self.grades = folder / "in", folder / "out"
        self.submissions.mkdir()
        self.complete = small.complete(source)
        self.settings, self.grading, self.calls, self.jobs = small.SETTINGS, {}, [], 2
        monkeypatch.setattr(course, "SOURCE", source)
        monkeypatch.setattr(course, "names", lambda: [small.NAME])
        monkeypatch.setattr(course, "read", lambda: self.settings)
        monkeypatch.setattr(one, "grade", self.grade)
        monkeypatch.setattr(sandbox, "check", lambda: None)

    def grade(self, student, assignment, path, settings, **options):
        self.calls.append((student, options))
        return self.grading.get(student, lambda **options: result(student))(**options)

    def hand_in(self, *students, text=None):
        for student in students:
            path = self.submissions / student / f"{small.NAME}.ipynb"
            path.parent.mkdir(exist_ok=True)
            self.complete.metadata["text"] = student if text is None else text
            nbformat.write(self.complete, path)

    def run(self, *options):
        """Grade; return the exit status."""
        places = [str(self.submissions), str(self.grades), "--jobs", str(self.jobs)]
        return grade.main([*places, *options])

    def again(self, *options):
        """Grade once more; return for whom grading was called."""
        self.calls.clear()
        assert self.run(*options) == 0
        return sorted(student for student, _ in self.calls)

    def rows(self, name="grades.csv"):
        return {row["student"]: row for row in rows(self.grades / name)}


@pytest.fixture
def the_class(tmp_path, source, monkeypatch):
    return Class(tmp_path, source, monkeypatch)


def raising(error):
    def fails(**options):
        raise error

    return fails


def returning(value):
    return lambda **options: value


FAILURES = {
    "raises": (raising(ValueError("a\nreason")), "ValueError: a reason"),
    "exits": (raising(SystemExit(3)), "SystemExit: 3"),
    "interrupts": (raising(KeyboardInterrupt()), "KeyboardInterrupt"),
    "recursion": (raising(RecursionError("deep")), "RecursionError: deep"),
    "nothing": (returning(None), "no sensible result"),
    "something else": (returning({"score": 100}), "no sensible result"),
    "no questions": (returning(result(points={})), "no sensible result"),
    "too many points": (
        returning(result(points=POINTS | {"half-test": 7.0})),
        "no sensible result",
    ),
    "other points to earn": (returning(worth_more()), "no sensible result"),
    "no number": (returning(result(points=POINTS | {"why": float("nan")})), "no sensible result"),
    "a text": (returning(result(points=POINTS | {"why": "4"})), "no sensible result"),
    "odd remarks": (returning(replace(result(), remarks=[3])), "no sensible result"),
    "odd end": (returning(replace(result(), ended=None)), "no sensible result"),
    "no remarks": (returning(replace(result(), remarks=None)), "no sensible result"),
}


@pytest.mark.parametrize(("fails", "why"), FAILURES.values(), ids=FAILURES)
def test_a_failure_of_the_grader_is_for_a_person_and_costs_nobody_anything(
    the_class, capsys, fails, why
):
    the_class.hand_in("ann", "bob", "eve")
    the_class.grading["bob"] = fails
    assert the_class.run() == 0
    found = the_class.rows()
    for student in ("ann", "eve"):
        assert (found[student]["score"], found[student]["pending"]) == ("6", "4")
        assert found[student]["remarks"] == ""
    assert (found["bob"]["score"], found["bob"]["pending"]) == ("0", "10")
    assert found["bob"]["remarks"].startswith("not graded, since the grader failed (")
    assert why in found["bob"]["remarks"]
    asked = [row for row in rows(the_class.grades / "marks.csv") if row["student"] == "bob"]
    assert [row["id"] for row in asked] == list(POINTS)
    assert {row["answer"] for row in asked} == {f"({NOT_GRADED})"}
    # It may have been the machine: next time it is tried again, and only this one.
    del the_class.grading["bob"]
    assert the_class.again() == ["bob"]
    assert the_class.rows()["bob"]["score"] == "6"


def test_a_student_without_a_file_has_a_row_and_other_files_are_listed(the_class, capsys):
    the_class.hand_in("ann")
    (the_class.submissions / "bob").mkdir()
    (the_class.submissions / "bob" / "notes.txt").touch()
    assert the_class.run() == 0
    found = the_class.rows()
    assert (found["bob"]["score"], found["bob"]["max_score"]) == ("", "10")
    assert found["bob"]["remarks"] == "nothing was handed in"
    assert found["ann"]["file"] == "ann/small.ipynb"
    seconds = (the_class.submissions / found["ann"]["file"]).stat().st_mtime
    told = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    assert found["ann"]["time"].startswith(told)
    assert the_class.rows("not-used.csv")["bob"]["file"] == "bob/notes.txt"
    assert "bob/notes.txt: not a notebook" in capsys.readouterr().out
    assert the_class.rows("small.csv")["bob"]["score"] == ""


def test_what_is_not_out_is_graded_if_it_was_handed_in_and_this_is_said(the_class, capsys):
    the_class.settings = replace(small.SETTINGS, handed_out=())
    the_class.hand_in("ann")
    assert the_class.run() == 0
    assert the_class.rows()["ann"]["score"] == "6"
    assert "handed_out in course.toml does not list it: small" in capsys.readouterr().out
    assert "small" not in the_class.rows()["ann"]["remarks"]


def test_what_timed_out_is_graded_again_alone_and_that_counts(the_class):
    running, seen = set(), []
    lock = threading.Lock()

    def watched(student):
        def works(alone, **options):
            with lock:
                running.add(student)
                if alone:
                    seen.append((student, set(running)))
            time.sleep(0.01)
            with lock:
                running.discard(student)
            late = student == "eve" or not alone
            return result(student, POINTS | {"half-test": None if late else 1.0}, TIMED_OUT)

        return works

    the_class.hand_in(*(students := ["ann", "bob", "eve", "joe", "kim"]))
    for student in ("ann", "eve"):
        the_class.grading[student] = watched(student)
    assert the_class.run() == 0
    assert sorted(student for student, _ in seen) == ["ann", "eve"]
    assert all(others == {student} for student, others in seen)
    options = [dict(options)["alone"] for _, options in the_class.calls]
    assert options == [False] * len(students) + [True] * 2
    found = the_class.rows()
    assert (found["ann"]["score"], found["ann"]["pending"]) == ("6", "4")
    assert (found["eve"]["score"], found["eve"]["pending"]) == ("5", "5")
    assert the_class.again() == []


def test_whose_process_ended_is_graded_again_alone_and_that_counts(the_class):
    ended, kept_then = replace(result(points=POINTS | {"half-test": 0.0}), ended=True), []

    def grading(alone, **options):
        kept_then.append(len(list((the_class.grades / kept.FOLDER).glob("*.json"))))
        return result("ann") if alone else ended

    the_class.jobs = 1
    the_class.hand_in("ann", "bob")
    the_class.grading["ann"] = grading
    assert the_class.run() == 0
    assert kept_then == [0, 1]  # that of bob; what ended is kept only after it was tried alone
    assert the_class.rows()["ann"]["score"] == "6"
    assert the_class.again() == []
    the_class.hand_in("eve")
    the_class.grading["eve"] = returning(ended)
    assert the_class.again() == ["eve", "eve"]
    assert the_class.rows()["eve"]["score"] == "5"
    assert the_class.again() == []


def test_only_what_has_changed_is_graded_again(the_class):
    the_class.hand_in("ann", "bob")
    assert the_class.run() == 0
    assert the_class.again() == []
    assert the_class.rows()["ann"]["score"] == "6"
    the_class.hand_in("bob", text="other")
    assert the_class.again() == ["bob"]
    assert the_class.again("--again") == ["ann", "bob"]
    assert the_class.again("--unsafe") == ["ann", "bob"]
    the_class.settings = replace(small.SETTINGS, cell_cpu_seconds=3)
    assert the_class.again() == ["ann", "bob"]
    the_class.settings = replace(small.SETTINGS, seed="another")
    assert the_class.again() == ["ann", "bob"]
    the_class.settings = replace(small.SETTINGS, handed_out=())
    assert the_class.again() == []


def test_other_code_of_the_grader_grades_again(the_class, monkeypatch):
    the_class.hand_in("ann")
    assert the_class.run() == 0
    monkeypatch.setattr(versions, "digest", lambda *folders: "new")
    assert the_class.again() == ["ann"]


def test_the_version_of_the_code_changes_with_any_file(tmp_path):
    digest = versions.digest.__wrapped__  # which does not remember
    found = [digest(tmp_path)]
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b.py", "2")):
        (tmp_path / name).write_text(text)
        found.append(digest(tmp_path))
    assert len(set(found)) == 4


def test_the_version_of_the_code_changes_with_what_runs_it(tmp_path, monkeypatch):
    digest, found = versions.digest.__wrapped__, set()
    for python, numpy in (("3.11.7", "2.1"), ("3.12.1", "2.1"), ("3.12.1", "2.2")):
        monkeypatch.setattr(versions, "python_version", lambda python=python: python)
        monkeypatch.setattr(versions, "version", lambda name, numpy=numpy: f"{name} {numpy}")
        found.add(digest(tmp_path))
    assert len(found) == 3


DAMAGES = {
    "empty": lambda data: "",
    "half": lambda data: json.dumps(data)[:100],
    "a list": lambda data: "[]",
    "of another file": lambda data: json.dumps(data | {"key": "other"}),
    "no result": lambda data: json.dumps(data | {"result": None}),
    "too many points": lambda data: json.dumps(data).replace('"points": 1.0', '"points": 9'),
    "no points": lambda data: json.dumps(data).replace('"points": 1.0', '"points": "x"'),
    "other questions": lambda data: json.dumps(data).replace("half-test", "half"),
    "unknown fields": lambda data: json.dumps(data).replace('"most"', '"least"'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_result_is_graded_again(the_class, damage):
    the_class.hand_in("ann", "bob")
    assert the_class.run() == 0
    (path, *_) = (the_class.grades / kept.FOLDER).iterdir()
    path.write_text(damage(json.loads(path.read_text("utf-8"))), encoding="utf-8")
    assert len(the_class.again()) == 1
    assert the_class.rows()["ann"]["score"] == "6"


def test_two_students_with_the_same_file_have_results_of_their_own(the_class):
    the_class.hand_in("ann", text="the same")
    assert the_class.run() == 0
    the_class.hand_in("bob", text="the same")
    assert the_class.again() == []
    assert the_class.rows()["bob"]["score"] == "6"
    assert (the_class.grades / "feedback" / "bob" / "small.html").is_file()


def test_entering_marks_grades_nothing(the_class):
    the_class.hand_in("ann", "bob")
    assert the_class.run() == 0
    path = the_class.grades / "marks.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("ann,small,why,why,4,,", "ann,small,why,why,4,2.5,well"), "utf-8")
    assert the_class.again() == []
    found = the_class.rows()
    assert (found["ann"]["score"], found["ann"]["pending"]) == ("8.5", "0")
    assert found["bob"]["score"] == "6"
    page = (the_class.grades / "feedback" / "ann" / "small.html").read_text(encoding="utf-8")
    assert "well" in page
    # What is kept is what grading found, so a mark that is taken back is no points any more.
    path.write_text(text, encoding="utf-8")
    assert the_class.again() == []
    assert the_class.rows()["ann"]["score"] == "6"


def test_marks_of_a_file_that_is_gone_are_told(the_class, capsys):
    the_class.hand_in("ann", "bob")
    assert the_class.run() == 0
    path = the_class.grades / "marks.csv"
    text = path.read_text(encoding="utf-8-sig").replace("why,4,,", "why,4,2,")
    path.write_text(text, encoding="utf-8")
    (the_class.submissions / "ann" / "small.ipynb").unlink()
    assert the_class.run() == 0
    remark = the_class.rows()["ann"]["remarks"]
    assert remark == "nothing was handed in, but marks.csv has marks for it"
    assert "for nothing here: ann, small, why" in capsys.readouterr().out
    assert marks.read(the_class.grades)[0]["ann", "small", "why"].mark == 2


@pytest.mark.usefixtures("keyboard")
def test_an_interruption_leaves_what_was_graded_and_goes_on_there(the_class, capsys):
    released = threading.Event()

    def interrupts(**options):
        while not list((the_class.grades / kept.FOLDER).glob("*.json")):
            time.sleep(0.01)  # until the first result is there
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        released.wait()
        return result("bob")

    the_class.hand_in("ann", "bob", "eve")
    the_class.grading["bob"], the_class.jobs = interrupts, 1
    try:
        assert the_class.run() == grade.INTERRUPTED
    finally:
        released.set()
    assert "Interrupted after 1 of 3" in capsys.readouterr().out
    found = the_class.rows()
    assert (found["ann"]["score"], found["bob"]["score"]) == ("6", "")
    assert found["eve"]["remarks"] == "not graded yet: grading was interrupted"
    del the_class.grading["bob"]
    assert the_class.again() == ["bob", "eve"]
    assert the_class.rows()["eve"]["score"] == "6"


def test_without_a_sandbox_nothing_runs_and_the_remedy_is_shown(the_class, monkeypatch, capsys):
    def missing():
        raise sandbox.MissingSandboxError("install bubblewrap")

    monkeypatch.setattr(sandbox, "check", missing)
    the_class.hand_in("ann")
    assert the_class.run() == 2
    assert capsys.readouterr().err.endswith("install bubblewrap\n")
    assert not the_class.calls
    assert the_class.again("--unsafe") == ["ann"]
    assert the_class.calls[0][1]["unsafe"] is True


def test_with_a_sandbox_it_is_used(the_class):
    the_class.hand_in("ann")
    assert the_class.run() == 0
    assert the_class.calls[0][1]["unsafe"] is False


def test_mistakes_are_told_before_anything_is_graded(the_class, capsys):
    assert the_class.run() == 2
    assert "no submission in" in capsys.readouterr().err
    the_class.submissions.rmdir()
    assert the_class.run() == 2
    assert "there is no folder" in capsys.readouterr().err
    the_class.submissions.mkdir()
    the_class.hand_in("ann")
    the_class.grades.mkdir()
    (the_class.grades / "marks.csv").write_text("student,mark\nann,3", encoding="utf-8")
    assert the_class.run() == 2
    assert "marks.csv, line 1" in capsys.readouterr().err
    the_class.grades = the_class.submissions / "grades"
    assert the_class.run() == 2
    assert "it would be taken for a student's" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        the_class.run("--jobs", "0")
    assert not the_class.calls


def test_the_seed_that_everybody_knows_warns(the_class, capsys):
    the_class.hand_in("ann")
    assert the_class.run() == 0
    assert WORRY not in capsys.readouterr().err
    the_class.settings = replace(small.SETTINGS, seed=course.PUBLISHED_SEED)
    assert the_class.run() == 0
    assert capsys.readouterr().err.startswith(WORRY)


@pytest.mark.endurance
def test_a_class_is_graded(the_class, source, blank, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(course, "SOURCE", source)
    monkeypatch.setattr(course, "names", lambda: [small.NAME])
    monkeypatch.setattr(course, "read", lambda: small.SETTINGS)
    the_class.hand_in("ann")
    release.put(blank, the_class.submissions / "bob" / "small.ipynb")
    assert the_class.run(*(["--unsafe"] if walls.unsafe() else [])) == 0
    found = the_class.rows()
    assert (found["ann"]["score"], found["ann"]["pending"]) == ("6", "4")
    assert (found["bob"]["score"], found["bob"]["pending"]) == ("0", "0")
    (asked,) = rows(the_class.grades / "marks.csv")
    assert (asked["student"], asked["answer"]) == ("ann", small.MODEL)


def lines(process):
    """The command lines of what a process has started."""
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            yield " ".join(child.cmdline())


def ended(process):
    """Whether a process has ended, also if nobody has asked yet how."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.endurance
@pytest.mark.usefixtures("keyboard")
@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C")
def test_an_interruption_ends_all_that_runs(tmp_path):
    name = course.names()[0]
    notebook = release.student_version(release.instructor_version(name, course.read().seed))
    answer = next(cell for cell in notebook.cells if cell.metadata.nbgrader.solution)
    answer.source = "import time\ntime.sleep(10_000)"
    release.put(notebook, tmp_path / "in" / "ann" / f"{name}.ipynb")
    command = [sys.executable, "-m", "assignments.grade", tmp_path / "in", tmp_path / "out"]
    command += ["--unsafe"] if walls.unsafe() else []
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        # Until the student's code runs: as the last word its process is told on which side it is.
        while not any(line.endswith((" inside", " outside")) for line in lines(process)):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.1)
        below = process.children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=600)
        assert process.returncode == grade.INTERRUPTED
        while not all(map(ended, below)):
            time.sleep(0.1)
    finally:
        if process.poll() is None:
            process.kill()
    assert rows(tmp_path / "out" / "grades.csv")[0]["score"] == ""
