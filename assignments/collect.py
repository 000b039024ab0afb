"""Find the submissions below a folder, and say of every other file why it is none."""

import atexit
import os
import re
import shutil
import stat
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import nbformat

from . import archives, course, release
from .merge import ids, known_cells, read, squeezed
from .reading import content

MOST_FILES = 20_000  # below the folder of a student
MOST_LISTED = 40  # of a student's files that are no notebooks; more are counted by folder
LONGEST_NAME = 200  # in bytes: a folder of feedback gets the name of the student
# A browser adds an ending of its own to what it does not know.
NOTEBOOK = re.compile(r"(.*)\.ipynb(\.txt|\.json)?\s*", re.IGNORECASE | re.DOTALL)
OTHER_ARCHIVE = re.compile(r".*\.(7z|rar|tar|gz|tgz|xz|bz2|zst)", re.IGNORECASE | re.DOTALL)
COPIES = {
    ".ipynb_checkpoints": "Jupyter's own copies: not looked into",
    "__MACOSX": "macOS's own files: not looked into",
}
NO_NOTEBOOK = "not a notebook"
LINK = "a link: links are not followed"
MOST_TOLD = 5  # files in a remark


_unpacked = []


@atexit.register
def clean():
    """Remove what was taken out of zips. To be called where Python is not left in the usual way."""
    while _unpacked:
        shutil.rmtree(_unpacked.pop(), ignore_errors=True)


@dataclass(frozen=True)
class Found:
    """A submission.

    Parameters
    ----------
    student, assignment : str
        Whose it is, and of which assignment.
    path : Path
        The notebook; if it was in a zip, a copy of it.
    shown : str
        Where it was, from the folder of all submissions, as text without control characters.
    time : str
        When the file, or the zip around it, was last changed: ISO 8601, in UTC. Empty if the
        system gives a time that is none.
    remarks : list of str
        For whoever grades.
    """

    student: str
    assignment: str
    path: Path
    shown: str
    time: str
    remarks: list = field(default_factory=list)


@dataclass
class Collection:
    """What is below the folder of all submissions.

    Parameters
    ----------
    students : list of str
        Names of all folders directly in it.
    submissions : list of Found
        One at most for each student and assignment.
    unused : list of (str, str, str)
        Of what else was found: student (or nothing), where it is, and why it was not used.
    unpacked : Path or None
        Folder with what was in zips, until `clean`, which is called when Python ends.
    """

    students: list = field(default_factory=list)
    submissions: list = field(default_factory=list)
    unused: list = field(default_factory=list)
    unpacked: Path | None = None


@dataclass
class Candidate:
    """A file that may be a submission, and what speaks for it."""

    assignment: str
    path: Path
    shown: str
    exact: bool
    readable: bool
    answered: bool
    seconds: float
    inside: tuple  # time within a zip, which has no zone and only tells its files apart
    remarks: list


def text(name):
    """Return a name of a file as text that can be printed; different names stay different."""

    def letter(one):
        return (
            one if one != "\\" and (one.isprintable() or one in "\u200c\u200d") else repr(one)[1:-1]
        )

    shown = "".join(map(letter, name))
    if len(shown.encode()) <= LONGEST_NAME:
        return shown
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{shown[:40]}…{digest}"


def moment(seconds):
    """Return a time of a file as text."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return ""


def plain(name):
    """Return a name without differences that do not tell names apart."""
    return re.sub(r"[\s_-]+", "-", unicodedata.normalize("NFKC", name).casefold())


def told(stem, names, student=""):
    """Return the assignments that the name of a file tells.

    Each stands between things that are no letters. One that is part of the student's own name
    counts only if there is no other.
    """
    found = []
    for name in names:
        if re.search(rf"(?<![^\W\d_]){re.escape(plain(name))}(?![^\W\d_])", plain(stem)):
            found.append(name)
    longest = [one for one in found if not any(one != o and plain(one) in plain(o) for o in found)]
    others = [one for one in longest if one not in told(student, names)] if student else []
    return others or longest


def recognized(path, known):
    """Return the assignment that the cells of a notebook are of, and whether it has answers."""
    cells = {one: squeezed(cell.source) for cell in read(path).cells for one in ids(cell)}
    scores = {}
    for name, mine in known.items():
        own = mine.keys() - {one for key in known.keys() - {name} for one in known[key]}
        scores[name] = len(own & cells.keys()) / max(len(own), 1)
    best = max(scores, key=scores.get, default="")
    # A few ids may be anywhere; a fourth of those of an assignment are not.
    if not best or scores[best] < 0.25:
        return "", False
    return best, any(cells.get(one, text) not in ("", text) for one, text in known[best].items())


def cells_of(names):
    """Return the cells by which each assignment of the course is recognized."""
    paths = {name: course.notebook(course.SOURCE, name) for name in names}
    return {
        name: known_cells(release.student_version(nbformat.read(path, as_version=4)))
        for name, path in paths.items()
        if path.is_file()
    }


def walk(folder):
    """Yield all that is below a folder and is no folder, in order, with its status.

    Folders that are not looked into, those that cannot be read, and those with the name of a
    notebook come too, with a text that says so in place of the status. No link is followed.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield here, reason(error)
            continue
        below = []
        for entry in inside:
            path = Path(entry.path)
            try:
                is_folder, status = entry.is_dir(follow_symlinks=False), path.lstat()
            except OSError as error:
                yield path, reason(error)
                continue
            if not is_folder:
                yield path, status
            elif ignored(entry.name):
                yield path, ignored(entry.name)
            else:
                below.append(path)
                if NOTEBOOK.fullmatch(entry.name):
                    yield path, "it is a folder with the name of a notebook"
        waiting += reversed(below)


