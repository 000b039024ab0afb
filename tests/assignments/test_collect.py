"""Every submission below a folder is found, and of every other file the reason is told."""

import io
import json
import os
import re
import stat
import struct
import unicodedata
import zipfile

import pytest

from assignments import archives, collect, course, release, samples
from assignments.collect import Found, told

NAMES = ["foundations", "rich", "lazy"]
KNOWN = {name: {f"{name}-{k}": "raise" for k in range(8)} for name in NAMES}
DAY = 86_400
SPRING = 1_800_000_000  # 2027-01-15T08:00:00+00:00


def notebook(of="", extra=""):
    """Return a notebook as bytes, with cells of an assignment or of none."""
    ids = sorted(KNOWN.get(of, ["one", "two"]))
    cells = [{"cell_type": "code", "id": one, "source": extra, "metadata": {}} for one in ids]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def lay(folder, files, seconds=SPRING):
    """Write files by name, with a time."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (seconds, seconds))


def zipped(files, **options):
    """Return a zip as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def collected(tmp_path):
    """Write files into a folder and collect from there."""

    def collecting(files, names=NAMES, known=KNOWN):
        lay(tmp_path, files)
        return collect.collect(tmp_path, names, known)

    return collecting


def found(collection):
    return {(one.student, one.assignment): one.shown for one in collection.submissions}


def reasons(collection):
    assert len({shown for _, shown, _ in collection.unused}) == len(collection.unused)
    return {shown: why for _, shown, why in collection.unused}


LAYOUTS = [
    "ann/foundations.ipynb",
    "ann/foundations/foundations.ipynb",
    "ann/a/b/c/foundations.ipynb",
    "ann/Submission attachment(s)/2027-01-15/foundations.ipynb",
    "ann/rich/foundations.ipynb",
]


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_exact_name_is_found_in_any_folder_without_a_remark(collected, name):
    result = collected({name: notebook()})
    [one] = result.submissions
    assert (one.student, one.assignment, one.shown, one.remarks) == ("ann", "foundations", name, [])
    assert one.path.read_bytes() == notebook()
    assert (result.students, result.unused) == (["ann"], [])


LIKELY = [
    "foundations (1).ipynb",
    "foundations-1.ipynb",
    "foundations1.ipynb",
    "Foundations.IPYNB",
    "FOUNDATIONS.ipynb",
    "foundations_final.ipynb",
    "foundations final (2) NEW.ipynb",
    "copy of foundations.ipynb",
    "Kopie von foundations.ipynb",
    "foundations-Copy1.ipynb",
    "ann_foundations.ipynb",
    "foundations_ann.ipynb",
    "foundations.Ann Miller.ipynb",
    "2027-01-15 foundations.ipynb",
    "foundations.ipynb.txt",
    "foundations.ipynb.json",
    "foundations.ipynb ",
    " foundations.ipynb",
    "ｆoundations.ipynb",
    "foundations\n.ipynb",
]


@pytest.mark.parametrize("name", LIKELY)
def test_a_likely_name_is_recognized_with_a_remark(collected, name):
    result = collected({f"ann/{name}": notebook()})
    [one] = result.submissions
    assert (one.student, one.assignment) == ("ann", "foundations")
    assert one.shown == f"ann/{name}".replace("\n", "\\n")
    assert one.remarks == [f"recognized by its name: {one.shown}"]
    assert result.unused == []


@pytest.mark.parametrize(
    ("stem", "student", "expected"),
    [
        ("enrichment", "", []),
        ("richard_foundations", "", ["foundations"]),
        ("rich_foundations", "", ["foundations", "rich"]),
        ("rich_foundations", "rich smith", ["foundations"]),
        ("rich", "rich smith", ["rich"]),
        ("notes", "rich smith", []),
        ("foundationsandmore", "", []),
    ],
)
def test_a_name_tells_only_what_stands_by_itself(stem, student, expected):
    assert told(stem, NAMES, student) == expected


