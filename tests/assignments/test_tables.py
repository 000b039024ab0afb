"""Tables of a class, and pages of feedback."""

import csv

import pytest

from assignments import feedback, tables
from assignments.results import BY_HAND, NOT_GRADED, TIMED_OUT, Question, Result

TITLES = {"small": {"half-test": "1 Half", "why": "2 In words"}}
SECRET = "KeyError: of the hidden test"


def result(student="ann", half=1.0, why=None, state=BY_HAND, **more):
    questions = {
        "half-test": Question(1.5, half, feedback="Think of <halves>.", title="1 Half"),
        "why": Question(4.0, why, state, title="2 In words", **more),
    }
    return Result(student, "small", questions, ["a remark", "another"])


def rows(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def written(tmp_path):
    """The tables of three students, one of whom handed in nothing."""
    made = [
        tables.Row("ann", "small", 5.5, result(), "ann/small.ipynb", "2027-03-01T10:00:00+00:00"),
        tables.Row("=bob", "small", 5.5, result("=bob", 0.5, 3.0, "")),
        tables.Row("zoë", "small", 5.5),
    ]
    unused = [("ann", "ann/notes.txt", "not a notebook"), ("", "=x.zip", "an archive, not opened")]
    return made, tables.write(tmp_path, made, unused, TITLES)


def test_each_student_has_a_row_for_each_assignment(tmp_path, written):
    assert rows(tmp_path / "grades.csv") == [
        {
            "student": "ann",
            "assignment": "small",
            "score": "1",
            "max_score": "5.5",
            "pending": "4",
            "file": "ann/small.ipynb",
            "time": "2027-03-01T10:00:00+00:00",
            "remarks": "a remark; another",
        },
        {
            "student": "'=bob",
            "assignment": "small",
            "score": "3.5",
            "max_score": "5.5",
            "pending": "0",
            "file": "",
            "time": "",
            "remarks": "a remark; another",
        },
        {
            "student": "zoë",
            "assignment": "small",
            "score": "",
            "max_score": "5.5",
            "pending": "",
            "file": "",
            "time": "",
            "remarks": "nothing was handed in",
        },
    ]


def test_a_table_for_a_gradebook_has_a_column_for_each_question(tmp_path, written):
    found = rows(tmp_path / "small.csv")
    columns = ["student", "score", "max_score", "pending", "1 Half", "2 In words", "remarks"]
    assert list(found[0]) == columns
    assert [[row[name] for name in columns[1:6]] for row in found] == [
        ["1", "5.5", "4", "1", ""],
        ["3.5", "5.5", "0", "0.5", "3"],
        ["", "5.5", "", "", ""],
    ]


def test_what_was_not_used_is_listed_with_the_reason(tmp_path, written):
    assert [list(row.values()) for row in rows(tmp_path / "not-used.csv")] == [
        ["ann", "ann/notes.txt", "not a notebook"],
        ["", "'=x.zip", "an archive, not opened"],
    ]


def test_a_table_that_is_open_is_left_alone(tmp_path, written):
    made, paths = written
    assert [path.name for path in paths] == ["grades.csv", "small.csv", "not-used.csv"]
    (tmp_path / ".~lock.grades.csv#").touch()
    before = (tmp_path / "grades.csv").read_bytes()
    paths = tables.write(tmp_path, made[:1], [], TITLES)
    assert paths[0] == tmp_path / "grades-new.csv"
    assert len(rows(paths[0])) == 1
    assert (tmp_path / "grades.csv").read_bytes() == before


def test_the_grades_as_text(written):
    lines = tables.text(written[0]).splitlines()
    assert [line.split() for line in lines[2:]] == [
        ["ann", "small", "1", "/", "5.5", "4", "a", "remark;", "another"],
        ["=bob", "small", "3.5", "/", "5.5", "a", "remark;", "another"],
        ["zoë", "small", "nothing", "was", "handed", "in"],
    ]


def test_feedback_calls_questions_by_name_and_escapes_what_students_wrote():
    text = feedback.page(result("<b>ann</b>"), {"why": "see <you>"})
    assert "<td>1 Half</td><td>1 of 1.5</td><td>Think of &lt;halves&gt;.</td>" in text
    assert "<td>2 In words</td><td>to be marked (of 4)</td><td>see &lt;you&gt;</td>" in text
    assert "1 of 5.5 points; 4 wait for a person." in text
    assert "<p>A remark.</p>" in text
    assert "<b>" not in text
    assert "half-test" not in text


def test_feedback_says_what_timed_out_and_shows_nothing_of_how_the_grader_failed():
    assert "timed out: a person decides (of 4)" in feedback.page(result(state=TIMED_OUT), {})
    failed = result(state=NOT_GRADED)
    failed.notes.append(SECRET)
    text = feedback.page(failed, {})
    assert "not graded yet (of 4)" in text
    assert SECRET not in text
    assert SECRET in tables.Row("ann", "small", 5.5, failed).remarks


def test_feedback_is_written_for_any_name_and_text(tmp_path):
    odd = result("a b'\"&", feedback="\ud800")
    path = feedback.write(tmp_path, odd, {})
    assert path == tmp_path / "feedback" / "a b'\"&" / "small.html"
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
