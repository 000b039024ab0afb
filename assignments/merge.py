"""Put the answers of a submission into the original notebook, so tests are always our own."""

from dataclasses import dataclass, field

import nbformat
from nbgrader.utils import is_solution

MAX_BYTES = 20_000_000  # of a submitted notebook; pictures make them large


@dataclass
class Submission:
    """A notebook to run, and what was odd about the file it came from.

    Parameters
    ----------
    cells : list of NotebookNode
        Cells of the original, with the answers of the submission, and cells that it added.
    remarks : list of str
        What whoever grades should know.
    missing : set of str
        Ids of the answers that are not there, or are as they were handed out.
    """

    cells: list
    remarks: list = field(default_factory=list)
    missing: set = field(default_factory=set)


def grade_id(cell):
    """Return nbgrader's id of a cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def read(path):
    """Return a submitted notebook; a ValueError says what is wrong with the file."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES / 1e6:g} MB")
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # whatever a file may hold: it must not stop the others
        raise ValueError(f"the file is not a notebook ({type(error).__name__})") from error
    return notebook


def merge(instructor, student, submitted):
    """Return the `Submission` that joins three notebooks.

    Parameters
    ----------
    instructor, student : NotebookNode
        The original with hidden tests, and the version that was handed out.
    submitted : NotebookNode
        What came back.
    """
    given = {grade_id(cell): cell for cell in student.cells}
    known_ids = {cell.get("id") for cell in student.cells}
    known_texts = {cell.source.strip() for cell in student.cells}
    answers, extra, remarks, before = {}, {None: []}, [], None
    for cell in submitted.cells:
        name = grade_id(cell)
        if name in given and name not in answers:
            answers[name], extra[name], before = cell, [], name
        elif name in given:
            remarks.append(f"{name} is there twice: the first was taken")
        # Some editors drop the metadata of cells: what was handed out is no cell of the student's.
        elif cell.cell_type == "code" and not (
            cell.get("id") in known_ids or cell.source.strip() in known_texts
        ):
            extra[before].append(cell)

    result = Submission(extra.pop(None), remarks)
    for original in instructor.cells:
        name = grade_id(original)
        cell, handed_out, answer = nbformat.from_dict(original), given[name], answers.get(name)
        if is_solution(original):
            cell.source = answer.source if answer is not None else ""
            if not cell.source.strip() or cell.source.strip() == handed_out.source.strip():
                result.missing.add(name)
            if answer is None:
                remarks.append(f"{name} was deleted")
        elif original.cell_type == "code":
            if answer is None:
                remarks.append(f"{name} was deleted: ours was used")
            elif answer.source.strip() != handed_out.source.strip():
                remarks.append(f"{name} was edited: ours was used")
        result.cells += [cell, *extra.get(name, [])]
    return result
