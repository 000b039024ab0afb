"""Grading, whatever comes back: each submission gets what it has earned, and stops no other."""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import small
from nbformat.v4 import new_code_cell

from assignments import course, grade, marks, release
from assignments.merge import grade_id

FULL = {"half-test": 1, "twice-test": 2, "square-test": 3, "why": None}
NONE = dict.fromkeys(FULL, 0)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return small.write(tmp_path_factory.mktemp("source"))


@pytest.fixture
def graded(source, tmp_path):
    """Grade a notebook, or a text in its place, and return the result."""

    def grading(submission, settings=small.SETTINGS):
        path = tmp_path / "small.ipynb"
        if isinstance(submission, str):
            path.write_text(submission, encoding="utf-8")
        else:
            nbformat.write(submission, path)
        return grade.grade("someone", small.NAME, path, settings, source)

    return grading


@pytest.fixture
def complete(source):
    return small.complete(source)


def points(result):
    return {name: earned for name, (earned, _) in result.points.items()}


def answer(submission, name, text):
    """Put an answer into a submission."""
    submission.cells[small.place(submission, name)].source = text
    return submission


def test_the_reference_has_full_marks_and_waits_for_those_by_hand(graded, complete):
    result = graded(complete)
    assert points(result) == FULL
    assert (result.earned, result.pending, result.most) == (6, 4, 10)
    assert not result.remarks


def test_what_was_handed_out_earns_nothing(graded, source):
    version = release.instructor_version(small.NAME, small.SETTINGS.seed, source)
    result = graded(release.student_version(version))
    assert points(result) == NONE
    assert result.pending == 0