def test_names_of_several_words_and_names_within_names():
    names = ["fock", "fock-network"]
    for stem in ("fock-network", "Fock network (1)", "fock_network"):
        assert told(stem, names) == ["fock-network"]
    assert told("fock 2", names) == ["fock"]


@pytest.mark.parametrize("name", ["homework.ipynb", "Untitled.ipynb", "rich_or_lazy.ipynb"])
def test_cells_tell_where_the_name_does_not(collected, name):
    result = collected({f"ann/{name}": notebook("foundations")})
    [one] = result.submissions
    assert one.assignment == "foundations"
    assert one.remarks[0].startswith("recognized by its cells")
    assert one.shown in one.remarks[0]


def test_cells_tell_against_the_name(collected):
    result = collected({"ann/rich.ipynb": notebook("lazy")})
    [one] = result.submissions
    assert one.assignment == "lazy"
    assert one.remarks == ["recognized by its cells (its name says rich): ann/rich.ipynb"]


def test_a_few_cells_of_another_assignment_tell_nothing(collected):
    data = json.loads(notebook("rich"))
    data["cells"][0]["id"] = "lazy-0"
    result = collected({"ann/rich.ipynb": json.dumps(data).encode()})
    assert found(result) == {("ann", "rich"): "ann/rich.ipynb"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("notes.ipynb", "its name tells no assignment"),
        ("rich_or_lazy.ipynb", "its name tells more than one assignment"),
    ],
)
def test_where_neither_tells_it_is_not_guessed(collected, name, why):
    result = collected({f"ann/{name}": notebook()})
    assert result.submissions == []
    assert reasons(result)[f"ann/{name}"].startswith(why)


def test_assignments_that_are_not_graded_are_not_taken(collected):
    result = collected({"ann/rich.ipynb": notebook()}, ["lazy"], {"lazy": KNOWN["lazy"]})
    assert result.submissions == []
    assert "ann/rich.ipynb" in reasons(result)


def test_cells_are_those_of_the_course_unless_told():
    known = collect.cells_of(course.names())
    assert known.keys() == set(course.names())
    for name, cells in known.items():
        others = set().union(*(known[other] for other in known if other != name))
        assert len(cells.keys() - others) > len(cells) / 2


def test_what_is_handed_out_is_recognized_and_has_no_answers(tmp_path):
    known = collect.cells_of(course.names())
    for name in course.names():
        original = release.instructor_version(name, course.read().seed)
        for made, answered in (
            (release.student_version(original), False),
            (samples.answered(original), True),
        ):
            release.put(made, tmp_path / "any.ipynb")
            assert collect.recognized(tmp_path / "any.ipynb", known) == (name, answered)


def test_a_copy_as_it_was_handed_out_does_not_go_before_answers(collected):
    files = {"ann/rich.ipynb": notebook("rich", "raise")}
    result = collected(files | {"ann/rich (1).ipynb": notebook("rich", "answer = 1")})
    assert found(result) == {("ann", "rich"): "ann/rich (1).ipynb"}
    assert "the first with answers" in result.submissions[0].remarks[-1]


def test_the_exact_name_goes_before_a_newer_one(collected, tmp_path):
    lay(tmp_path, {"ann/foundations (1).ipynb": notebook(extra="new")}, SPRING + DAY)
    result = collected({"ann/foundations.ipynb": notebook()})
    [one] = result.submissions
    assert one.shown == "ann/foundations.ipynb"
    assert one.remarks == [
        "ann/foundations.ipynb was taken, the one with the exact name; "
        "not used: ann/foundations (1).ipynb"
    ]
    assert reasons(result) == {
        "ann/foundations (1).ipynb": "ann/foundations.ipynb was taken instead"
    }


def test_else_the_newest_is_taken(collected, tmp_path):
    lay(tmp_path, {"ann/foundations (1).ipynb": notebook(extra="new")}, SPRING + DAY)
    result = collected({"ann/foundations (2).ipynb": notebook()})
    assert found(result) == {("ann", "foundations"): "ann/foundations (1).ipynb"}
    assert "the newest" in result.submissions[0].remarks[-1]