def ignored(name):
    """Return why something of this name is left out, or nothing."""
    return COPIES.get(name) or ("hidden" if name.startswith(".") and name.strip(".") else "")


def reason(error):
    """Return as a text what went wrong with a file."""
    if isinstance(error, ValueError):
        return str(error)
    return f"it cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"


def same(one, other):
    """Whether two files have the same content, as far as that is read at all."""
    try:
        return content(one) == content(other)
    except (OSError, ValueError):
        return False


class Collecting:
    """The work of `collect`."""

    def __init__(self, folder, names, known):
        self.folder, self.names, self.known = folder, names, known
        self.result = Collection()

    def shown(self, path):
        """Return where something is, from the folder of all submissions."""
        return "/".join(map(text, path.relative_to(self.folder).parts))

    def leave(self, student, shown, why):
        """List something that is not used."""
        self.result.unused.append((student, shown, why))

    def collected(self):
        """Return the `Collection`."""
        for path in sorted(self.folder.iterdir()):
            shown = self.shown(path)
            try:
                status = path.lstat()
                if stat.S_ISDIR(status.st_mode) and not ignored(path.name):
                    self.result.students.append(shown)
                    self.student(path, shown)
                else:
                    self.at_the_top(path, shown, status)
            except OSError as error:
                self.leave("", shown, reason(error))
        self.result.students.sort()
        self.result.submissions.sort(key=lambda one: (one.student, one.assignment))
        self.result.unused.sort()
        return self.result

    def at_the_top(self, path, shown, status):
        """List what is beside the folders of students."""
        if not stat.S_ISLNK(status.st_mode):
            why = ignored(path.name) or "not in the folder of a student: move it to one"
            self.leave("", shown, why)
        elif path.is_dir():
            self.result.students.append(shown)
            self.leave(shown, shown, LINK)
        else:
            self.leave("", shown, LINK)

    def student(self, folder, student):
        """Look at all that is in the folder of a student."""
        if folder.name in self.names:
            why = "this folder has the name of an assignment, and was taken as a student's"
            self.leave(student, student, why)
        candidates, others = [], []
        for count, (path, status) in enumerate(walk(folder)):
            if count == MOST_FILES:
                self.leave(
                    student, student, f"there are more than {MOST_FILES} files: not all seen"
                )
                break
            shown = self.shown(path)
            try:
                self.file(student, path, shown, status, candidates, others)
            except Exception as error:  # whatever a file may hold: it must not stop the others
                self.leave(student, shown, reason(error))
        self.list_others(student, others)
        candidates.sort(key=lambda one: one.assignment)
        for assignment, several in groupby(candidates, lambda one: one.assignment):
            self.choose(student, assignment, list(several))

    def file(self, student, path, shown, status, candidates, others):
        """Look at one file."""
        if isinstance(status, str):
            self.leave(student, shown, status)
        elif stat.S_ISLNK(status.st_mode):
            self.leave(student, shown, LINK)
        elif not stat.S_ISREG(status.st_mode):
            self.leave(student, shown, "no ordinary file: not opened")
        elif ignored(path.name):
            self.leave(student, shown, ignored(path.name))
        elif path.name.strip().lower().endswith(".zip"):
            self.zip(student, path, shown, status, candidates, others)
        elif NOTEBOOK.fullmatch(path.name):
            candidates += self.candidate(student, path, path.name, shown, status.st_mtime)
        elif OTHER_ARCHIVE.fullmatch(path.name):
            self.leave(student, shown, "an archive of a kind that is not opened: unpack it")
        else:
            others.append(shown)

    def zip(self, student, path, shown, status, candidates, others):
        """Look at all that is in a zip."""

        def left_out(parts):
            return next((k for k, part in enumerate(parts, 1) if ignored(part)), 0)

        def wanted(parts):
            return bool(parts and NOTEBOOK.fullmatch(parts[-1]) and not left_out(parts))

        seen, left = 0, {}
        for parts, inside, data, why in archives.files(path, wanted):
            seen += 1
            name = "/".join([shown, *map(text, parts)])
            if data is not None:
                candidates += self.candidate(
                    student, self.kept(data), parts[-1], name, status.st_mtime, inside
                )
            elif why:
                self.leave(student, name, why)
            elif left_out(parts):
                top = parts[: left_out(parts)]
                left["/".join([shown, *map(text, top)])] = ignored(top[-1])
            elif parts and parts[-1].lower().endswith(".zip"):
                self.leave(student, name, "a zip in a zip: not opened")
            else:
                others.append(name)
        for name, why in left.items():
            self.leave(student, name, why)
        if not seen:
            self.leave(student, shown, "the zip is empty")

    def kept(self, data):
        """Write what was in a zip to a file of our own, and return that."""
        if self.result.unpacked is None:
            self.result.unpacked = Path(tempfile.mkdtemp())
            _unpacked.append(self.result.unpacked)
        descriptor, path = tempfile.mkstemp(".ipynb", dir=self.result.unpacked)
        with open(descriptor, "wb") as file:
            file.write(data)
        return Path(path)

    def candidate(self, student, path, name, shown, seconds, inside=()):
        """Return a notebook as a `Candidate` in a list, which is empty if it is none."""
        stem = NOTEBOOK.fullmatch(name)[1]
        named, readable, answered = told(stem, self.names, student), True, False
        remarks = [f"it was in a zip: {shown}"] if inside else []
        try:
            of_cells, answered = recognized(path, self.known)
        except ValueError as error:
            if len(named) != 1:
                self.leave(student, shown, str(error))
                return []
            of_cells, readable = "", False
        if not of_cells and len(named) != 1:
            which = "more than one assignment" if named else "no assignment"
            self.leave(student, shown, f"its name tells {which} of the course, its cells tell none")
            return []
        assignment = of_cells or named[0]
        exact = name == f"{assignment}.ipynb"
        if not exact:
            by = "its cells" if of_cells else "its name"
            unlike = of_cells and named and of_cells not in named
            says = f" (its name says {' and '.join(named)})" if unlike else ""
            remarks.append(f"recognized by {by}{says}: {shown}")
        return [
            Candidate(assignment, path, shown, exact, readable, answered, seconds, inside, remarks)
        ]

    def choose(self, student, assignment, several):
        """Take one of the files that may be the submission of an assignment.

        One that can be read comes first, then one that is not as it was handed out, then one with
        the exact name, then the newest, and then the first by name.
        """
        several.sort(key=lambda one: one.shown)
        several.sort(key=lambda one: (one.seconds, one.inside), reverse=True)
        several.sort(key=lambda one: (one.readable, one.answered, one.exact), reverse=True)
        taken, *rest = several
        remarks = [*taken.remarks]
        for best, differ in (
            ("the first that can be read", lambda one: one.readable),
            ("the first with answers", lambda one: one.answered),
            ("the one with the exact name", lambda one: one.exact),
            ("the newest", lambda one: (one.seconds, one.inside)),
            ("the first by name", lambda one: one.shown),
        ):
            if rest and differ(rest[0]) != differ(taken):
                others = ", ".join(one.shown for one in rest[:MOST_TOLD])
                more = f" and {len(rest) - MOST_TOLD} more" if len(rest) > MOST_TOLD else ""
                remarks.append(f"{taken.shown} was taken, {best}; not used: {others}{more}")
                break
        for other in rest:
            alike = "the same as {}" if same(other.path, taken.path) else "{} was taken instead"
            self.leave(student, other.shown, alike.format(taken.shown))
        time = moment(taken.seconds)
        if not time:
            remarks.append("the time of the file is not known")
        found = Found(student, assignment, taken.path, taken.shown, time, remarks)
        self.result.submissions.append(found)

    def list_others(self, student, others):
        """List files that are no notebooks; many together, as those of an installed package."""
        if len(others) <= MOST_LISTED:
            for shown in others:
                self.leave(student, shown, NO_NOTEBOOK)
            return
        for top, count in Counter("/".join(one.split("/")[:2]) for one in others).items():
            self.leave(student, top, NO_NOTEBOOK if count == 1 else f"{count} files: no notebooks")


def collect(folder, names, known=None):
    """Find the submissions below a folder; each folder directly in it is a student's.

    A notebook is of the assignment that its cells show, and else of the one that its name tells, as
    in ``foundations (1).ipynb``; it may be in folders within that of the student, and in a zip.

    Parameters
    ----------
    folder : Path
        The folder of all submissions.
    names : iterable of str
        The assignments that are graded.
    known : dict of str to dict, optional
        By assignment, the cells by which its notebook is recognized, from `merge.known_cells`. By
        default those of the course's source notebooks.

    Returns
    -------
    Collection
        What is wrong with a file is said in it; nothing in a submission makes this raise.

    Raises
    ------
    OSError
        If the folder itself is not there, or cannot be read.
    """
    names = list(names)
    return Collecting(Path(folder), names, cells_of(names) if known is None else known).collected()
