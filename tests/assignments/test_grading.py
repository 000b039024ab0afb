"""Grading one submission: it gets what it has earned, whatever else is in it."""

import secrets
import time
from dataclasses import replace

import nbformat
import psutil
import pytest
import small
import walls
from nbformat.v4 import new_code_cell

from assignments import one, plain, release, sandbox, student
from assignments.kernel import Kernel
from assignments.merge import grade_id
from assignments.results import BY_HAND, TIMED_OUT

FULL = {"half-test": 1, "twice-test": 2, "square-test": 3, "why": None}
NONE = dict.fromkeys(FULL, 0)


@pytest.fixture
def graded(source, tmp_path):
    """Grade a notebook, or a text in its place, and return the result."""

    def grading(submission, settings=small.SETTINGS, source=source, **options):
        path = tmp_path / "small.ipynb"
        if isinstance(submission, str):
            path.write_text(submission, encoding="utf-8")
        else:
            nbformat.write(submission, path)
        unsafe = walls.unsafe()
        return one.grade("someone", small.NAME, path, settings, source, unsafe, **options)

    return grading


@pytest.fixture
def graded_together(graded, tmp_path):
    """Grade a submission that has an answer more for each of several cases.

    Returns what became of them by case, and the result of all without them.
    """

    def grading(cases, name, hidden):
        more = small.write(tmp_path / "more", small.repeated(len(cases), name, hidden))
        submission = small.complete(more)
        for number, text in enumerate(cases.values()):
            answer(submission, f"{name}_{number}", small.renamed(text, name, number))
        result = graded(submission, source=more)
        ids = {case: f"{name}_{number}-test" for number, case in enumerate(cases)}
        return {case: result.questions.pop(ids[case]) for case in cases}, result

    return grading


@pytest.fixture
def complete(source):
    return small.complete(source)


def points(result):
    return {name: question.points for name, question in result.questions.items()}


def answer(submission, name, text):
    """Put an answer into a submission."""
    submission.cells[small.place(submission, name)].source = text
    return submission


def test_the_reference_has_full_marks_and_waits_for_those_by_hand(graded, complete):
    result = graded(complete)
    assert points(result) == FULL
    assert (result.earned, result.pending, result.most) == (6, 4, 10)
    assert result.questions["why"].state == BY_HAND
    assert result.questions["why"].answer == small.MODEL
    assert not result.remarks
    assert not result.ended


def test_what_was_handed_out_earns_nothing(graded, blank):
    result = graded(blank)
    assert points(result) == NONE
    assert result.pending == 0


ENDLESS = "while True:\n    pass"
STUBBORN = """\
def stay():
    for _ in iter(int, 1):
        try:
            for _ in iter(int, 1):
                pass
        except BaseException:
            pass
    stay()

stay()
"""
SLOW = {
    "endless loop": ENDLESS,
    "sleeps": "import time\ntime.sleep(10_000)",
    "ignores an interrupt": STUBBORN,
    "writes without end": "while True:\n    print('x' * 10_000)",
    "computes in another process": "import os\nif os.fork() == 0:\n    while True: pass\nos.wait()",
}
FAULTY = {
    "exception": "raise RuntimeError('no')",
    "syntax error": "def (:",
    "empty": "",
    "wrong name": "halv = 1",
    "not a number": "half = 'x'",
    "asserts itself": "assert False, 'mine'",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "exits": "import os\nos._exit(0)",
    "segmentation fault": "import ctypes\nctypes.string_at(0)",
    "takes all memory": "half = bytearray(100 * 2**30)",
    "reads from the keyboard": "input()",
    "an object": "half = object()",
    "a class": "half = int",
}


def test_a_faulty_answer_costs_its_own_points_only(graded_together):
    found, result = graded_together(FAULTY, "half", small.HALF)
    assert [case for case in FAULTY if found[case].points != 0 or not found[case].feedback] == []
    assert points(result) == FULL


@pytest.mark.endurance
@pytest.mark.parametrize("case", SLOW)
def test_an_answer_without_end_waits_for_a_person_and_costs_nothing_else(graded, complete, case):
    settings = small.IDLE if case == "sleeps" else small.SHORT
    result = graded(answer(complete, "half", SLOW[case]), settings)
    assert points(result) == FULL | {"half-test": None}
    assert result.questions["half-test"].state == TIMED_OUT
    assert any("ran out of time" in remark for remark in result.remarks)


@pytest.mark.endurance
@pytest.mark.parametrize("text", [ENDLESS, STUBBORN], ids=["endless", "stubborn"])
def test_a_function_without_end_waits_for_a_person_and_costs_nothing_else(graded, complete, text):
    body = "\n".join(f"    {line}" for line in text.splitlines())
    result = graded(answer(complete, "twice", f"def twice(a):\n{body}"), small.SHORT)
    assert points(result) == FULL | {"twice-test": None}
    assert result.questions["twice-test"].state == TIMED_OUT


