"""Marks by hand: read in whatever form a spreadsheet saves them, and never lost."""

import csv
import io
import os

import pytest

from assignments import marks, sheets
from assignments.results import BY_HAND, NOT_GRADED, TIMED_OUT, Question, Result

WHY = ("ann", "small", "why")
EURO = "über 5 €: «sauber»"


def result(student="ann", answer="Because.", points=None, state=BY_HAND, most=4.0):
    questions = {
        "half-test": Question(1.0, 1.0, title="1 Half"),
        "why": Question(most, points, state, title="2 In words", answer=answer),
    }
    return Result(student, "small", questions)


def enter(folder, *results, files=None):
    return marks.enter(folder, list(results), files or {})


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill_in(folder, mark, comment="", student="ann"):
    """Fill in a mark, as a person does."""
    there = rows(folder / "marks.csv")
    for row in there:
        if row["student"] == student:
            row |= {"mark": mark, "comment": comment}
    save(folder, there)


def save(folder, there, columns=marks.COLUMNS, delimiter=",", code="utf-8"):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(there)
    (folder / "marks.csv").write_bytes(text.getvalue().encode(code))


def test_the_file_has_the_written_answers_and_opens_as_utf_8(tmp_path):
    enter(tmp_path, result(answer="Darum: π, “so”.\nUnd so."))
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = rows(tmp_path / "marks.csv")
    assert row == {
        "student": "ann",
        "assignment": "small",
        "question": "2 In words",
        "id": "why",
        "points": "4",
        "mark": "",
        "comment": "",
        "answer": "Darum: π, “so”.\nUnd so.",
    }


def test_a_mark_counts_and_its_comment_is_returned(tmp_path):
    enter(tmp_path, result())
    fill_in(tmp_path, "3,5", "clear")
    again = result()
    entered = enter(tmp_path, again)
    assert (again.earned, again.pending, again.notes) == (4.5, 0, [])
    assert entered.comments[WHY] == "clear"
    assert rows(tmp_path / "marks.csv")[0]["mark"] == "3.5"


@pytest.mark.parametrize("state", [TIMED_OUT, NOT_GRADED])
def test_what_could_not_be_tested_waits_for_a_person_with_the_reason(tmp_path, state):
    enter(tmp_path, result(answer="", state=state))
    assert rows(tmp_path / "marks.csv")[0]["answer"] == f"({state})"
    fill_in(tmp_path, "2")
    again = result(answer="", state=state)
    again.questions["why"].feedback = "A person will look at it."
    enter(tmp_path, again)
    question = again.questions["why"]
    assert (question.points, question.state, question.feedback) == (2, "", "")


GERMAN = (marks.COLUMNS, ";", "cp1252")
FORMS = {
    "as it was written": (marks.COLUMNS, ",", "utf-8-sig"),
    "no mark of the code": (marks.COLUMNS, ",", "utf-8"),
    "semicolons, Western code": GERMAN,
    "tabs, UTF-16": (marks.COLUMNS, "\t", "utf-16"),
    "UTF-16 without a mark": (marks.COLUMNS, "\t", "utf-16-le"),
    "columns in another order": (tuple(reversed(marks.COLUMNS)), ",", "utf-8"),
    "further columns": (("room", *marks.COLUMNS, "weather"), ";", "utf-8-sig"),
    "no answers": (marks.COLUMNS[:-1], ",", "utf-8"),
    "only what is needed": ((*marks.REQUIRED, "comment"), ",", "utf-8"),
}


@pytest.mark.parametrize(("columns", "delimiter", "code"), FORMS.values(), ids=FORMS)
def test_any_form_in_which_a_spreadsheet_saves_is_read(tmp_path, columns, delimiter, code):
    enter(tmp_path, result(answer=EURO), result("Zoë", answer="one;two,three\n\n'four'"))
    fill_in(tmp_path, "3,5", EURO)
    save(tmp_path, rows(tmp_path / "marks.csv"), columns, delimiter, code)
    given, found = marks.read(tmp_path)
    assert found == delimiter
    assert set(given) == {WHY, ("Zoë", "small", "why")}
    assert (given[WHY].most, given[WHY].mark, given[WHY].comment) == (4, 3.5, EURO)
    assert given["Zoë", "small", "why"].mark is None