def test_else_the_first_by_name(collected):
    result = collected({f"ann/foundations ({k}).ipynb": notebook() for k in (3, 1, 2)})
    assert found(result) == {("ann", "foundations"): "ann/foundations (1).ipynb"}
    assert "the first by name" in result.submissions[0].remarks[-1]
    assert set(reasons(result).values()) == {"the same as ann/foundations (1).ipynb"}


def test_one_that_can_be_read_goes_before_all(collected):
    result = collected({"ann/foundations.ipynb": b"", "ann/my foundations.ipynb": notebook()})
    assert found(result) == {("ann", "foundations"): "ann/my foundations.ipynb"}
    assert "can be read" in result.submissions[0].remarks[-1]


def test_one_that_cannot_be_read_is_still_a_submission_if_its_name_tells(collected):
    result = collected({"ann/foundations.ipynb": b"no", "bob/homework.ipynb": b"no"})
    assert found(result) == {("ann", "foundations"): "ann/foundations.ipynb"}
    assert "not a notebook" in reasons(result)["bob/homework.ipynb"]


def test_many_files_of_one_assignment_make_a_short_remark(collected):
    result = collected({f"ann/foundations ({k:03}).ipynb": notebook() for k in range(100)})
    [one] = result.submissions
    assert one.remarks[-1].endswith("and 94 more")
    assert len(result.unused) == 99


def test_times_are_kept_in_utc(collected):
    result = collected({"ann/foundations.ipynb": notebook()})
    assert result.submissions[0].time == "2027-01-15T08:00:00+00:00"


@pytest.mark.parametrize("seconds", [1e20, -1e20, float("inf"), float("nan")])
def test_a_time_that_is_none_is_left_out(seconds):
    assert collect.moment(seconds) == ""


def test_students_are_the_folders_with_or_without_files(collected, tmp_path):
    (tmp_path / "zoe").mkdir()
    result = collected({"ann/foundations.ipynb": notebook(), "ann-2/x/y.txt": b""})
    assert result.students == ["ann", "ann-2", "zoe"]


def test_what_is_beside_the_folders_is_listed_and_not_guessed(collected):
    files = {"ann_foundations.ipynb": notebook(), "ann.zip": zipped({}), ".DS_Store": b""}
    result = collected(files | {".git/config": b"", "__MACOSX/foundations.ipynb": notebook()})
    assert (result.students, result.submissions) == ([], [])
    assert reasons(result) == {
        "ann_foundations.ipynb": "not in the folder of a student: move it to one",
        "ann.zip": "not in the folder of a student: move it to one",
        ".DS_Store": "hidden",
        ".git": "hidden",
        "__MACOSX": "macOS's own files: not looked into",
    }


def test_a_folder_with_the_name_of_an_assignment_is_pointed_out(collected):
    result = collected({"rich/ann.ipynb": notebook("rich")})
    assert "name of an assignment" in reasons(result)["rich"]
    assert result.students == ["rich"]


def test_copies_of_jupyter_and_hidden_files_are_listed(collected):
    checkpoint = "ann/.ipynb_checkpoints/foundations-checkpoint.ipynb"
    files = {checkpoint: notebook(), "ann/.foundations.ipynb": notebook(), "ann/a.txt": b""}
    result = collected(files)
    assert result.submissions == []
    assert reasons(result) == {
        "ann/.ipynb_checkpoints": "Jupyter's own copies: not looked into",
        "ann/.foundations.ipynb": "hidden",
        "ann/a.txt": "not a notebook",
    }


def test_many_other_files_are_counted_by_folder(collected):
    files = {f"ann/venv/{k % 7}/{k}.py": b"" for k in range(100)}
    result = collected(files | {"ann/a.txt": b"", "ann/venv/foundations.ipynb": notebook()})
    assert reasons(result) == {
        "ann/a.txt": "not a notebook",
        "ann/venv": "100 files: no notebooks",
    }
    assert len(result.submissions) == 1


