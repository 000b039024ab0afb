"""Marks by hand, the table, the files for a gradebook, and the pages of feedback."""

import csv
import os
from collections import defaultdict
from html import escape
from pathlib import Path

BY_HAND = "marks.csv"
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
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".part")
    with open(half, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow(
                f"'{value}"
                if isinstance(value, str) and value[:1] in ("=", "+", "-", "@")
                else value
                for value in row
            )
    os.replace(half, path)


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


def state(result):
    """A sentence on what a submission has earned."""
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
    remarks = "".join(
        f"<p>{escape(remark[:1].upper() + remark[1:])}.</p>" for remark in result.remarks
    )
    return PAGE.format(
        title=escape(f"{result.assignment}: {result.student}"),
        total=f"{state(result)}.{remarks}",
        rows="\n".join(rows),
    )


def write(folder, results):
    """Enter the marks by hand into the results, write all files, and return the results in order.

    Parameters
    ----------
    folder : Path
        Where `marks.csv` is if there are marks already; what it says is kept.
    results : list of Result
    """
    given = read(folder)
    results = sorted(results, key=lambda result: (result.assignment, result.student))
    by_assignment = defaultdict(list)
    for result in results:
        by_assignment[result.assignment].append(result)
        comments = {}
        for name, (points, most) in result.points.items():
            key = result.student, result.assignment, name
            _, mark, comment = given.get(key, (most, None, ""))
            if points is None:
                given[key] = most, mark, comment
            if points is None and mark is not None:
                result.points[name] = mark, most
            comments[name] = comment
        name = f"{result.student}/{result.assignment}.html"
        replace(folder / "feedback" / name, page(result, comments))
    # Those of others too, whom this run did not reach.
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
    return results


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
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        for row in rows
    ]
    top = "  ".join(text.ljust(width) for text, width in zip(head, widths, strict=True))
    return "\n".join([top, "-" * len(top), *(line.rstrip() for line in lines)])
