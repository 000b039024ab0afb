"""Put the answers of a submission into the original notebook, so tests are always our own."""

import re
from dataclasses import dataclass, field

import nbformat
from nbgrader.utils import is_grade, is_solution

from .numbers import TAG
from .reading import read

__all__ = ["Submission", "grade_id", "ids", "is_extra", "known_cells", "merge", "read", "squeezed"]


@dataclass
class Submission:
    """A notebook to run, and what was odd about the file it came from.

    Parameters
    ----------
    cells : list of NotebookNode
        Cells of the original, with the answers of the submission, and the code cells that it added:
        `is_extra` tells which these are.
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


def is_extra(cell):
    """Whether a cell of a `Submission` is one that the student added."""
    return cell.metadata.get("extra", False)


def squeezed(text):
    """Return a text without what a tool for formatting changes: spaces, kind of quotes."""
    return "".join(text.split()).replace("'", '"')


def known_cells(student):
    """Return the cells of a student version for answers and tests: what is in them, by each id.

    A notebook is recognized by these ids, and has an answer where one of them holds another text.
    """
    cells = [cell for cell in student.cells if is_solution(cell) or is_grade(cell)]
    return {one: squeezed(cell.source) for cell in cells for one in ids(cell)}


def ids(cell):
    """Return the ids of a cell: nbgrader's and its own."""
    return {grade_id(cell), cell.get("id")} - {None}


class Matching:
    """Which cells of a submission are which of those handed out.

    Parameters
    ----------
    given : list of NotebookNode
        Cells as they were handed out.
    cells : list of NotebookNode
        Cells of the submission.
    """

    def __init__(self, given, cells):
        self.given, self.cells = given, cells
        self.texts = [squeezed(cell.source) for cell in given]
        self.sent_texts = [squeezed(cell.source) for cell in cells]
        self.words = [set(re.findall(r"\w+", cell.source)) for cell in given]
        self.sent_words = [set(re.findall(r"\w+", cell.source)) for cell in cells]
        self.of = {}  # place in the submission -> place in what was handed out
        self.found = {}  # the other way round
        self.same_id = {}  # place in what was handed out -> all places that bear its id
        self.by_place = set()  # places in what was handed out
        self.match_ids()
        for sent, places in self.gaps():
            self.match_gap(sent, [place for place in places if place not in self.found])

    def pair(self, sent, place):
        """Note that two cells are the same."""
        self.of[sent], self.found[place] = place, sent

    def differs(self, sent, place):
        """Whether a cell holds something, and not what was handed out."""
        return self.sent_texts[sent] not in ("", self.texts[place])

    def match_ids(self):
        """Match by nbgrader's id, and where an editor dropped that, by the id of the cell."""
        for id_of in (grade_id, lambda cell: cell.get("id")):
            places = {id_of(cell): place for place, cell in enumerate(self.given)}
            places.pop(None, None)
            sent = {}
            for k, cell in enumerate(self.cells):
                place = places.get(id_of(cell))
                if k not in self.of and place is not None and place not in self.found:
                    sent.setdefault(place, []).append(k)
            for place, several in sent.items():
                self.same_id[place] = several
                self.pair(next((k for k in several if self.differs(k, place)), several[0]), place)

    def gaps(self):
        """Return cells without a match, and those handed out between the same matched ones."""
        waiting, gaps, after = [], [], -1
        for sent in range(len(self.cells) + 1):
            before = self.of.get(sent, len(self.given) if sent == len(self.cells) else None)
            if before is None:
                waiting.append(sent)
                continue
            if waiting:
                gaps.append((waiting, range(after + 1, before)))
            waiting, after = [], before
        return gaps

    def likeness(self, sent, place):
        """Return how well a cell fits to one that was handed out; 0 if it cannot be that one."""
        cell, given = self.cells[sent], self.given[place]
        if self.sent_texts[sent] == self.texts[place]:
            return 3.0
        shared = len(self.words[place] & self.sent_words[sent]) / max(1, len(self.words[place]))
        if not is_solution(given):
            return 1 + shared if shared > 0.6 and cell.cell_type == given.cell_type else 0.0
        return (1.0 if cell.cell_type == given.cell_type else 0.2) + shared

    def match_gap(self, sent, places):
        """Match cells between the same neighbours, in order, so that they fit best altogether."""
        fit = {(i, j): self.likeness(i, j) for i in sent for j in places}
        best = [[0.0] * (len(places) + 1) for _ in range(len(sent) + 1)]
        for i in reversed(range(len(sent))):
            for j in reversed(range(len(places))):
                both = fit[sent[i], places[j]]
                both += best[i + 1][j + 1] if both else 0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
        i = j = 0
        while i < len(sent) and j < len(places):
            if best[i][j] == best[i + 1][j]:
                i += 1
            elif best[i][j] == best[i][j + 1]:
                j += 1
            else:
                self.pair(sent[i], places[j])
                self.by_place.add(places[j])
                i, j = i + 1, j + 1


def values(source):
    """Return the numbers of a course, as text, by name."""
    lines = re.findall(r"^(\w+)\s*=\s*([^#\n]+)", source, re.MULTILINE)
    return {name: squeezed(value) for name, value in lines}