def test_a_pool_of_processes_is_not_larger_on_a_larger_machine(graded, complete):
    pool = f"""\
import multiprocessing
with multiprocessing.Pool() as pool:
    half = sum(pool.map(abs, [x, -x])) / 4
half /= pool._processes == {student.CORES}
"""
    assert points(graded(answer(complete, "half", pool))) == FULL


def test_a_function_that_ends_the_process_costs_its_own_points_only(graded, complete):
    result = graded(answer(complete, "twice", "def twice(a):\n    import os; os._exit(0)"))
    assert result.ended
    assert points(result) == FULL | {"twice-test": 0}
    assert any(remark.startswith("Question") or "twice" in remark for remark in result.remarks)


@pytest.mark.endurance
def test_twice_the_time_for_one_that_runs_alone(graded, complete):
    # Counts down in CPU time of its own, so it needs that much on any machine.
    text = """\
import time
start = time.process_time()
while time.process_time() - start < 6:
    pass
half = x / 2
"""
    settings = replace(small.SETTINGS, cell_cpu_seconds=4)
    assert graded(answer(complete, "half", text), settings).questions["half-test"].points is None
    assert points(graded(complete, settings, alone=True)) == FULL


@pytest.mark.endurance
def test_a_submission_has_an_end_too_and_keeps_what_it_had_earned(graded, complete):
    for _ in range(6):
        complete.cells.insert(small.place(complete, "twice"), new_code_cell(ENDLESS))
    settings = replace(small.SETTINGS, cell_cpu_seconds=6, submission_cpu_seconds=16)
    result = graded(complete, settings)
    assert points(result) == FULL | {"twice-test": None, "square-test": None}