def test_blank_lines_and_the_line_on_the_separator_are_passed_over(tmp_path):
    text = "sep=;\n;;;;;\n\nStudent; ASSIGNMENT ;id;points;mark\n;;;;\nann;small;why;4;2\n\n"
    (tmp_path / "marks.csv").write_text(text, encoding="utf-8")
    assert marks.read(tmp_path)[0] == {WHY: marks.Mark(4, 2)}


def test_a_file_with_semicolons_keeps_them_and_its_decimal_commas(tmp_path):
    enter(tmp_path, result(most=4.5))
    save(tmp_path, rows(tmp_path / "marks.csv"), *GERMAN)
    enter(tmp_path, result(most=4.5))
    text = (tmp_path / "marks.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1] == "ann;small;2 In words;why;4,5;;;Because."


HEAD = "student,assignment,id,points,mark\n"
BROKEN = {
    "too many points": (f"{HEAD}a,b,c,4,5", "line 2: mark is 5; it must be from 0 to 4"),
    "negative": (f"{HEAD}a,b,c,4,-1", "line 2: mark is -1"),
    "a word": (f"{HEAD}a,b,c,4,good", "line 2: mark is 'good'; expected a number"),
    "not a number": (f"{HEAD}a,b,c,4,nan", "line 2: mark is nan"),
    "a date": (f"{HEAD}\n\na,b,c,03. May,2", "line 4: points is '03. May'"),
    "no student": (f"{HEAD},b,c,4,1", "line 2: student, assignment or id is empty"),
    "a column is missing": ("student,assignment,id,mark\na,b,c,1", "line 1: .*'points'"),
    "a column is there twice": (f"mark,{HEAD}1,a,b,c,4,1", "line 1: .*'mark'.* 2"),
    "a comma without quotes": (f"{HEAD}a,b,c,4,3,5", "line 2: there are more cells than col"),
    "two marks": (f"{HEAD}a,b,c,4,3\na,b,c,4,2", "line 3: a has the mark 2 .* delete one"),
    "after a long answer": (
        "answer," + HEAD + '"1\n2\n3",a,b,c,4,1\n,a,b,d,4,x',
        r"line 5 \(row 3 of the table\): mark is 'x'",
    ),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_what_makes_no_sense_is_refused_with_line_column_and_remedy(tmp_path, text, message):
    (tmp_path / "marks.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        marks.read(tmp_path)


def test_a_mark_above_the_points_of_the_question_is_refused_whatever_the_file_says(tmp_path):
    (tmp_path / "marks.csv").write_text(f"{HEAD}ann,small,why,100,50", encoding="utf-8")
    with pytest.raises(ValueError, match=r"ann has the mark 50 .* 4 points at most"):
        enter(tmp_path, result())


def test_a_row_that_is_there_twice_counts_with_its_mark(tmp_path):
    (tmp_path / "marks.csv").write_text(f"{HEAD}a,b,c,4,3\na,b,c,4,\na,b,c,4,3.0", "utf-8")
    assert marks.read(tmp_path)[0]["a", "b", "c"].mark == 3


NAMES = ["=1+1", "+a", "-b", "@c", "\tx", "'=d", "''=e", "'quoted'", "a;=b", "a; -b", "007", "1e5"]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_comments_come_back_as_they_were_and_are_no_formulas(tmp_path, name):
    enter(tmp_path, result(name))
    there = rows(tmp_path / "marks.csv")
    there[0] |= {"mark": "3", "comment": sheets.harmless(name)}
    save(tmp_path, there)
    for _ in range(2):
        again = result(name)
        entered = enter(tmp_path, again)
        assert again.questions["why"].points == 3
        assert entered.comments[name, "small", "why"] == name
        assert len(rows(tmp_path / "marks.csv")) == 1


TRAPS = [
    "=cmd|'/C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "x\n=1",
    "x;=1",
    "x\n- y",
]


@pytest.mark.parametrize("text", TRAPS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_begins_like_a_formula_whatever_separates_the_columns(tmp_path, text, delimiter):
    enter(tmp_path, result(text, answer=text))
    data = (tmp_path / "marks.csv").read_text(encoding="utf-8-sig")
    # A program that separates by something else does not know the quotes of this one.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        for row in csv.reader(io.StringIO(data), delimiter=delimiter, quoting=quoting):
            for cell in row:
                assert not cell.strip(' "').startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_names_that_look_like_numbers_are_marked_as_text(tmp_path):
    enter(tmp_path, result("0012345"))
    assert rows(tmp_path / "marks.csv")[0]["student"] == "'0012345"


def test_a_mark_stays_when_the_file_it_was_given_for_is_gone_and_counts_when_it_is_back(tmp_path):
    enter(tmp_path, result(), result("bob"))
    fill_in(tmp_path, "3", "well")
    assert enter(tmp_path, result("bob")).detached == [WHY]
    assert enter(tmp_path).detached == [WHY]
    assert marks.read(tmp_path)[0] == {WHY: marks.Mark(4, 3, "well", "2 In words")}
    again = result()
    assert not enter(tmp_path, again).detached
    assert (again.questions["why"].points, again.notes) == (3, [])


def test_an_answer_that_comes_back_changed_is_said_to_be(tmp_path):
    enter(tmp_path, result(answer="first"))
    fill_in(tmp_path, "3")
    enter(tmp_path, result(answer="first"))
    enter(tmp_path)
    again = result(answer="second")
    enter(tmp_path, again)
    assert again.notes == [f"2 In words: {marks.CHANGED}"]


def test_a_changed_answer_keeps_its_mark_with_a_remark_until_it_is_marked_again(tmp_path):
    enter(tmp_path, result(answer="first"))
    fill_in(tmp_path, "3")

    def entered(answer):
        again = result(answer=answer)
        enter(tmp_path, again)
        return again.questions["why"].points, again.notes

    changed = [f"2 In words: {marks.CHANGED}"]
    # What was marked is what the file showed, even if the answer had changed before it was read.
    assert entered("second") == (3, changed)
    assert rows(tmp_path / "marks.csv")[0]["answer"] == f"({marks.CHANGED}) second"
    assert entered("second") == (3, changed)
    assert entered("first") == (3, [])
    assert entered("second") == (3, changed)
    fill_in(tmp_path, "3", "still")
    assert entered("second") == (3, [])
    assert entered("third") == (3, changed)


def test_code_that_timed_out_counts_as_changed_when_the_file_changes(tmp_path):
    def entered(content):
        late = result(answer="", state=TIMED_OUT)
        enter(tmp_path, late, files={("ann", "small"): content})
        return late.notes

    entered("one")
    fill_in(tmp_path, "2")
    assert entered("one") == []
    assert entered("two") == [f"2 In words: {marks.CHANGED}"]


def test_a_mark_counts_before_the_tests_and_says_so(tmp_path):
    enter(tmp_path, result(answer="", state=TIMED_OUT))
    fill_in(tmp_path, "2")
    passed = result(answer="", state="", points=4.0)
    enter(tmp_path, passed)
    assert passed.questions["why"].points == 2
    assert passed.notes == ["2 In words: the mark by hand counts, not the 4 of the tests"]


@pytest.mark.parametrize("name", ["2", "why"])
def test_a_person_may_mark_what_the_tests_have_graded_by_number_or_id(tmp_path, name):
    (tmp_path / "marks.csv").write_text(f"{HEAD}ann,small,{name},4,2\nann,small,7,4,1", "utf-8")
    passed = result(answer="", state="", points=4.0)
    assert enter(tmp_path, passed).detached == [("ann", "small", "7")]
    assert passed.questions["why"].points == 2
    assert [row["id"] for row in rows(tmp_path / "marks.csv")] == ["7", "why"]


def test_what_waits_no_longer_is_not_asked_for(tmp_path):
    enter(tmp_path, result(answer="", state=TIMED_OUT))
    enter(tmp_path, result(answer="", state="", points=4.0))
    assert not rows(tmp_path / "marks.csv")


def test_without_the_note_of_what_was_shown_marks_count_all_the_same(tmp_path):
    enter(tmp_path, result())
    fill_in(tmp_path, "3")
    for broken in ("", "{}", "[[1]]", '[["a", 3]]', "[1"):
        (tmp_path / marks.SHOWN).write_text(broken, encoding="utf-8")
        again = result()
        enter(tmp_path, again)
        assert (again.questions["why"].points, again.notes) == (3, [])


def test_an_open_file_is_left_alone_and_the_marks_in_it_are_kept(tmp_path):
    enter(tmp_path, result())
    fill_in(tmp_path, "3")
    before = (tmp_path / "marks.csv").read_bytes()
    lock = tmp_path / ".~lock.marks.csv#"
    lock.touch()
    entered = enter(tmp_path, result(), result("bob"))
    assert entered.path == tmp_path / "marks-new.csv"
    assert [row["student"] for row in rows(entered.path)] == ["ann", "bob"]
    assert (tmp_path / "marks.csv").read_bytes() == before
    lock.unlink()
    assert enter(tmp_path, result(), result("bob")).path == tmp_path / "marks.csv"
    assert [row["mark"] for row in rows(tmp_path / "marks.csv")] == ["3", ""]


def test_a_mark_given_in_an_open_file_is_for_the_answer_that_it_shows(tmp_path):
    enter(tmp_path, result(answer="first"))
    lock = tmp_path / ".~lock.marks.csv#"
    lock.touch()
    enter(tmp_path, result(answer="second"))
    lock.unlink()
    fill_in(tmp_path, "3")
    again = result(answer="second")
    enter(tmp_path, again)
    assert again.notes == [f"2 In words: {marks.CHANGED}"]


def test_a_file_that_may_not_be_replaced_is_left_alone(tmp_path, monkeypatch):
    enter(tmp_path, result())
    real = os.replace

    def locked(source, target):
        if target.name == "marks.csv":
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", locked)
    assert enter(tmp_path, result(), result("bob")).path.name == "marks-new.csv"


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, monkeypatch):
    enter(tmp_path, result())

    def locked(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "read_bytes", locked)
    with pytest.raises(ValueError, match="close it where it is open"):
        marks.read(tmp_path)


def test_the_marks_of_before_are_kept_too(tmp_path):
    enter(tmp_path, result())
    fill_in(tmp_path, "3")
    before = (tmp_path / "marks.csv").read_bytes()
    enter(tmp_path, result(), result("bob"))
    assert (tmp_path / marks.BEFORE).read_bytes() == before


def test_answers_of_any_kind_can_be_shown(tmp_path):
    enter(tmp_path, result(answer="\ud800 \x00 half"), result("bob", answer="x" * 100_000))
    answers = [row["answer"] for row in rows(tmp_path / "marks.csv")]
    assert answers[0] == "? \x00 half"
    assert len(answers[1]) < 10_000
    assert answers[1].endswith("(the rest is in the notebook)")


def test_answers_to_one_question_stand_together(tmp_path):
    def several(student):
        made = result(student)
        made.questions |= {f"q{k}": Question(1, None, title=f"{k} Q") for k in (10, 9)}
        return made

    enter(tmp_path, several("bob"), several("ann"))
    order = [(row["question"][:2].strip(), row["student"]) for row in rows(tmp_path / "marks.csv")]
    assert order == [(k, who) for k in ("2", "9", "10") for who in ("ann", "bob")]
