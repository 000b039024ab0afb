"""One class with all that can come in: nothing is passed over, and good submissions stay good."""

import csv
import io
import json
import os
import socket
import zipfile

import nbformat
import pytest
import small
from walls import unsafe

from assignments import course, grade, one, release
from assignments.collect import collect
from assignments.merge import grade_id, known_cells, merge, read

# What comes of a file: full marks, no points, or it is not used.
FULL, NONE, UNUSED = "full", "none", "unused"
TESTS = {"half-test": 1, "twice-test": 2, "square-test": 3}


@pytest.fixture(scope="module")
def good(source):
    notebook = small.complete(source)
    notebook.cells[-1].source = "Because of this, wegen α, größer."
    return notebook


@pytest.fixture(scope="module")
def partial(good):
    """A good submission with one wrong answer, so that marks are not all alike."""
    notebook = nbformat.from_dict(good)
    notebook.cells[small.place(notebook, "twice")].source = "def twice(a):\n    return 3 * a"
    return notebook


def plain(good, **options):
    """A notebook as bytes, in ways of writing JSON."""
    return json.dumps(good, **options).encode()


def saved(name, change=lambda data: None, encoding="utf-8"):
    """A file with the good notebook, after a change of its data."""

    def write(folder, good):
        data = json.loads(plain(good))
        changed = change(data)
        data = data if changed is None else changed
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(json.dumps(data, ensure_ascii=False).encode(encoding))

    return write


def raw(name, data):
    """A file with bytes that are no notebook."""

    def write(folder, _):
        (folder / name).write_bytes(data)

    return write


def in_zip(name="work.zip", inside="small.ipynb", change=bytes):
    """A zip with the good notebook, of which the bytes are changed."""

    def write(folder, good):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inside, plain(good))
        (folder / name).write_bytes(change(buffer.getvalue()))

    return write


def encrypted(data):
    """The bytes of a zip that says that it is encrypted."""
    data = bytearray(data)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def several(*writers):
    """All of some writers."""

    def write(folder, good):
        for writer in writers:
            writer(folder, good)

    return write


def two_zips(folder, good):
    """A zip within a zip."""
    in_zip("inner.zip")(folder, good)
    with zipfile.ZipFile(folder / "outer.zip", "w") as archive:
        archive.write(folder / "inner.zip", "inner.zip")
    (folder / "inner.zip").unlink()


def bomb(folder, _):
    """A zip that would unpack to much more than it is."""
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small.ipynb", b" " * 30_000_000)


def pipe(folder, _):
    os.mkfifo(folder / "small.ipynb")


def connection(folder, _):
    """A socket; its name must be short, so it is made from within."""
    here = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("small.ipynb")
    finally:
        os.chdir(here)


def link(target):
    """A link."""
    return lambda folder, _: (folder / "small.ipynb").symlink_to(target)


def sparse(folder, _):
    """A file of 100 GB, of which nothing is on the disk."""
    with open(folder / "small.ipynb", "wb") as file:
        file.truncate(100 * 10**9)


def folder_of_that_name(folder, _):
    (folder / "small.ipynb").mkdir()


def each_cell(**what):
    """A change: give each cell something."""

    def change(data):
        for cell in data["cells"]:
            cell.update(what)

    return change


def no_ids(data):
    for cell in data["cells"]:
        cell.update(metadata={})
        cell.pop("id")


