"""Answers find their place in the original, whatever an editor or a student did to the file."""

import json
import os
import struct

import nbformat
import pytest
import small
from nbformat.v4 import new_code_cell, new_markdown_cell

from assignments import release
from assignments.merge import grade_id, is_extra, known_cells, merge, read
from assignments.reading import MAX_BYTES, MOST_VALUES

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


@pytest.fixture
def complete(source):
    """A submission with all answers; the written one is the student's own."""
    notebook = small.complete(source)
    put(notebook, "why", "Because of this.")
    return notebook


@pytest.fixture
def merged(original, tmp_path):
    """Write a notebook (or plain data, or bytes) to a file, read and merge it."""

    def merging(notebook):
        path = tmp_path / "small.ipynb"
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        path.write_bytes(data)
        return merge(original, release.student_version(original), read(path))

    return merging


def put(notebook, name, text):
    notebook.cells[small.place(notebook, name)].source = text
    return notebook


def insert(notebook, name, *cells, after=0):
    """Put cells before one, or after it."""
    place = small.place(notebook, name) + after
    notebook.cells[place:place] = cells
    return notebook


def answers(submission):
    """Text of each cell for an answer."""
    names = ("half", "twice", "square", "why")
    return {grade_id(c): c.source for c in submission.cells if grade_id(c) in names}


def extras(submission):
    return [cell.source for cell in submission.cells if is_extra(cell)]


def ran(submission):
    """All code of a submission as one text, to see in which order things are run."""
    return "\n".join(cell.source for cell in submission.cells if cell.cell_type == "code")


def test_a_complete_submission_is_taken_without_a_remark(merged, complete):
    result = merged(complete)
    assert answers(result) == {
        name: complete.cells[small.place(complete, name)].source
        for name in ("half", "twice", "square", "why")
    }
    assert (result.remarks, result.missing, extras(result)) == ([], set(), [])


def test_what_was_handed_out_has_no_answers(merged, original):
    result = merged(release.student_version(original))
    assert result.missing == {"half", "twice", "square", "why"}
    assert result.remarks == []


def test_cells_are_those_of_the_original_but_for_answers_and_added_code(merged, complete, original):
    insert(complete, "twice", new_code_cell("helper = 1"), new_markdown_cell("a thought"))
    result = merged(complete)
    assert extras(result) == ["helper = 1"]
    ours = [cell for cell in result.cells if not is_extra(cell)]
    assert [grade_id(cell) for cell in ours] == [grade_id(cell) for cell in original.cells]
    tests = {grade_id(cell): cell.source for cell in ours if "test" in grade_id(cell)}
    assert small.SECRET in tests["half-test"]


def test_an_added_cell_cannot_pass_for_one_of_ours(merged, complete):
    cell = new_code_cell("x = 1", metadata={"extra": False, "nbgrader": {"grade_id": "new"}})
    result = merged(insert(complete, "half", cell))
    [added] = [cell for cell in result.cells if is_extra(cell)]
    assert (added.source, grade_id(added)) == ("x = 1", None)


def test_remarks_use_titles(original, complete):
    del complete.cells[small.place(complete, "half")]
    handed_out = release.student_version(original)
    result = merge(original, handed_out, complete, {"half": "1 Half of it"})
    assert result.remarks == ["1 Half of it was deleted"]


