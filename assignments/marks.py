"""Marks by hand, the table, the files for a gradebook, and the pages of feedback."""

import csv
import io
import os
from collections import defaultdict
from html import escape
from pathlib import Path

BY_HAND = "marks.csv"
FORMULA = ("=", "+", "-", "@")
COLUMNS = ("student", "assignment", "question", "points", "mark", "comment")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #bbb; padding: .4rem .6rem; text-align: left; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{total}</p>
<table>
<tr><th>Question</th><th>Points</th><th>What to think about</th></tr>
{rows}
</table>
</body>
</html>
"""


def replace(path, text):
    """Write a file in one go, so that an interruption leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8", newline="")
    os.replace(half, path)


def spreadsheet(path, columns, rows):
    """Write a CSV file; a text that a spreadsheet would take for a formula gets a quote."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value
            for value in row
        )
    replace(path, text.getvalue())


def read(folder):
    """Return the marks given by hand: (student, assignment, question) to (points, mark, comment).

    A mark is None where there is none yet.

    Raises
    ------
    ValueError
        If a mark is not a number from 0 to the points of its question. The message says which.
    """
    path = Path(folder) / BY_HAND
    if not path.exists():
        return {}
    given = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                student = row["student"].removeprefix("'")
                key = student, row["assignment"], row["question"]
                text, most = (row["mark"] or "").strip(), float(row["points"])
                mark = float(text.replace(",", ".")) if text else None
                comment = row["comment"] or ""
            except (KeyError, ValueError, TypeError) as error:
                raise ValueError(
                    f"{path}, line {number}: points and mark must be numbers, in the columns "
                    f"{', '.join(COLUMNS)}; got {list(row.values())}"
                ) from error
            if mark is not None and not 0 <= mark <= most:
                raise ValueError(f"{path}, line {number}: mark {mark:g} is not in 0 to {most:g}")
            given[key] = most, mark, comment
    return given


def number(value):
    """A number of points as people write it."""
    return "" if value is None else f"{value:g}"


def sentence(text):
    """A remark as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def state(result):
    """What a submission has earned, in words."""
    text = f"{result.earned:g} of {result.most:g} points"
    return text + (f"; {result.pending:g} wait for a mark" if result.pending else "")


def page(result, comments):
    """Return a page of feedback as HTML."""
    rows = []
    for name, (points, most) in result.points.items():
        text = " ".join(filter(None, (result.feedback.get(name), comments.get(name))))
        earned = "to be marked" if points is None else f"{points:g}"
        rows.append(
            f"<tr><td>{escape(name)}</td><td>{earned} of {most:g}</td><td>{escape(text)}</td></tr>"
        )
    remarks = "".join(f"<p>{escape(sentence(remark))}</p>" for remark in result.remarks)
    return PAGE.format(
        title=escape(f"{result.assignment}: {result.student}"),
        total=f"{sentence(state(result))}{remarks}",
        rows="\n".join(rows),
    )


def enter(folder, result):
    """Enter the marks by hand into a result, and write its page of feedback.

    Parameters
    ----------
    folder : Path
        Where `marks.csv` is, if there are marks already.
    result : Result
    """
    given, comments = read(folder), {}
    for name, (points, most) in result.points.items():
        _, mark, comment = given.get((result.student, result.assignment, name), (most, None, ""))
        if points is None and mark is not None:
            result.points[name] = mark, most
        comments[name] = comment
    path = folder / "feedback" / result.student / f"{result.assignment}.html"
    replace(path, page(result, comments))


def write(folder, results):
    """Write the files for a gradebook, and that of the marks by hand, which keeps what it says.

    Parameters
    ----------
    folder : Path
    results : list of Result
        With the marks by hand entered.
    """
    given = read(folder)  # also of others, whom this run did not reach
    by_assignment = defaultdict(list)
    for result in results:
        by_assignment[result.assignment].append(result)
        for name, (points, most) in result.points.items():
            if points is None:
                key = result.student, result.assignment, name
                given[key] = most, *given.get(key, (most, None, ""))[1:]
    rows = ((*key, number(most), number(mark), text) for key, (most, mark, text) in given.items())
    spreadsheet(folder / BY_HAND, COLUMNS, sorted(rows))

    columns = ("student", "assignment", "score", "max_score", "pending", "remarks")
    spreadsheet(
        folder / "grades.csv",
        columns,
        (
            (
                r.student,
                r.assignment,
                *map(number, (r.earned, r.most, r.pending)),
                "; ".join(r.remarks),
            )
            for r in results
        ),
    )
    for assignment, some in by_assignment.items():
        questions = list(some[0].points)
        spreadsheet(
            folder / f"{assignment}.csv",
            ("student", "score", "max_score", *questions, "remarks"),
            (
                (
                    r.student,
                    *map(number, (r.earned, r.most, *(r.points[q][0] for q in questions))),
                    "; ".join(r.remarks),
                )
                for r in some
            ),
        )


def table(results):
    """Return a table of the results as text."""
    head = ("student", "assignment", "points", "by hand", "remarks")
    rows = [
        (
            r.student,
            r.assignment,
            f"{r.earned:g} / {r.most:g}",
            f"{r.pending:g} to mark" if r.pending else "",
            f"{len(r.remarks)}: {r.remarks[0]}"[:60] if r.remarks else "",
        )
        for r in results
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    top, *lines = (
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    )
    return "\n".join([top, "-" * len(top), *lines])
