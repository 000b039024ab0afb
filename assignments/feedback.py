"""Pages of feedback: for each student and assignment what was earned, and what to think about."""

from html import escape

from . import sheets
from .results import BY_HAND, NOT_GRADED, TIMED_OUT

FOLDER = "feedback"
WAITS = {
    BY_HAND: "to be marked",
    TIMED_OUT: "timed out: a person decides",
    NOT_GRADED: "not graded yet",
}

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #bbb; padding: .4rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{total}</p>
{remarks}<table>
<tr><th>Question</th><th>Points</th><th>What to think about</th></tr>
{rows}
</table>
</body>
</html>
"""


def sentence(text):
    """A remark as a sentence."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def total(result):
    """What a submission has earned, in words."""
    text = f"{result.earned:g} of {result.most:g} points"
    return text + (f"; {result.pending:g} wait for a person" if result.pending else "")


def page(result, comments):
    """Return a page of feedback as HTML.

    Parameters
    ----------
    result : Result
    comments : dict of str to str
        Of whoever marked, by the id of the question.
    """
    rows = []
    for name, question in result.questions.items():
        said = " ".join(filter(None, (question.feedback, comments.get(name))))
        earned = f"{question.points:g} of {question.most:g}" if question.points is not None else ""
        waits = f"{WAITS.get(question.state, WAITS[BY_HAND])} (of {question.most:g})"
        cells = question.title or name, earned or waits, said
        rows.append("<tr>{}</tr>".format("".join(f"<td>{escape(cell)}</td>" for cell in cells)))
    return PAGE.format(
        title=escape(f"{result.assignment}: {result.student}"),
        total=escape(sentence(total(result))),
        remarks="".join(f"<p>{escape(remark)}</p>\n" for remark in map(sentence, result.remarks)),
        rows="\n".join(rows),
    )


def write(folder, result, comments):
    """Write the page of a submission below the folder of the grades; return where. See `page`."""
    path = folder / FOLDER / result.student / f"{result.assignment}.html"
    return sheets.replace(path, page(result, comments))