def no_grade_ids(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def no_cell_ids(notebook):
    for place, cell in enumerate(notebook.cells):
        cell.id = f"new-{place}"


def neither(notebook):
    no_grade_ids(notebook)
    no_cell_ids(notebook)


def neither_for_answers(notebook):
    for place, cell in enumerate(notebook.cells):
        if grade_id(cell) in ("half", "twice", "square", "why"):
            cell.metadata, cell.id = {}, f"new-{place}"


@pytest.fixture
def with_the_same_answers(merged, complete):
    """Change the complete submission, merge it, and see that the answers are as before."""

    def merging(change):
        expected = answers(merged(complete))
        change(complete)
        result = merged(complete)
        assert answers(result) == expected
        return result

    return merging


@pytest.mark.parametrize("drop", [no_grade_ids, no_cell_ids])
def test_one_kind_of_id_is_enough(with_the_same_answers, drop):
    result = with_the_same_answers(drop)
    assert (result.remarks, result.missing, extras(result)) == ([], set(), [])


@pytest.mark.parametrize("drop", [neither, neither_for_answers])
def test_cells_without_any_id_are_found_by_their_place(with_the_same_answers, drop):
    result = with_the_same_answers(drop)
    assert (result.missing, extras(result)) == (set(), [])
    assert result.remarks == [
        "the ids of cells were lost; found by their place: half; twice; square; why"
    ]


def test_by_place_added_cells_run_in_their_order(merged, complete):
    insert(complete, "twice", new_code_cell("first = 1"), new_code_cell("second = 2"))
    insert(complete, "square", new_code_cell("last = square"), after=1)
    neither(complete)
    code = ran(merged(complete))
    parts = ("half = x / 2", "first = 1", "second = 2", "def twice", "square =", "last = square")
    places = [code.index(part) for part in parts]
    assert places == sorted(places)


def test_by_place_a_deleted_answer_does_not_shift_the_others(merged, complete):
    expected = answers(merged(complete))
    del complete.cells[small.place(complete, "twice")]
    neither(complete)
    result = merged(complete)
    assert answers(result) == expected | {"twice": ""}
    assert result.missing == {"twice"}
    assert "twice was deleted" in result.remarks


def test_by_place_an_edited_test_is_no_cell_of_the_student(merged, complete):
    put(complete, "half-test", "assert half or True")
    neither(complete)
    result = merged(complete)
    assert extras(result) == []
    assert "half-test was edited: ours was used" in result.remarks


def test_cells_that_were_moved_keep_their_place_by_id(with_the_same_answers):
    with_the_same_answers(lambda notebook: notebook.cells.reverse())


def copy(notebook, name, text):
    """Return a cell as JupyterLab copies it: with nbgrader's id, but an id of its own."""
    cell = nbformat.from_dict(notebook.cells[small.place(notebook, name)])
    cell.id, cell.source = f"copy-{text[:3].strip() or 'x'}", text
    return cell


def test_of_copies_the_first_with_an_answer_is_taken(merged, complete):
    insert(complete, "square", copy(complete, "half", "half = x / 2"), after=1)
    put(complete, "half", STUB)
    result = merged(complete)
    assert answers(result)["half"] == "half = x / 2"
    assert (result.missing, extras(result), result.remarks) == (set(), [], [])


def test_a_cell_that_was_split_runs_as_a_whole(merged, complete):
    insert(complete, "half", copy(complete, "half", "half = whole / 2"), after=1)
    put(complete, "half", "whole = x")
    result = merged(complete)
    namespace = {"x": 10}
    exec(answers(result)["half"] + "\n" + extras(result)[0], namespace)
    assert namespace["half"] == 5
    assert result.remarks == ["half is there 2 times: all were run, in their order"]


def test_a_written_answer_that_was_split_is_put_together(merged, complete):
    insert(complete, "why", copy(complete, "why", "And that."), after=1)
    result = merged(complete)
    assert answers(result)["why"] == "Because of this.\n\nAnd that."


@pytest.mark.parametrize("after", [0, 1])
def test_text_in_an_added_cell_beside_it_belongs_to_a_written_answer(
    merged, complete, original, after
):
    handed_out = release.student_version(original).cells[-1].source
    put(complete, "why", handed_out)
    insert(complete, "why", new_markdown_cell("It is so."), after=after)
    result = merged(complete)
    assert answers(result)["why"] == "It is so."
    assert result.missing == set()
    assert result.remarks == ["why: the answer has texts from cells beside it"]


def test_a_written_answer_in_a_code_cell_is_text_and_is_not_run(merged, complete):
    complete.cells[-1] = new_code_cell("It is so.", metadata=complete.cells[-1].metadata)
    result = merged(complete)
    assert answers(result)["why"] == "It is so."
    assert result.cells[-1].cell_type == "markdown"
    assert extras(result) == []


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_code_in_a_cell_for_text_is_run_where_an_answer_was_asked_for(merged, complete, kind):
    place = small.place(complete, "half")
    complete.cells[place].cell_type = kind
    result = merged(complete)
    assert answers(result)["half"] == complete.cells[place].source
    assert result.cells[place].cell_type == "code"
    assert result.remarks == ["half is not a code cell any more: it was run as code"]


def test_a_picture_in_a_written_answer_is_pointed_out(merged, complete):
    complete.cells[-1].source = "![it](attachment:it.png)"
    complete.cells[-1].attachments = {"it.png": {"image/png": "AAAA"}}
    result = merged(complete)
    assert result.missing == set()
    assert result.remarks == ["why: the answer holds a picture, see the file"]


def test_the_numbers_of_another_course_are_said_to_be_so(merged, source):
    other = release.instructor_version(small.NAME, "another seed", source)
    result = merged(small.answered(other))
    assert result.remarks == ["numbers are those of another course: ours were used"]


def test_an_edited_number_is_no_other_course(merged, complete, original):
    place = small.place(complete, "numbers")
    first, *rest = original.cells[place].source.splitlines()
    complete.cells[place].source = "\n".join(["x = 5000  # mine", *rest])
    result = merged(complete)
    assert result.cells[place].source.splitlines()[0] == first
    assert result.remarks == ["numbers was edited (x = 5000): ours was used"]


def test_a_formatter_that_went_over_our_cells_is_no_edit(merged, complete):
    for name in ("numbers", "half-test"):
        cell = complete.cells[small.place(complete, name)]
        cell.source = cell.source.replace(" = ", "  =  ").replace("'", '"') + "\n\n"
    assert merged(complete).remarks == []


@pytest.mark.parametrize("text", ["%%time\nhalf = x / 2", "if x:\n\thalf = x / 2"])
def test_magics_and_tabs_come_through(merged, complete, text):
    assert answers(merged(put(complete, "half", text)))["half"] == text


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_become_plain(merged, complete, original, end):
    put(complete, "half", f"a = 1{end}half = x / 2{end}")
    put(complete, "half-test", complete.cells[3].source.replace("\n", end))
    assert answers(merged(complete))["half"] == "a = 1\nhalf = x / 2\n"
    untouched = release.student_version(original)
    for cell in untouched.cells:
        cell.source = cell.source.replace("\n", end)
    result = merged(untouched)
    assert (result.missing, result.remarks) == ({"half", "twice", "square", "why"}, [])


ODD_METADATA = [None, "text", [], 3, {"nbgrader": None}, {"nbgrader": "text"}, {"nbgrader": [1]}]
ODD_METADATA += [{"nbgrader": {"grade_id": odd}} for odd in (None, 3, [], {}, ["half"])]


@pytest.mark.parametrize("odd", ODD_METADATA, ids=repr)
def test_any_metadata_is_survived(merged, complete, odd):
    expected = answers(merged(complete))
    for cell in complete.cells:
        cell["metadata"] = odd
    complete["metadata"] = odd
    result = merged(complete)
    assert (answers(result), result.missing) == (expected, set())


def each(key, value):
    """Return a change: give each cell something."""

    def change(notebook):
        for cell in notebook["cells"]:
            cell[key] = value

    return change


def without(*keys):
    """Return a change: take keys away from the notebook and from its cells."""

    def change(notebook):
        for one in (notebook, *notebook["cells"]):
            for key in keys:
                one.pop(key, None)

    return change


def source_in_lines(notebook):
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def format_3(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["prompt_number"] = 1
    notebook["worksheets"] = [{"cells": notebook.pop("cells"), "metadata": {}}]
    notebook["nbformat"] = 3


def strangers(notebook):
    notebook["cells"][1:1] = [None, 3, "cell", [], {}, {"cell_type": "heading", "level": 1}]


FORMS = {
    "lines": source_in_lines,
    "no metadata": without("metadata", "nbformat", "nbformat_minor"),
    "no outputs": without("outputs", "execution_count"),
    "garbage outputs": each("outputs", [None, {"output_type": 3}, "x"]),
    "text as outputs": each("outputs", "none"),
    "same id": each("id", "same"),
    "no id": without("id"),
    "odd id": each("id", [1]),
    "format 3": format_3,
    "format 99": lambda notebook: notebook.update(nbformat="99", nbformat_minor=-1),
    "strangers": strangers,
    "widgets": lambda notebook: notebook["metadata"].update(widgets={"state": float("nan")}),
}


@pytest.mark.parametrize("change", FORMS.values(), ids=FORMS)
def test_other_forms_of_a_notebook_are_read(merged, complete, change):
    expected = answers(merged(complete))
    data = json.loads(json.dumps(complete))
    change(data)
    result = merged(data)
    assert (answers(result), result.missing) == (expected, set())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_read(merged, complete, encoding):
    put(complete, "why", "Größer α, sieht man.")
    data = json.dumps(complete, ensure_ascii=False).encode(encoding)
    result = merged(data)
    assert answers(result)["why"] == "Größer α, sieht man."
    assert result.remarks == []


def test_a_code_page_is_read_with_a_remark(merged, complete):
    put(complete, "why", "Größer, sieht man.")
    result = merged(json.dumps(complete, ensure_ascii=False).encode("cp1252"))
    assert answers(result)["why"] == "Größer, sieht man."
    assert result.remarks == ["the file is not in UTF-8: letters may have changed"]


def test_a_damaged_letter_costs_only_itself(merged, complete):
    put(complete, "why", "Größer α, sieht man.")
    data = json.dumps(complete, ensure_ascii=False).encode().replace("ß".encode(), b"\xff")
    result = merged(data)
    assert answers(result)["why"] == "Grö\ufffder α, sieht man."
    assert len(result.remarks) == 1


def test_what_no_file_can_hold_does_not_come_through(merged, complete):
    result = merged(put(complete, "why", "a\ud800b\0c \U0001f600"))
    assert answers(result)["why"] == "a\ufffdb\ufffdc \U0001f600"


def test_zeros_behind_the_end_are_no_harm(merged, complete):
    assert answers(merged(json.dumps(complete).encode() + b"\0" * 100)) == answers(merged(complete))


DEEP = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
CONFLICT = b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n]}'
NOTEBOOKS_NOT = {
    "empty": (b"", "it is empty"),
    "zeros": (b"\0" * 1000, "it is empty"),
    "space": (b" \n", "it is empty"),
    "cut": (b'{"cells": [{"cell_type": "code", "sour', "breaks off"),
    "object": (b"{}", "no list of cells"),
    "list": (b"[]", "no list of cells"),
    "number": (b"3", "no list of cells"),
    "nothing": (b"null", "no list of cells"),
    "nan": (b"NaN", "no list of cells"),
    "cells": (b'{"cells": 3}', "no list of cells"),
    "cells 2": (b'{"cells": {"a": 1}}', "no list of cells"),
    "web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "zip": (b"PK\x03\x04rest", "an archive"),
    "pdf": (b"%PDF-1.7", "a PDF"),
    "deep": (DEEP, "nested too deeply"),
    "conflict": (CONFLICT, "conflict"),
    "binary": (struct.pack("<8d", *range(8)), "damaged"),
    "long number": (b'{"cells": ' + b"9" * 10_000 + b"}", "damaged"),
    "many": (b'{"cells": [' + b"{}," * 3000 + b"{}]}", "more than"),
    "many values": (b'{"cells": [' + b"{}," * MOST_VALUES + b"{}]}", "values: clear its outputs"),
    "huge": (b" " * (MAX_BYTES + 1), "larger than"),
}