def test_a_flood_of_files_ends(collected, monkeypatch):
    monkeypatch.setattr(collect, "MOST_FILES", 10)
    result = collected({f"ann/{k}.txt": b"" for k in range(20)} | {"bob/rich.ipynb": notebook()})
    assert "more than 10 files" in reasons(result)["ann"]
    assert found(result) == {("bob", "rich"): "bob/rich.ipynb"}


@pytest.mark.parametrize("name", ["foundations.7z", "work.tar.gz", "work.RAR"])
def test_other_archives_are_not_opened(collected, name):
    assert "archive" in reasons(collected({f"ann/{name}": b"data"}))[f"ann/{name}"]


def test_a_folder_may_have_the_name_of_a_notebook(collected, tmp_path):
    (tmp_path / "ann" / "foundations.ipynb").mkdir(parents=True)
    result = collected({"ann/foundations.ipynb/foundations.ipynb": notebook()})
    assert len(result.submissions) == 1
    assert "folder with the name" in reasons(result)["ann/foundations.ipynb"]


# Links, pipes, and what may not be read.


def test_links_are_not_followed(collected, tmp_path):
    lay(tmp_path, {"bob/foundations.ipynb": notebook()})
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "foundations.ipynb").symlink_to(tmp_path / "bob" / "foundations.ipynb")
    (tmp_path / "ann" / "all").symlink_to(tmp_path)
    (tmp_path / "ann" / "nowhere.ipynb").symlink_to("nothing")
    (tmp_path / "cay").symlink_to(tmp_path / "bob")
    result = collected({})
    assert found(result) == {("bob", "foundations"): "bob/foundations.ipynb"}
    assert result.students == ["ann", "bob", "cay"]
    assert set(reasons(result)) == {
        "ann/foundations.ipynb",
        "ann/all",
        "ann/nowhere.ipynb",
        "cay",
    }
    assert set(reasons(result).values()) == {"a link: links are not followed"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
@pytest.mark.parametrize("name", ["foundations.ipynb", "work.zip", "a.txt"])
def test_a_pipe_is_never_opened(collected, tmp_path, name):
    (tmp_path / "ann").mkdir()
    os.mkfifo(tmp_path / "ann" / name)
    assert reasons(collected({})) == {f"ann/{name}": "no ordinary file: not opened"}


def test_a_file_that_cannot_be_read_does_not_end_the_others(collected, monkeypatch):
    original = collect.read

    def refusing(path):
        if path.parent.name == "ann":
            raise PermissionError(13, "Permission denied")
        return original(path)

    monkeypatch.setattr(collect, "read", refusing)
    result = collected({"ann/rich.ipynb": notebook(), "bob/rich.ipynb": notebook()})
    assert found(result) == {("bob", "rich"): "bob/rich.ipynb"}
    assert result.students == ["ann", "bob"]
    assert reasons(result) == {"ann/rich.ipynb": "it cannot be read (Permission denied)"}


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may read everything")
def test_rights_that_are_missing_are_told(collected, tmp_path):
    lay(tmp_path, {"ann/a/rich.ipynb": notebook(), "bob/rich.ipynb": notebook()})
    (tmp_path / "ann" / "a").chmod(0)
    (tmp_path / "bob" / "rich.ipynb").chmod(0)
    result = collected({"cay/rich.ipynb": notebook()})
    (tmp_path / "ann" / "a").chmod(0o700)
    assert found(result) == {("cay", "rich"): "cay/rich.ipynb"}
    assert all("Permission denied" in why for why in reasons(result).values())
    assert set(reasons(result)) == {"ann/a", "bob/rich.ipynb"}


# Names.

ODD_NAMES = {
    "line\nend": "line\\nend",
    "bell\a": "bell\\x07",
    "right\u202eleft": "right\\u202eleft",
    "back\\slash": "back\\\\slash",
    os.fsdecode(b"byte\xff"): "byte\\udcff",
    "=1+1": "=1+1",
    "Zoë Ångström": "Zoë Ångström",
    unicodedata.normalize("NFD", "Zoë"): unicodedata.normalize("NFD", "Zoë"),
    "می\u200cخواهم": "می\u200cخواهم",
    "  ": "  ",
}


@pytest.mark.parametrize(("name", "shown"), ODD_NAMES.items(), ids=ODD_NAMES.values())
def test_names_of_folders_are_shown_as_plain_text(collected, tmp_path, name, shown):
    try:
        (tmp_path / name).mkdir()
    except OSError:
        pytest.skip("this system has no such names")
    result = collected({f"{name}/rich.ipynb": notebook()})
    assert result.students == [shown]
    assert found(result) == {(shown, "rich"): f"{shown}/rich.ipynb"}
    assert result.submissions[0].path.read_bytes() == notebook()


def test_very_long_names_are_cut_and_stay_different():
    one, other = (collect.text("\n" * 200 + end) for end in "ab")
    assert one != other
    assert len(one.encode()) < 200


# Zips.


def test_a_zip_is_opened(collected):
    files = {"work/foundations.ipynb": notebook(), "work/data.npz": b"1"}
    files |= {"__MACOSX/work/._foundations.ipynb": b"2", "work/.ipynb_checkpoints/a.ipynb": b"3"}
    result = collected({"ann/work.zip": zipped(files)})
    [one] = result.submissions
    assert (one.student, one.assignment) == ("ann", "foundations")
    assert one.shown == "ann/work.zip/work/foundations.ipynb"
    assert one.remarks == [f"it was in a zip: {one.shown}"]
    assert one.time == "2027-01-15T08:00:00+00:00"
    assert one.path.read_bytes() == notebook()
    assert reasons(result) == {
        "ann/work.zip/work/data.npz": "not a notebook",
        "ann/work.zip/__MACOSX": "macOS's own files: not looked into",
        "ann/work.zip/work/.ipynb_checkpoints": "Jupyter's own copies: not looked into",
    }


def test_a_zip_may_hold_several_assignments_under_any_name(collected):
    files = {"a.ipynb": notebook("rich"), "b.ipynb": notebook("lazy"), "c.ipynb": notebook()}
    result = collected({"ann/Work.ZIP": zipped(files)})
    assert found(result) == {
        ("ann", "rich"): "ann/Work.ZIP/a.ipynb",
        ("ann", "lazy"): "ann/Work.ZIP/b.ipynb",
    }
    assert set(reasons(result)) == {"ann/Work.ZIP/c.ipynb"}


def test_of_two_in_a_zip_the_one_changed_last_is_taken(collected):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, year in (("rich (1).ipynb", 2026), ("rich (2).ipynb", 2027)):
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), notebook())
    result = collected({"ann/work.zip": buffer.getvalue()})
    assert found(result) == {("ann", "rich"): "ann/work.zip/rich (2).ipynb"}


