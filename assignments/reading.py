"""Read what a student handed in as a notebook: whatever its bytes are, a notebook or a reason."""

import itertools
import json
import os
import re
import stat
from pathlib import Path

import nbformat

MAX_BYTES = 40_000_000  # of a submitted notebook; pictures make them large
MOST_CELLS = 2000
MOST_VALUES = 2_000_000  # in its JSON: small ones take thirty times as much memory as their text
BLANK = "\0\ufeff \t\r\n"  # a crash can leave zeros behind the end of a file
# JSON can hold what no text file can: halves of characters, and zeros.
NO_TEXT = re.compile("[\0\ud800-\udfff]")
# A text, the beginning of a list or of an object, or anything else.
VALUE = re.compile(r"""(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[^\s,:"\[\]{}]+""")
OTHERWISE = {"PK\x03\x04": "an archive (zip)", "<": "a web page", "%PDF": "a PDF"}


def content(path):
    """Return the bytes of a file, and never wait for one that is no file."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("the file is not a notebook: it is no ordinary file")
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES / 1e6:g} MB: clear its outputs")
    return data


def decoded(data):
    """Return text, and whether letters of it may have changed."""
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).strip(BLANK), False
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        if {letter for letter in text if not letter.isascii()} == {"\ufffd"}:
            # Not one letter of it was in UTF-8, so another encoding of bytes was used throughout.
            text = data.decode("cp1252", "replace")
        return text.strip(BLANK), True


def parsed(text):
    """Return what a text in JSON holds, or raise a ValueError that says what it is instead."""
    if not text:
        raise ValueError("the file is not a notebook: it is empty")
    if text.startswith(("{", "[")):
        found = VALUE.finditer(text)
        if next(itertools.islice(found, MOST_VALUES, None), None) is not None:
            raise ValueError(f"the file holds more than {MOST_VALUES} values: clear its outputs")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("the file is not a notebook: it is nested too deeply") from error
    except ValueError as error:
        kinds = [kind for start, kind in OTHERWISE.items() if text.startswith(start)]
        if kinds:
            why = f"it is {kinds[0]}"
        elif "\n<<<<<<<" in text and "\n>>>>>>>" in text:
            why = "it holds two versions with marks of a conflict (<<<<<<<)"
        else:
            why = f"it breaks off, or is damaged in line {getattr(error, 'lineno', 1)}"
        raise ValueError(f"the file is not a notebook: {why}") from error


def joined(source):
    """Return the text of a cell, which may come in lines, with plain line ends."""
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    return NO_TEXT.sub("\ufffd", source.replace("\r\n", "\n").replace("\r", "\n"))


def kind(cell):
    """Return the type of a cell, by what is in it if it does not say."""
    told = cell.get("cell_type")
    if told in ("code", "markdown", "raw"):
        return told
    return "code" if told is None and {"outputs", "input"} & cell.keys() else "markdown"


def plain(cell):
    """Return what matters of a cell: its type, its text, its ids, and whether it has a picture."""
    made = {"cell_type": kind(cell), "metadata": {}}
    made["source"] = joined(cell.get("source", cell.get("input")))
    if made["cell_type"] == "code":
        made |= {"outputs": [], "execution_count": None}
    elif isinstance(cell.get("attachments"), dict) and cell["attachments"]:
        made["attachments"] = {}
    if isinstance(cell.get("id"), str):
        made["id"] = cell["id"]
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    if isinstance(grade_id, str):
        made["metadata"] = {"nbgrader": {"grade_id": grade_id}}
    return made


def listed(notebook):
    """Return the list of cells of a notebook, of old formats too."""
    found = notebook.get("cells") if isinstance(notebook, dict) else None
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
    if found is None and isinstance(sheets, list):
        parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        found = [cell for part in parts if isinstance(part, list) for cell in part]
    if not isinstance(found, list):
        raise ValueError("the file is not a notebook: it has no list of cells")
    if len(found) > MOST_CELLS:
        raise ValueError(f"the file has more than {MOST_CELLS} cells")
    return found


def read(path):
    """Return a submitted notebook, reduced to what is plain and known.

    Its cells have a type, a text, their ids and nothing else: no outputs, no other metadata. What
    was odd about the file is listed in `remarks`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    NotebookNode

    Raises
    ------
    ValueError
        If the file is not a notebook; the text says what it is.
    OSError
        If it cannot be read.
    """
    text, changed = decoded(content(Path(path)))
    cells = listed(parsed(text))
    remarks = ["the file is not in UTF-8: letters may have changed"] if changed else []
    good = [plain(cell) for cell in cells if isinstance(cell, dict)]
    if len(good) < len(cells):
        remarks.append(f"{len(cells) - len(good)} of its cells are no cells: they were left out")
    return nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": good, "remarks": remarks}
    )