@pytest.mark.parametrize(("data", "why"), NOTEBOOKS_NOT.values(), ids=NOTEBOOKS_NOT)
def test_what_is_no_notebook_is_refused_with_a_plain_reason(tmp_path, data, why):
    path = tmp_path / "small.ipynb"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=why):
        read(path)


def test_a_long_text_is_one_value_whatever_is_in_it(merged, complete):
    for letters in ('{"a": [1, 2]}, ', '"', "\\", "\\\n"):
        complete.metadata["printed"] = letters * MOST_VALUES
        assert "half = x / 2" in answers(merged(complete))["half"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "small.ipynb")
    with pytest.raises(ValueError, match="no ordinary file"):
        read(tmp_path / "small.ipynb")


def test_a_notebook_is_known_by_its_answers_and_tests(original):
    known = known_cells(release.student_version(original))
    assert known.keys() == {
        *("half", "half-test", "twice", "twice-test", "square", "square-test", "why")
    }
    assert known["half"] == "".join(STUB.split())


def test_a_notebook_of_many_cells_without_ids_is_merged_soon(merged, complete):
    cells = [new_code_cell(f"a{k} = {k}") for k in range(1500)]
    insert(complete, "half", *cells)
    neither(complete)
    result = merged(complete)
    assert len(extras(result)) == 1500
    assert "half = x / 2" in ran(result)