@pytest.fixture
def soft_limit():
    """As in a worker: this process may compute for an hour, and can have the limit lifted."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (3600 + int(time.process_time()), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CPU, before)


@pytest.mark.usefixtures("soft_limit")
def test_the_limit_on_the_process_that_judges_is_none_on_the_student_s():
    look = "import resource\nsoft, hard = resource.getrlimit(resource.RLIMIT_CPU)"
    with Kernel(4, 15, walls.unsafe()) as kernel:
        kernel.run(look, 100)
        found = {name: plain.decode(kernel.values([name], 100)[name]) for name in ("soft", "hard")}
    assert found["soft"] == found["hard"]


def test_no_process_is_left(graded, complete):
    seconds = str(10**9 + secrets.randbelow(10**9))  # by which we know it
    stay = f"import subprocess\nsubprocess.Popen(['sleep', '{seconds}'], start_new_session=True)"
    assert points(graded(answer(complete, "half", f"{stay}\nhalf = x / 2"))) == FULL
    left = [p for p in psutil.process_iter(["cmdline"]) if seconds in (p.info["cmdline"] or ())]
    assert not left


EXITS = [
    "exit()",
    "quit()",
    "exit",
    "import sys; sys.exit()",
    "import sys\nsys.exit('done')",
    "raise SystemExit",
    "raise SystemExit(3)",
    "get_ipython().ask_exit()",
]


def test_a_stray_exit_costs_nothing(graded_together):
    """At the end of an answer, and alone."""
    cases = {f"after {text}": f"half = x / 2\n{text}" for text in EXITS}
    for text in EXITS:
        cases |= {f"only {text}": text, f"behind {text}": "half = x / 2"}
    found, result = graded_together(cases, "half", small.HALF)
    earned = {case for case in cases if found[case].points == 1}
    assert earned == {case for case in cases if not case.startswith("only")}
    assert points(result) == FULL
    assert not result.ended
    assert not result.remarks


def test_a_stray_exit_in_a_cell_that_a_student_added_costs_nothing(graded, complete):
    for text in EXITS:
        complete.cells.insert(small.place(complete, "twice"), new_code_cell(text))
    result = graded(complete)
    assert points(result) == FULL
    assert not result.ended


def test_an_unanswered_part_costs_only_itself(graded, complete):
    answer(complete, "square", "raise NotImplementedError()")
    result = graded(complete)
    assert points(result) == FULL | {"square-test": 0}
    assert result.questions["square-test"].feedback.startswith("There is no answer yet")


def test_deleted_tests_are_put_back(graded, complete):
    del complete.cells[small.place(complete, "half-test")]
    answer(complete, "half", "half = -1")
    assert points(graded(complete)) == FULL | {"half-test": 0}


def test_edited_tests_are_replaced(graded, complete):
    answer(answer(complete, "half-test", "assert True"), "half", "half = -1")
    result = graded(complete)
    assert points(result) == FULL | {"half-test": 0}
    assert any("edited" in remark for remark in result.remarks)


def test_points_cannot_be_written_into_the_notebook(graded, blank):
    for cell in blank.cells:
        if "nbgrader" in cell.metadata and "points" in cell.metadata.nbgrader:
            cell.metadata.nbgrader.points = 1000
    result = graded(blank)
    assert (result.earned, result.most) == (0, 10)


def test_a_deleted_answer_earns_nothing(graded, complete):
    for name in ("half", "why"):
        del complete.cells[small.place(complete, name)]
    assert points(graded(complete)) == FULL | {"half-test": 0, "why": 0}


def test_cells_that_a_student_added_count(graded, complete):
    place = small.place(complete, "twice")
    complete.cells.insert(place, new_code_cell("def helper(a):\n    return a + a"))
    answer(complete, "twice", "def twice(a):\n    return helper(a)")
    assert points(graded(complete)) == FULL


MAGIC = {
    "figures": "%matplotlib inline\nhalf = x / 2",
    "time of a line": "%time half = x / 2",
    "shell": "!ls\nhalf = x / 2",
    "time of a cell": "%%time\nhalf = x / 2",
    "await": "await __import__('asyncio').sleep(0)\nhalf = x / 2",
}


def test_numbers_of_another_course_do_not_count(graded, source):
    other = release.instructor_version(small.NAME, "another seed", source)
    notebook = small.answered(other)
    assert points(graded(notebook)) == FULL  # the code is right for all numbers
    answers = {}
    exec(other.cells[2].source, answers)
    answer(notebook, "half", f"half = {answers['x']} / 2")
    result = graded(notebook)
    assert points(result) == FULL | {"half-test": 0}
    assert result.remarks


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"cells": 3}', "[]", "\x00"])
def test_a_file_that_is_no_notebook_earns_nothing_and_says_so(graded, text):
    result = graded(text)
    assert points(result) == NONE
    assert result.remarks


FORMS = {
    "text": "square = 'a**2'",
    "positive": "square = sp.Symbol('a', positive=True)**2",
    "not simplified": "square = sp.sympify('(a + 1)**2 - 2*a - 1')",
}


@pytest.mark.parametrize(
    ("cases", "name", "hidden"),
    [(MAGIC, "half", small.HALF), (FORMS, "square", small.SQUARE)],
    ids=["cells run as in a notebook", "equivalent forms"],
)
def test_each_right_answer_has_its_point(graded_together, cases, name, hidden):
    found, result = graded_together(cases, name, hidden)
    assert [case for case in cases if found[case].points != 1] == []
    assert points(result) == FULL


def test_feedback_is_an_idea_and_shows_nothing_hidden(graded, complete):
    answer(complete, "half", "half = x")
    answer(complete, "square", "square = 1")
    result = graded(complete)
    assert result.questions["half-test"].feedback == small.IDEA
    text = " ".join(question.feedback for question in result.questions.values())
    for secret in (small.SECRET, "equivalent", "close(", small.MODEL):
        assert secret not in text


def test_feedback_on_a_crash_does_not_repeat_what_the_hidden_test_was_doing(graded, complete):
    result = graded(answer(complete, "twice", "def twice(a):\n    return {1: 2}[a]"))
    assert result.questions["twice-test"].feedback.startswith("KeyError")
    assert "7" not in result.questions["twice-test"].feedback


def test_feedback_on_a_crash_does_not_repeat_what_the_code_was_called_with(graded, complete):
    tells = "def twice(a):\n    raise type(f'Called{a}', (KeyError,), {})"
    result = graded(answer(complete, "twice", tells))
    feedback = result.questions["twice-test"].feedback
    assert feedback == "An error was raised by your code while it was tested."


def test_a_visible_message_is_told(graded, complete):
    result = graded(answer(complete, "half", "half = 0"))
    assert result.questions["half-test"].feedback


def test_without_a_sandbox_nothing_runs(source, complete, tmp_path, monkeypatch):
    def none():
        raise sandbox.MissingSandboxError(sandbox.REMEDY.format(reason="no reason"))

    monkeypatch.setattr(sandbox, "check", none)
    path = tmp_path / "small.ipynb"
    nbformat.write(complete, path)
    with pytest.raises(sandbox.MissingSandboxError, match="--unsafe"):
        one.grade("someone", small.NAME, path, small.SETTINGS, source)


def test_a_sandbox_that_does_not_work_is_told_with_its_reason(monkeypatch, tmp_path):
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\necho setting up uid map: Permission denied >&2\nexit 1\n")
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(sandbox, "_options", sandbox._options.__wrapped__)  # remember nothing of it
    with pytest.raises(sandbox.MissingSandboxError, match="uid map: Permission denied"):
        sandbox.check.__wrapped__()


def test_remarks_name_cells_that_exist(source):
    version = release.instructor_version(small.NAME, "s", source)
    assert all(grade_id(cell) for cell in version.cells)