ENDLESS = "while True:\n    pass"
STUBBORN = """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
SLOW = {
    "endless loop": ENDLESS,
    "sleeps": "import time\ntime.sleep(10_000)",
    "writes without end": "while True:\n    print('x' * 10_000)",
}
FAULTY = {
    "exception": "raise RuntimeError('no')",
    "syntax error": "def (:",
    "empty": "",
    "wrong name": "halv = 1",
    "not a number": "half = 'x'",
    "asserts itself": "assert False, 'mine'",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "kills what runs it": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "exits": "import os\nos._exit(0)",
    "segmentation fault": "import ctypes\nctypes.string_at(0)",
    "takes all memory": "half = bytearray(100 * 2**30)",
    "reads from the keyboard": "input()",
}


@pytest.mark.endurance
@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_a_faulty_answer_costs_its_own_points_only(graded, complete, text):
    result = graded(answer(complete, "half", text))
    assert points(result) == FULL | {"half-test": 0}


@pytest.mark.endurance
@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_an_answer_without_end_costs_its_own_points_only(graded, complete, text):
    result = graded(answer(complete, "half", text), small.SHORT)
    assert points(result) == FULL | {"half-test": 0}


@pytest.mark.endurance
@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (ENDLESS, small.SHORT),
        (STUBBORN, small.SHORT),
        ("import os; os._exit(0)", small.SETTINGS),
    ],
    ids=["endless loop", "loop that ignores an interrupt", "exits"],
)
def test_a_fault_that_shows_only_when_tested_costs_its_own_points_only(
    graded, complete, text, settings
):
    body = "\n".join(f"    {line}" for line in text.splitlines())
    result = graded(answer(complete, "twice", f"def twice(a):\n{body}"), settings)
    assert points(result) == FULL | {"twice-test": 0}
    assert any(remark.startswith("twice-test: ") for remark in result.remarks)


@pytest.mark.endurance
def test_work_without_end_is_stopped_with_what_it_had_earned(graded, complete):
    complete.cells.insert(
        small.place(complete, "twice"), new_code_cell("import time\ntime.sleep(10_000)")
    )
    # By then the first question is answered, however busy the machine is.
    settings = replace(small.SETTINGS, submission_cpu_seconds=90)
    result = graded(complete, settings)
    assert points(result) == FULL | {"twice-test": 0, "square-test": 0}
    assert "time was up" in result.remarks[-1]


@pytest.mark.endurance
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks Linux for the processes")
def test_a_loop_that_ignores_an_interrupt_costs_its_own_points_and_leaves_no_process(
    graded, complete, tmp_path
):
    stay = tmp_path / "stays"
    text = f"open({str(stay)!r}, 'w').write(str(__import__('os').getpid()))\n{STUBBORN}"
    result = graded(answer(complete, "half", text), small.SHORT)
    assert points(result) == FULL | {"half-test": 0}
    assert not Path(f"/proc/{stay.read_text()}").exists()


@pytest.mark.endurance
def test_deleted_tests_are_put_back(graded, complete):
    del complete.cells[small.place(complete, "half-test")]
    answer(complete, "half", "half = -1")
    result = graded(complete)
    assert points(result) == FULL | {"half-test": 0}
    assert result.remarks == ["half-test was deleted: ours was used"]


def test_edited_tests_are_replaced(graded, complete):
    answer(answer(complete, "half-test", "assert True"), "half", "half = -1")
    result = graded(complete)
    assert points(result) == FULL | {"half-test": 0}
    assert result.remarks == ["half-test was edited: ours was used"]


def test_points_cannot_be_written_into_the_notebook(graded, source):
    version = release.instructor_version(small.NAME, small.SETTINGS.seed, source)
    notebook = release.student_version(version)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and "points" in cell.metadata.nbgrader:
            cell.metadata.nbgrader.points = 1000
    result = graded(notebook)
    assert (result.earned, result.most) == (0, 10)


@pytest.mark.endurance
def test_a_deleted_answer_earns_nothing(graded, complete):
    for name in ("half", "why"):
        del complete.cells[small.place(complete, name)]
    assert points(graded(complete)) == FULL | {"half-test": 0, "why": 0}


@pytest.mark.endurance
def test_cells_that_a_student_added_count(graded, complete):
    place = small.place(complete, "twice")
    complete.cells.insert(place, new_code_cell("def helper(a):\n    return a + a"))
    answer(complete, "twice", "def twice(a):\n    return helper(a)")
    assert points(graded(complete)) == FULL


@pytest.mark.endurance
def test_an_editor_that_drops_metadata_of_given_cells_does_no_harm(graded, complete):
    for cell in complete.cells:
        cell.id = f"new-{cell.id}"
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            cell.metadata = {}
    assert points(graded(complete)) == FULL


@pytest.mark.endurance
def test_other_numbers_than_those_of_the_course_are_replaced(graded, source):
    other = release.instructor_version(small.NAME, "another seed", source)
    notebook = small.answered(other)
    result = graded(notebook)
    assert points(result) == FULL  # the code is right for all numbers
    assert result.remarks == ["numbers was edited: ours was used"]
    answers = {}
    exec(other.cells[2].source, answers)
    answer(notebook, "half", f"half = {answers['x']} / 2")
    assert points(graded(notebook)) == FULL | {"half-test": 0}


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"cells": 3}', "[]", "\x00"])
def test_a_file_that_is_no_notebook_earns_nothing_and_says_so(graded, text):
    result = graded(text)
    assert points(result) == NONE
    assert "not a notebook" in result.remarks[0]


FORMS = ["'a**2'", "sp.Symbol('a', positive=True)**2", "sp.sympify('(a + 1)**2 - 2*a - 1')"]


@pytest.mark.endurance
@pytest.mark.parametrize("text", FORMS)
def test_an_equivalent_form_has_full_marks(graded, complete, text):
    assert points(graded(answer(complete, "square", f"square = {text}"))) == FULL


def test_feedback_is_an_idea_and_shows_nothing_hidden(graded, complete):
    answer(complete, "half", "half = x")
    answer(complete, "square", "square = 1")
    result = graded(complete)
    assert result.feedback["half-test"] == small.IDEA
    text = marks.page(result, {})
    assert small.IDEA in text
    for secret in (small.SECRET, "equivalent", "close(", small.MODEL):
        assert secret not in text


@pytest.mark.endurance
def test_feedback_on_a_crash_does_not_repeat_what_the_hidden_test_was_doing(graded, complete):
    result = graded(answer(complete, "twice", "def twice(a):\n    return {1: 2}[a]"))
    assert result.feedback["twice-test"].startswith("Your answer could not be tested: KeyError")
    assert "7" not in result.feedback["twice-test"]


@pytest.fixture
def folder(source, complete, tmp_path):
    """Two submissions in the two layouts, and a file that is none."""
    (tmp_path / "in" / "ann").mkdir(parents=True)
    (tmp_path / "in" / "bob" / "small").mkdir(parents=True)
    nbformat.write(complete, tmp_path / "in" / "ann" / "small.ipynb")
    nbformat.write(
        answer(complete, "half", "half = 0"), tmp_path / "in" / "bob" / "small" / "small.ipynb"
    )
    nbformat.write(complete, tmp_path / "in" / "ann" / "notes.ipynb")
    return tmp_path


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GRADE = grade.grade


def run_main(monkeypatch, source, *arguments):
    monkeypatch.setattr(course, "SOURCE", source)
    monkeypatch.setattr(course, "read", lambda: small.SETTINGS)
    monkeypatch.setattr(grade, "grade", with_source(GRADE, source))
    monkeypatch.setattr(course, "names", lambda _=source: [small.NAME])
    monkeypatch.setattr(sys, "argv", ["grade", *map(str, arguments)])
    grade.main()


def with_source(function, source):
    return lambda *arguments: function(*arguments, source)


@pytest.mark.endurance
def test_a_folder_is_graded_into_a_table_and_files(folder, source, monkeypatch, capsys):
    out = folder / "out"
    run_main(monkeypatch, source, folder / "in", out)
    table = capsys.readouterr().out
    assert [line.split()[:4] for line in table.splitlines()[2:4]] == [
        ["ann", "small", "6", "/"],
        ["bob", "small", "5", "/"],
    ]
    assert [(r["student"], r["score"], r["max_score"]) for r in rows(out / "grades.csv")] == [
        ("ann", "6", "10"),
        ("bob", "5", "10"),
    ]
    assert [r["half-test"] for r in rows(out / "small.csv")] == ["1", "0"]
    assert (out / "feedback" / "bob" / "small.html").is_file()

    by_hand = rows(out / "marks.csv")
    assert [(r["student"], r["question"], r["points"], r["mark"]) for r in by_hand] == [
        ("ann", "why", "4", ""),
        ("bob", "why", "4", ""),
    ]
    by_hand[0] |= {"mark": "3,5", "comment": "clear"}
    marks.spreadsheet(out / "marks.csv", marks.COLUMNS, [r.values() for r in by_hand])
    run_main(monkeypatch, source, folder / "in", out)
    assert [r["score"] for r in rows(out / "grades.csv")] == ["9.5", "5"]
    assert "clear" in (out / "feedback" / "ann" / "small.html").read_text(encoding="utf-8")
    assert rows(out / "marks.csv")[0]["mark"] == "3.5"


def test_marks_of_submissions_that_are_not_there_are_kept(tmp_path):
    marks.spreadsheet(tmp_path / "marks.csv", marks.COLUMNS, [("=a", "b", "c", 3, 2, "text")])
    marks.write(tmp_path, [])
    assert marks.read(tmp_path) == {("=a", "b", "c"): (3.0, 2.0, "text")}


@pytest.mark.parametrize("mark", ["5", "-1", "good", "nan"])
def test_a_mark_that_cannot_be_is_refused(tmp_path, mark):
    marks.spreadsheet(tmp_path / "marks.csv", marks.COLUMNS, [("a", "b", "c", 4, mark, "")])
    with pytest.raises(ValueError, match="line 2"):
        marks.read(tmp_path)


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_submissions_is_refused(tmp_path, source, monkeypatch, capsys, there):
    if there:
        (tmp_path / "in").mkdir()
    with pytest.raises(SystemExit):
        run_main(monkeypatch, source, tmp_path / "in", tmp_path / "out")
    assert "in" in capsys.readouterr().err


def test_an_interruption_leaves_what_was_graded(tmp_path):
    result = grade.Result("ann", "small", {"q": (1.0, 2.0)})
    marks.write(tmp_path, [result])
    assert [row["score"] for row in rows(tmp_path / "grades.csv")] == ["1"]


def test_remarks_name_cells_that_exist(source):
    version = release.instructor_version(small.NAME, "s", source)
    assert all(grade_id(cell) for cell in version.cells)
