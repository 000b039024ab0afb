"""Files that people open in a spreadsheet: written whole, read in whatever form they come back."""

import csv
import io
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

csv.field_size_limit(2**30)
ELSEWHERE = "-new"  # ending of the name of a file that stands in for one that is open

# A spreadsheet takes a text that begins so for a formula. One that separates by semicolons sees the
# beginning of a text also where another one, inside it, ends. An apostrophe says that it is a text.
FIRST = re.compile(r"^('*)(?=[=+\-@\t\r\n])")
INNER = re.compile(r"([;\t\r\n] *'*)(?=[=+\-@])")
FIRST_BACK = re.compile(r"^('*)'(?=[=+\-@\t\r\n])")
INNER_BACK = re.compile(r"([;\t\r\n] *'*)'(?=[=+\-@])")


def harmless(text):
    """Return a text that no spreadsheet takes for a formula; `original` undoes it."""
    return INNER.sub(r"\1'", FIRST.sub(r"\1'", text))


def original(text):
    """Return the text that `harmless` was given."""
    return INNER_BACK.sub(r"\1", FIRST_BACK.sub(r"\1", text))


def number(value, comma=False):
    """A number as people write it; None is empty."""
    text = "" if value is None else f"{value:.6g}"
    return text.replace(".", ",") if comma else text


def is_open(path):
    """Whether an office program says that it has a file open."""
    return path.with_name(f".~lock.{path.name}#").exists()


def replace(path, text, encoding="utf-8"):
    """Write a file in one go, so that an interruption leaves the old one or the new one.

    Parameters
    ----------
    path : Path
    text : str
    encoding : str, optional

    Returns
    -------
    Path
        Where it was written: elsewhere, beside it, if the file is open in another program.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode(encoding, errors="replace")  # a notebook may hold halves of characters
    with suppress(OSError):
        if path.read_bytes() == data:
            return path
    half = path.with_name(f"{path.name}.part")
    half.write_bytes(data)
    try:
        if is_open(path):
            raise PermissionError
        os.replace(half, path)
    except PermissionError:
        elsewhere = path.with_name(f"{path.stem}{ELSEWHERE}{path.suffix}")
        os.replace(half, elsewhere)
        return elsewhere
    return path


def write(path, columns, rows, delimiter=","):
    """Write a table as UTF-8 with a mark that tells spreadsheets so; see `replace`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    for row in (columns, *rows):
        writer.writerow(harmless(value) if isinstance(value, str) else value for value in row)
    return replace(path, text.getvalue(), "utf-8-sig")


def decoded(data):
    """Return the text of a file that a spreadsheet has saved in whatever code it likes."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if data[1::2].count(0) > len(data) / 4:  # Latin letters, and no mark of the code
        return data.decode("utf-16-le", errors="replace")
    for code in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return data.decode(code)
    return data.decode("latin-1")


@dataclass
class Sheet:
    """A table that was read.

    Parameters
    ----------
    rows : list of (str, dict of str to str)
        Where each row is, in words, and its texts by column.
    delimiter : str
        What separates the columns in the file.
    """

    rows: list
    delimiter: str = ","


def _columns(line, wanted):
    """Return the delimiter of a header, and its columns: those that name most of what is wanted."""

    def split(delimiter):
        row = next(csv.reader([line], delimiter=delimiter), [])
        return [text.strip().strip('"').lower() for text in row]

    delimiter = max(",;\t", key=lambda one: len(set(split(one)) & set(wanted)))
    return delimiter, split(delimiter)


def read(path, required):
    """Read a table.

    Parameters
    ----------
    path : Path
    required : tuple of str
        Columns that it must have. They may stand in any order, and others beside them.

    Returns
    -------
    Sheet
        Without empty rows.

    Raises
    ------
    ValueError
        If the file cannot be read, or a column is missing. The message says what to do.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{path} cannot be read ({error.strerror}): close it where it is open, and run again"
        ) from error
    lines = decoded(data).splitlines(keepends=True)
    start = 0
    # Blank lines, and the line with which some programs say how the columns are separated.
    while start < len(lines) and (
        not lines[start].strip(' \t\r\n,;"') or lines[start].lower().startswith("sep=")
    ):
        start += 1
    if start == len(lines):
        return Sheet([])
    delimiter, columns = _columns(lines[start], required)
    for name in required:
        if columns.count(name) != 1:
            raise ValueError(
                f"{path}, line {start + 1}: there must be one column {name!r}, and there are "
                f"{columns.count(name)}. The first row must have the names of the columns, "
                f"{', '.join(required)} among them; it has {', '.join(columns)}"
            )
    reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=delimiter)
    try:
        return Sheet(_rows(path, reader, columns, start, delimiter), delimiter)
    except csv.Error as error:
        line = start + reader.line_num
        raise ValueError(f"{path}, line {line}: {error}; save it again as CSV") from error


def _rows(path, reader, columns, start, delimiter):
    """Return the rows of a table below its header, which is in line `start` + 1; see `read`."""
    rows, line = [], start + 1
    for place, row in enumerate(reader, start=start + 1):
        where = f"line {line}" if line == place else f"line {line} (row {place} of the table)"
        line = start + reader.line_num + 1
        if place == start + 1 or not any(text.strip() for text in row):
            continue
        if any(text.strip() for text in row[len(columns) :]):
            raise ValueError(
                f"{path}, {where}: there are more cells than columns. A text or number with "
                f"{delimiter!r} in it must stand in quotes, and 3,5 is better written 3.5"
            )
        texts = dict.fromkeys(columns, "") | dict(zip(columns, row, strict=False))
        rows.append((where, {name: original(text) for name, text in texts.items()}))
    return rows