def test_what_was_in_a_zip_can_be_removed(collected):
    result = collected({"ann/work.zip": zipped({"rich.ipynb": notebook()})})
    assert result.submissions[0].path.is_file()
    collect.clean()
    assert not result.unpacked.exists()


OUT = ["../rich.ipynb", "/rich.ipynb", "a/../../rich.ipynb", "..\\rich.ipynb", "C:\\rich.ipynb"]


@pytest.mark.parametrize("name", OUT)
def test_a_name_that_leads_out_of_a_zip_is_not_used(collected, tmp_path, name):
    before = set(tmp_path.parent.rglob("*.ipynb"))
    result = collected({"ann/work.zip": zipped({name: notebook()})})
    assert result.submissions == []
    [why] = reasons(result).values()
    assert why == "its name leads out of the zip"
    assert set(tmp_path.parent.rglob("*.ipynb")) == before


def test_folders_in_a_zip_of_windows_are_understood(collected):
    result = collected({"ann/work.zip": zipped({"work\\rich.ipynb": notebook()})})
    assert found(result) == {("ann", "rich"): "ann/work.zip/work/rich.ipynb"}


def member(name, kind):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_in_a_zip_is_not_used(collected, kind):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member("rich.ipynb", kind), "/etc/passwd")
    result = collected({"ann/work.zip": buffer.getvalue()})
    assert reasons(result) == {"ann/work.zip/rich.ipynb": "it is a link, or no ordinary file"}


