"""Marks by hand: `marks.csv` is for people, who read the answers there and fill in the marks.

A mark that was given is kept, whatever becomes of the file that it was given for.
"""

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import sheets

FILE = "marks.csv"
# What the last `marks.csv` showed, so that a mark is known to belong to the answer that was read.
SHOWN = Path("kept") / "shown.json"
BEFORE = Path("kept") / "marks-before.csv"
COLUMNS = ("student", "assignment", "question", "id", "points", "mark", "comment", "answer")
REQUIRED = ("student", "assignment", "id", "points", "mark")
LONGEST = 8_000  # characters of an answer that are shown: spreadsheets have an end, too
CHANGED = "the answer has changed since it was marked"
GONE = "(nothing that this mark could be for was graded this time)"


@dataclass
class Mark:
    """A row of `marks.csv`.

    Parameters
    ----------
    most : float
        Points to earn.
    mark : float or None
        Points given; None where there is no mark yet.
    comment : str
        For the student.
    question : str
        What people call the question.
    """

    most: float
    mark: float | None = None
    comment: str = ""
    question: str = ""


def _number(text, where, column):
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise ValueError(
            f"{where}: {column} is {text!r}; expected a number such as 2 or 2.5"
        ) from None


def read(folder):
    """Return the marks by hand, and what separates the columns of their file.

    Parameters
    ----------
    folder : Path
        Where `marks.csv` is, if there is one.

    Returns
    -------
    dict of (str, str, str) to Mark
        By student, assignment and id of the question.
    str
        The delimiter.

    Raises
    ------
    ValueError
        If something in there makes no sense. The message says where, and what to do.
    """
    path, given = Path(folder) / FILE, {}
    if not path.exists():
        return given, ","
    sheet = sheets.read(path, REQUIRED)
    for place, row in sheet.rows:
        where = f"{path}, {place}"
        student = row["student"]
        if _is_number(student.removeprefix("'")):
            student = student.removeprefix("'")
        key = student, row["assignment"].strip(), row["id"].strip()
        if not all(key):
            raise ValueError(f"{where}: student, assignment or id is empty: whose mark is it?")
        most = _number(row["points"], where, "points")
        mark = _number(row["mark"], where, "mark") if row["mark"].strip() else None
        if mark is not None and not 0 <= mark <= most:  # nor is "nan"
            raise ValueError(f"{where}: mark is {row['mark']}; it must be from 0 to {most:g}")
        new = Mark(most, mark, row.get("comment", ""), row.get("question", ""))
        old = given.get(key, new)
        if None not in (old.mark, mark) and old.mark != mark:
            raise ValueError(
                f"{where}: {key[0]} has the mark {mark:g} here for {key[2]} of {key[1]}, and "
                f"{old.mark:g} above; delete one of the two rows"
            )
        given[key] = old if mark is None and old.mark is not None else new
    return given, sheet.delimiter


def _readable(answer):
    """An answer as it is shown to whoever marks it."""
    # Otherwise each point of a list would look like a formula.
    text = re.sub(r"^(\s*)[-+*] ", r"\1• ", answer.replace("\r\n", "\n").strip(), flags=re.M)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} ... (the rest is in the notebook)"
    return text


def _is_number(text):
    """Whether a spreadsheet would take a name for a number, or a date, and write it differently."""
    return bool(re.fullmatch(r"[\d.,:/eE+ -]*\d[\d.,:/eE+ -]*", text))


def _order(row):
    """Questions together, in the order of the assignment: so they are marked."""
    student, assignment, question, name, *_ = row
    return assignment, [int(part) for part in re.findall(r"\d+", question)], name, student


def _shown(folder):
    """Return what the last `marks.csv` showed; nothing, if that is not known."""
    try:
        rows = json.loads((folder / SHOWN).read_text(encoding="utf-8"))
        return {tuple(key): said for key, said in rows if isinstance(said, dict)}
    except (OSError, ValueError, TypeError):
        return {}


@dataclass
class Entered:
    """What came of entering marks.

    Parameters
    ----------
    path : Path
        Where the marks were written: not to `marks.csv` if that is open in a spreadsheet.
    comments : dict of (str, str, str) to str
        By student, assignment and id of the question.
    detached : list of (str, str, str)
        What the marks belong to that belong to nothing here.
    """

    path: Path
    comments: dict
    detached: list


