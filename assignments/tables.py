"""Tables of a class: all grades, one for each gradebook, and the files that were not used."""

from dataclasses import dataclass

from . import sheets
from .results import Result
from .sheets import number

NOTHING = "nothing was handed in"
GRADES = "grades.csv"
UNUSED = "not-used.csv"


@dataclass
class Row:
    """A student and an assignment.

    Parameters
    ----------
    student, assignment : str
        Who, and which.
    most : float
        Points that can be earned.
    result : Result or None
        None if nothing was handed in.
    file, time : str
        Where it was handed in, and when that file was last changed.
    absent : str
        Why there is no result.
    """

    student: str
    assignment: str
    most: float
    result: Result | None = None
    file: str = ""
    time: str = ""
    absent: str = NOTHING

    @property
    def points(self):
        """Points so far, points to earn, and points that wait for a person, as texts."""
        if self.result is None:
            return "", number(self.most), ""
        return tuple(map(number, (self.result.earned, self.most, self.result.pending)))

    @property
    def remarks(self):
        """What whoever grades should know, as one text."""
        return "; ".join([*self.result.remarks, *self.result.notes]) if self.result else self.absent

    def question(self, name):
        """Points of a question as text; nothing while it waits for a person."""
        return number(self.result.questions[name].points) if self.result else ""


def write(folder, rows, unused, titles):
    """Write the tables.

    Parameters
    ----------
    folder : Path
    rows : list of Row
        One for each student and assignment, in the order in which they are to stand.
    unused : list of (str, str, str)
        Student, file, and why it was not used.
    titles : dict of str to dict of str to str
        By assignment, what its questions are called, by id.

    Returns
    -------
    list of Path
        Where the files were written: elsewhere, if one is open in a spreadsheet.
    """
    score = ("score", "max_score", "pending")
    columns = ("student", "assignment", *score, "file", "time", "remarks")
    lines = ((r.student, r.assignment, *r.points, r.file, r.time, r.remarks) for r in rows)
    paths = [sheets.write(folder / GRADES, columns, lines)]
    for assignment, called in titles.items():
        columns = ("student", *score, *called.values(), "remarks")
        lines = (
            (r.student, *r.points, *map(r.question, called), r.remarks)
            for r in rows
            if r.assignment == assignment
        )
        paths.append(sheets.write(folder / f"{assignment}.csv", columns, lines))
    paths.append(sheets.write(folder / UNUSED, ("student", "file", "why"), unused))
    return paths


def text(rows):
    """Return the grades as text."""
    head = ("student", "assignment", "points", "to decide", "remarks")
    lines = [
        (
            row.student[:30],
            row.assignment,
            f"{row.points[0]} / {row.points[1]}" if row.result else "",
            row.points[2].removeprefix("0"),
            row.remarks if len(row.remarks) < 80 else f"{row.remarks[:76]} ...",
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    top, *rest = (
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *lines)
    )
    return "\n".join([top, "-" * len(top), *rest])