def in_lines(data):
    for cell in data["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def windows_lines(data):
    for cell in data["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def format_3(data):
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    return {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": data["cells"]}]}


def strangers(data):
    data["cells"][2:2] = [None, 3, "cell", [], {}]


def untouched(data):
    for cell in data["cells"]:
        if cell["id"] in ("half", "twice", "square", "why"):
            cell["source"] = ""


def copied(data):
    data["cells"] += [json.loads(json.dumps(cell)) for cell in data["cells"]]


def all_text(data):
    for cell in data["cells"]:
        cell["cell_type"] = "markdown"


def no_tests(data):
    data["cells"] = [cell for cell in data["cells"] if "test" not in cell["id"]]


def not_untouched(data):
    data["cells"] = []


def deep_metadata(data):
    nested = []
    for _ in range(500):
        nested = [nested]
    data["metadata"] = {"nested": nested, "widgets": {"state": float("inf")}}


def many_outputs(data):
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000}
    data["cells"][1]["outputs"] = [output, 3, None, {"output_type": "display_data", "data": 1}]


ODD = {
    # Names and places.
    "a browser's number": (saved("small (1).ipynb"), FULL),
    "a browser's ending": (saved("small.ipynb.txt"), FULL),
    "capitals": (saved("SMALL.IPYNB"), FULL),
    "a copy": (saved("Copy of small.ipynb"), FULL),
    "own name": (saved("own name_small_final.ipynb"), FULL),
    "a name that tells nothing": (saved("Untitled7.ipynb"), FULL),
    "a name with a line end": (saved("small\n.ipynb"), FULL),
    "deep": (saved("a/b/c/d/small.ipynb"), FULL),
    "nbgrader": (saved("small/small.ipynb"), FULL),
    "two": (several(saved("small (1).ipynb", each_cell(source="")), saved("small.ipynb")), FULL),
    "two, one untouched": (
        several(saved("small.ipynb", untouched), saved("small (1).ipynb")),
        FULL,
    ),
    "two, one broken": (several(raw("small.ipynb", b"{"), saved("small (1).ipynb")), FULL),
    "a zip": (in_zip(), FULL),
    "a zip of windows": (in_zip(inside="work\\small.ipynb"), FULL),
    "another notebook": (saved("notes.ipynb", lambda data: data.update(cells=[])), UNUSED),
    "nothing": (lambda folder, good: None, None),
    "only a checkpoint": (saved(".ipynb_checkpoints/small-checkpoint.ipynb"), UNUSED),
    "hidden": (saved(".small.ipynb"), UNUSED),
    "a script": (raw("small.py", b"half = 1"), UNUSED),
    "other archive": (raw("small.7z", b"7z"), UNUSED),
    "a folder": (folder_of_that_name, UNUSED),
    # Files that are none.
    "a pipe": (pipe, UNUSED),
    "a socket": (connection, UNUSED),
    "a link to a device": (link("/dev/zero"), UNUSED),
    "a link to another": (link("../ann/small.ipynb"), UNUSED),
    "a link to itself": (link("small.ipynb"), UNUSED),
    "a link to nothing": (link("nothing"), UNUSED),
    # Zips that are not opened.
    "a zip in a zip": (two_zips, UNUSED),
    "a zip bomb": (bomb, UNUSED),
    "a broken zip": (in_zip(change=lambda data: data[:-40]), UNUSED),
    "an encrypted zip": (in_zip(change=encrypted), UNUSED),
    "a zip that leads out": (in_zip(inside="../../ann/small.ipynb"), UNUSED),
    # What is in the file.
    "empty": (raw("small.ipynb", b""), NONE),
    "zeros": (raw("small.ipynb", b"\0" * 100), NONE),
    "cut": (raw("small.ipynb", b'{"cells": [{"cell_type": "code", "sou'), NONE),
    "a web page": (raw("small.ipynb", b"<!DOCTYPE html><html></html>"), NONE),
    "not a notebook": (raw("small.ipynb", b'{"cells": 3}'), NONE),
    "nested": (raw("small.ipynb", b'{"cells": ' + b"[" * 100_000), NONE),
    "huge": (sparse, NONE),
    "no cells": (saved("small.ipynb", not_untouched), NONE),
    "no ids": (saved("small.ipynb", no_ids), FULL),
    "all cells twice": (saved("small.ipynb", copied), FULL),
    "no tests": (saved("small.ipynb", no_tests), FULL),
    "all text": (saved("small.ipynb", all_text), FULL),
    "lines": (saved("small.ipynb", in_lines), FULL),
    "lines of windows": (saved("small.ipynb", windows_lines), FULL),
    "format 3": (saved("small.ipynb", format_3), FULL),
    "strangers": (saved("small.ipynb", strangers), FULL),
    "odd metadata": (saved("small.ipynb", each_cell(metadata={"nbgrader": None})), FULL),
    "odd metadata 2": (saved("small.ipynb", each_cell(metadata=[{"nbgrader": 3}])), FULL),
    "odd metadata 3": (
        saved("small.ipynb", each_cell(metadata={"nbgrader": {"grade_id": ["half"]}})),
        FULL,
    ),
    "one id": (saved("small.ipynb", each_cell(id="same")), FULL),
    "deep metadata": (saved("small.ipynb", deep_metadata), FULL),
    "outputs": (saved("small.ipynb", many_outputs), FULL),
    "byte order mark": (saved("small.ipynb", encoding="utf-8-sig"), FULL),
    "utf-16": (saved("small.ipynb", encoding="utf-16"), FULL),
    "code page": (
        saved("small.ipynb", lambda d: d["cells"][-1].update(source="größer"), "cp1252"),
        FULL,
    ),
}
# Where nothing that matters is odd, there is nothing to say.
WITHOUT_REMARK = {
    *("deep", "nbgrader", "lines", "lines of windows", "format 3", "one id", "odd metadata"),
    *("odd metadata 2", "odd metadata 3", "deep metadata", "outputs", "byte order mark", "utf-16"),
    *("all cells twice",),
}
ODD_NAMES = {os.fsdecode(b"byte \xff"): "byte \\udcff", "line\nend": "line\\nend", "=1+1": "=1+1"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, good, partial):
    """All of them, and two good submissions, as one class."""
    folder = tmp_path_factory.mktemp("class")
    for student, notebook in (("ann", good), ("zoe", partial)):
        (folder / student).mkdir()
        (folder / student / "small.ipynb").write_bytes(plain(notebook))
    for student, (write, _) in ODD.items():
        (folder / student).mkdir()
        write(folder / student, good)
    for name in ODD_NAMES:
        (folder / name).mkdir()
        (folder / name / "small.ipynb").write_bytes(plain(good))
    (folder / "small.ipynb").write_bytes(plain(good))
    (folder / "all.zip").write_bytes(b"PK")
    return folder


@pytest.fixture(scope="module")
def collection(folder, original):
    return collect(
        folder, [small.NAME], {small.NAME: known_cells(release.student_version(original))}
    )


def merged(path, original):
    """Return a submission that is joined with the original; a text, if it cannot be read."""
    try:
        return merge(original, release.student_version(original), read(path))
    except ValueError as error:
        return str(error)


def test_there_are_enough():
    assert len(ODD) >= 30


def test_every_folder_is_a_student(collection):
    assert collection.students == sorted(["ann", "zoe", *ODD, *ODD_NAMES.values()])


def test_what_is_beside_the_folders_is_listed(collection):
    assert [shown for student, shown, _ in collection.unused if not student] == [
        "all.zip",
        "small.ipynb",
    ]


@pytest.mark.parametrize("student", ODD)
def test_an_odd_file_is_a_submission_or_is_listed(collection, original, student):
    expected = ODD[student][1]
    found = [one for one in collection.submissions if one.student == student]
    listed = [why for whose, _, why in collection.unused if whose == student]
    assert len(found) == (expected in (FULL, NONE))
    assert bool(listed) == (expected == UNUSED or student.startswith("two"))
    assert all(listed)
    for one_found in found:
        assert one_found.time
        result = merged(one_found.path, original)
        remarks = [*one_found.remarks, *([result] if isinstance(result, str) else result.remarks)]
        assert bool(remarks) == (student not in WITHOUT_REMARK)
        if expected == FULL:
            assert not result.missing


@pytest.mark.parametrize("student", ["ann", "zoe", *ODD_NAMES.values()])
def test_good_submissions_are_as_they_are_alone(collection, original, good, partial, student):
    [found] = [one for one in collection.submissions if one.student == student]
    assert found.remarks == []
    assert student not in {whose for whose, _, _ in collection.unused}
    alone = merge(
        original, release.student_version(original), partial if student == "zoe" else good
    )
    result = merged(found.path, original)
    assert result.remarks == []
    assert [(grade_id(cell), cell.source) for cell in result.cells] == [
        (grade_id(cell), cell.source) for cell in alone.cells
    ]


def points(result):
    return {name: question.points for name, question in result.questions.items()}


RIGHT = ("half = x / 2", "return 2 * a", "square = sp")  # in the order of the tests


def judged_by_text(cells, settings, unsafe, alone):
    """Judge by the text of answers, without running them."""
    code = "".join(cell["source"] for cell in cells if cell["kind"] == "student")
    tests = [place for place, cell in enumerate(cells) if cell["kind"] == "test"]
    states = ["passed" if text in code else "failed" for text in RIGHT]
    return one.Told({place: (s, "") for place, s in zip(tests, states, strict=True)}, ended=True)


def test_the_tables_of_the_class_have_all(folder, collection, source, monkeypatch, tmp_path):
    monkeypatch.setattr(course, "SOURCE", source)
    monkeypatch.setattr(course, "names", lambda: [small.NAME])
    monkeypatch.setattr(one, "execute", judged_by_text)
    assert grade.grade_class(folder, tmp_path, small.SETTINGS, jobs=2, unsafe=True) == 0
    with open(tmp_path / "grades.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(collection.students)
    expected = {student: outcome for student, (_, outcome) in ODD.items()}
    expected |= dict.fromkeys(["ann", *ODD_NAMES.values()], FULL)
    scores = {
        FULL: "6",
        NONE: "0",
        UNUSED: rows["nothing"]["score"],
        None: rows["nothing"]["score"],
    }
    assert rows.pop("zoe")["score"] == "4"
    for student, row in rows.items():
        # A spreadsheet would take "=1+1" for a formula.
        assert row["score"] == scores[expected[student.lstrip("'")]], student
    listed = (tmp_path / "not-used.csv").read_text(encoding="utf-8-sig")
    for _, shown, _ in collection.unused:
        assert shown in listed


@pytest.mark.endurance
def test_all_are_graded_and_good_ones_have_the_marks_that_they_have_alone(
    collection, original, source
):
    marks, ran = {}, {}
    for found in collection.submissions:
        result = merged(found.path, original)
        # Those that come to the same are run once: this takes seconds each.
        code = found.path if isinstance(result, str) else tuple(c.source for c in result.cells)
        if code not in ran:
            ran[code] = one.grade(
                found.student, small.NAME, found.path, small.SETTINGS, source, unsafe=unsafe()
            )
        marks[found.student] = ran[code]
    assert len(ran) > 10
    full = TESTS | {"why": None}
    assert points(marks.pop("ann")) == full
    assert points(marks.pop("zoe")) == full | {"twice-test": 0}
    expected = {student: outcome for student, (_, outcome) in ODD.items()}
    expected |= dict.fromkeys(ODD_NAMES.values(), FULL)
    for student, result in marks.items():
        none = dict.fromkeys(full, 0)
        assert points(result) == (full if expected[student] == FULL else none), student
        assert expected[student] == FULL or result.remarks, student