def enter(folder, results, files):
    """Enter the marks by hand into results, and write `marks.csv` anew.

    A mark counts, whatever the tests say: whoever grades has the last word.

    Parameters
    ----------
    folder : Path
    results : list of Result
        They get the marks as points, and notes on marks that should be looked at again.
    files : dict of (str, str) to str
        By student and assignment, something that changes when what was handed in changes.

    Returns
    -------
    Entered

    Raises
    ------
    ValueError
        If a mark is not possible; see also `read`.
    """
    given, delimiter = read(folder)
    _put_ids(given, results)
    before, shown, answers = _shown(folder), {}, {}
    for result in results:
        for name, question in result.questions.items():
            key = result.student, result.assignment, name
            if question.points is not None and key not in given:
                continue
            entry = given.setdefault(key, Mark(question.most))
            entry.most, entry.question = question.most, question.title or name
            answers[key] = _readable(question.answer) or f"({question.state or 'tests decide'})"
            # Of code that a person has to judge, any change of the file may be one of the answer.
            text = question.answer or str(files.get(key[:2]))
            now = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
            said, told = before.get(key, {}), [entry.mark, entry.comment]
            # A mark that is new was given for the answer that the file showed.
            marked = said.get("marked" if said.get("told") == told else "shown", now)
            shown[key] = {"shown": now, "marked": marked, "told": told}
            if entry.mark is not None:
                if marked != now:
                    answers[key] = f"({CHANGED}) {answers[key]}"
                _count(entry, result, question, marked != now)
            elif question.points is not None and not entry.comment:
                del given[key]  # it waited for a person, and does not any more
    detached = [key for key, entry in given.items() if key not in answers]
    for key in detached:
        if given[key].mark is None and not given[key].comment:
            del given[key]
    rows = [(*_who(key, entry), entry, answers.get(key, GONE)) for key, entry in given.items()]
    path = _write(folder, rows, delimiter)
    if path.name == FILE:
        shown = {key: said for key, said in (before | shown).items() if key in given}
        sheets.replace(folder / SHOWN, json.dumps([*shown.items()], indent=0))
    comments = {key: entry.comment for key, entry in given.items()}
    return Entered(path, comments, [key for key in detached if key in given])


def _put_ids(given, results):
    """Let marks that have the number of a question in place of its id, such as 2.1, have the id."""
    for result in results:
        who = result.student, result.assignment
        for name, question in result.questions.items():
            number = question.title.split(" ")[0].rstrip(":")
            there = given.get((*who, name))
            if (*who, number) in given and (there is None or there.mark is None):
                given[*who, name] = given.pop((*who, number))


def _count(entry, result, question, changed):
    """Let a mark count, with notes for whoever grades."""
    if entry.mark > question.most:
        raise ValueError(
            f"{FILE}: {result.student} has the mark {entry.mark:g} for {entry.question!r} of "
            f"{result.assignment}, and it gives {question.most:g} points at most"
        )
    if changed:
        result.notes.append(f"{entry.question}: {CHANGED}")
    if question.points is not None:
        result.notes.append(
            f"{entry.question}: the mark by hand counts, not the {question.points:g} of the tests"
        )
    else:
        question.feedback = ""  # that a person will look at it
    question.points, question.state = entry.mark, ""


def _who(key, entry):
    """The first columns of a row."""
    student, assignment, name = key
    return f"'{student}" if _is_number(student) else student, assignment, entry.question, name


def _write(folder, rows, delimiter):
    """Write `marks.csv`, and keep the one before."""
    comma = delimiter == ";"  # where columns are separated so, 3.5 is a day in May

    def texts(row):
        *who, entry, answer = row
        points, mark = (sheets.number(value, comma) for value in (entry.most, entry.mark))
        return *who, points, mark, entry.comment, answer

    path = folder / FILE
    if path.exists():
        (folder / BEFORE).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / BEFORE)
    return sheets.write(path, COLUMNS, map(texts, sorted(rows, key=_order)), delimiter)