def encrypted(data):
    """Return a zip that says of its files that they are encrypted."""
    data = bytearray(data)
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + at] |= 1
    return bytes(data)


def damaged(data):
    """Return a zip in which a byte of the first file has changed."""
    data = bytearray(data)
    data[60] ^= 0xFF
    return bytes(data)


def lying(data):
    """Return a zip that says of its file that it is small."""
    data = bytearray(data)
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = b"\1\0\0\0"
    return bytes(data)


def with_long_list(data):
    """Return a zip that says that its list of contents is long."""
    at = data.rindex(b"PK\x05\x06") + 12
    return data[:at] + struct.pack("<L", 0xFFFFFFFF) + data[at + 4 :]


def with_another_list(data):
    """Return a zip that has the place for a list of contents of any length."""
    at = data.rindex(b"PK\x05\x06")
    return data[:at] + b"PK\x06\x07" + bytes(16) + data[at:]


GOOD_ZIP = zipped({"rich.ipynb": notebook()})
DEEP = "/".join(["a"] * 40)
BAD_ZIPS = {
    "encrypted": (encrypted(GOOD_ZIP), "it is encrypted"),
    "damaged": (damaged(GOOD_ZIP), "it cannot be unpacked"),
    "lying": (lying(GOOD_ZIP), "it cannot be unpacked|breaks off"),
    "cut": (GOOD_ZIP[:-30], "broken"),
    "empty file": (b"", "broken"),
    "no zip": (b"text" * 100, "broken"),
    "another list": (with_another_list(GOOD_ZIP), "very large"),
    "list too long": (with_long_list(GOOD_ZIP), "very large"),
    "empty": (zipped({}), "the zip is empty"),
    "bomb": (zipped({"rich.ipynb": b" " * 30_000_000}), "compressed"),
    "huge": (zipped({"rich.ipynb": b" " * 50_000_000}), "larger than"),
    "deep": (zipped({f"{DEEP}/rich.ipynb": notebook()}), "folders deep"),
    "nested": (zipped({"work.zip": GOOD_ZIP}), "a zip in a zip"),
}


@pytest.mark.parametrize(("data", "why"), BAD_ZIPS.values(), ids=BAD_ZIPS)
def test_a_bad_zip_is_listed_with_the_reason_and_ends_nothing(collected, data, why):
    result = collected({"ann/work.zip": data, "bob/rich.ipynb": notebook()})
    assert found(result) == {("bob", "rich"): "bob/rich.ipynb"}
    [told] = reasons(result).values()
    assert re.search(why, told)


def test_a_zip_of_many_files_is_not_opened(collected, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 10)
    files = {f"{k}.txt": b"" for k in range(10)} | {"rich.ipynb": notebook()}
    assert reasons(collected({"ann/work.zip": zipped(files)})) == {
        "ann/work.zip": "the zip has more than 10 files"
    }


def test_what_is_taken_out_of_a_zip_has_an_end(collected, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1500)
    big = [notebook(name, "0123456789") for name in NAMES]
    assert max(map(len, big)) < 1500 < sum(map(len, big))
    result = collected(
        {"ann/w.zip": zipped({f"{n}.ipynb": d for n, d in zip(NAMES, big, strict=True)})}
    )
    assert 1 <= len(result.submissions) < 3
    assert all("MB in the zip" in why for why in reasons(result).values())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        collect.collect(tmp_path / "nothing", NAMES, KNOWN)


def test_a_submission_is_plain_data():
    assert Found("a", "b", "p", "s", "t") == Found("a", "b", "p", "s", "t", [])