def edited(name, given, cell):
    """Return a remark on a cell of ours that a submission has in another form."""
    if TAG in given.metadata.get("tags", []):
        ours, theirs = values(given.source), values(cell.source)
        other = [key for key, value in ours.items() if theirs.get(key) != value]
        if len(other) >= max(2, len(ours) / 2):
            return f"{name} are those of another course: ours were used"
        if other:
            told = ", ".join(f"{key} = {theirs.get(key, 'nothing')[:40]}" for key in other)
            return f"{name} was edited ({told}): ours was used"
    return f"{name} was edited: ours was used"


class Merging:
    """The work of `merge`, question by question."""

    def __init__(self, instructor, student, submitted, titles):
        self.instructor = instructor.cells
        self.given, self.cells = student.cells, submitted.cells
        self.matching = Matching(self.given, self.cells)
        self.result = Submission([], [*submitted.get("remarks", [])])
        self.names = [grade_id(cell) for cell in self.given]
        self.titles = [titles.get(name, name) for name in self.names]
        self.beside = self.added()

    def remark(self, text):
        """Note what whoever grades should know."""
        self.result.remarks.append(text)

    def added(self):
        """Return the cells that a student added, by the place of the cell that they follow."""
        matching = self.matching
        # Copies of texts, of tests, and of cells without an answer would add nothing.
        ours = {""} | {
            text
            for text, cell in zip(matching.texts, self.given, strict=True)
            if cell.cell_type != "code" or is_solution(cell) or is_grade(cell)
        }
        copies = {
            sent
            for place, several in matching.same_id.items()
            if self.given[place].cell_type != "code"
            for sent in several
        }
        beside, place = {-1: []}, -1
        for sent in range(len(self.cells)):
            place = matching.of.get(sent, place)
            beside.setdefault(place, [])
            if not (sent in matching.of or sent in copies or matching.sent_texts[sent] in ours):
                beside[place].append(sent)
        return beside

    def extra(self, place):
        """Put the code cells in that follow a cell."""
        for sent in self.beside.get(place, []):
            if self.cells[sent].cell_type == "code":
                cell = nbformat.v4.new_code_cell(self.cells[sent].source, metadata={"extra": True})
                self.result.cells.append(cell)

    def written(self, place, parts):
        """Return a written answer from its parts and the texts that were added beside it."""
        sent = self.matching.found[place]
        before = max((k for k in self.matching.of if k < sent), default=None)
        beside = self.beside[place] + self.beside[self.matching.of.get(before, -1)]
        texts = [k for k in beside if self.cells[k].cell_type != "code"]
        if texts:
            self.remark(f"{self.titles[place]}: the answer has texts from cells beside it")
        parts = sorted({*parts, *texts})
        if any("attachments" in self.cells[k] for k in parts):
            self.remark(f"{self.titles[place]}: the answer holds a picture, see the file")
        return "\n\n".join(dict.fromkeys(self.cells[k].source.strip("\n") for k in parts))

    def answer(self, place):
        """Return the text of an answer."""
        matching, name = self.matching, self.titles[place]
        sent = matching.found.get(place)
        if sent is None:
            self.remark(f"{name} was deleted")
            return ""
        several = matching.same_id.get(place, [sent])
        parts = [k for k in several if matching.differs(k, place)]
        if self.given[place].cell_type != "code":
            return self.written(place, parts)
        if len({matching.sent_texts[k] for k in parts}) > 1:
            self.remark(f"{name} is there {len(parts)} times: all were run, in their order")
        if parts and self.cells[sent].cell_type != "code":
            self.remark(f"{name} is not a code cell any more: it was run as code")
        return self.cells[sent].source

    def solution(self, cell, place):
        """Put an answer into a cell for one."""
        cell.source = self.answer(place)
        if squeezed(cell.source) in ("", self.matching.texts[place]):
            self.result.missing.add(self.names[place])

    def ours(self, place):
        """Note what became of a code cell of ours."""
        name, sent = self.titles[place], self.matching.found.get(place)
        if sent is None:
            self.remark(f"{name} was deleted: ours was used")
        elif self.matching.sent_texts[sent] != self.matching.texts[place]:
            self.remark(edited(name, self.given[place], self.cells[sent]))

    def merged(self):
        """Return the `Submission`."""
        self.extra(-1)
        for place, original in enumerate(self.instructor):
            cell = nbformat.from_dict(original)
            if is_solution(original):
                self.solution(cell, place)
            elif original.cell_type == "code":
                self.ours(place)
            self.result.cells.append(cell)
            self.extra(place)
        guessed = [
            self.titles[place]
            for place in sorted(self.matching.by_place)
            if is_solution(self.given[place])
            and self.matching.differs(self.matching.found[place], place)
        ]
        if guessed:
            self.remark(f"the ids of cells were lost; found by their place: {'; '.join(guessed)}")
        return self.result


def merge(instructor, student, submitted, titles=None):
    """Return the `Submission` that joins three notebooks.

    Cells are matched by nbgrader's id, where that was dropped by the id of the cell, and else by
    their place between the neighbours that were matched. If several cells bear the id of an answer,
    as after a copy or a split, then the first that differs from what was handed out is the answer;
    in code the others stay where they are and are run too, as they were by the student, and written
    answers are put together. Text that was added beside a written answer belongs to it.

    Parameters
    ----------
    instructor, student : NotebookNode
        The original with hidden tests, and the version that was handed out.
    submitted : NotebookNode
        What came back, from `read`.
    titles : dict of str to str, optional
        What remarks call the cells, by nbgrader's id; by default they use this id.
    """
    return Merging(instructor, student, submitted, titles or {}).merged()
