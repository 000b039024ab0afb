"""Write the student versions of the assignments: no solution, no hidden test, the course's numbers.

python -m assignments.release [FOLDER]      by default to _build/assignments

FOLDER/release is for students. FOLDER/source has the same with solutions and hidden tests.
"""

import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from nbgrader.utils import is_grade, is_solution

from . import course, numbers, references
from .merge import grade_id

# What nbgrader does to a source notebook, in its own order.
STEPS = (ClearSolutions, LockCells, ComputeChecksums, ClearOutput, CheckCellMetadata)


def check(cells):
    """Raise a ValueError if the cells of a source notebook are not such as grading needs.

    Where a cell gives points, or holds code, an id tells it from all others. What is neither an
    answer nor a text runs beside the tests too, which know no magics of IPython.
    """
    seen = set()
    for cell in cells:
        name, code = grade_id(cell), cell.cell_type == "code"
        if name in seen or (name is None and (code or is_grade(cell) or is_solution(cell))):
            raise ValueError(
                f"the cell that starts with {cell.source[:40]!r} has "
                f"{'no id' if name is None else f'the id {name!r} of another cell'}: "
                "give it one of its own (grade_id of nbgrader, in its metadata)"
            )
        seen |= {name} - {None}
        if code and not is_solution(cell):
            try:
                compile(cell.source, name, "exec", dont_inherit=True)
            except SyntaxError as error:
                raise ValueError(
                    f"{name}, line {error.lineno}: {error.msg}: outside of answers, code has to be "
                    "plain Python, without magics such as %matplotlib"
                ) from error


def instructor_version(name, seed, source=course.SOURCE):
    """Return the notebook of an assignment with the numbers of a course and all solutions.

    What its hidden tests compare with is computed, or as it was kept: see `references`.

    Parameters
    ----------
    name : str
        Name of the assignment.
    seed : str
        Seed of the course.
    source : Path
        The folder that has the source notebooks.

    Raises
    ------
    ValueError
        If there is no such assignment, it has not exactly one cell of numbers, a cell without an
        id, or with code that is not plain Python (see `check`), or a reference cannot be computed.
    """
    path = course.notebook(source, name)
    if not path.is_file():
        raise ValueError(f"there is no assignment {name!r}; there are {course.names(source)}")
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if numbers.TAG in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ValueError(f"{name} has {len(cells)} cells tagged {numbers.TAG!r}, expected one")
    try:
        check(notebook.cells)
        cells[0].source = numbers.drawn(cells[0].source, seed, name)
        references.fill(notebook)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    return notebook


def student_version(instructor):
    """Return what students receive of an instructor's version."""
    notebook, resources = nbformat.from_dict(instructor), {}
    # Hidden tests go before the checksums are taken: a checksum covers what students see.
    for step in (ClearHiddenTests, *STEPS):
        notebook, resources = step().preprocess(notebook, resources)
    for cell in notebook.cells:
        cell.source = re.sub(r"\n{3,}", "\n\n", cell.source).strip()
    return notebook


def put(notebook, path):
    """Write a notebook, in a folder that is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def main():
    """Write all versions."""
    settings = course.read()
    course.warn(settings)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else course.BUILT
    for name in course.names():
        original = instructor_version(name, settings.seed)
        kept = course.notebook(folder / "source", name)
        put(original, kept)
        shutil.copy(course.HERE / "checks.py", kept.parent)  # its hidden tests call them
        path = course.notebook(folder / "release", name)
        put(student_version(original), path)
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    print("The originals, with solutions, are in source/ beside them.")
    print(f"Numbers are those of the course seed {settings.seed!r} (assignments/course.toml).")


if __name__ == "__main__":
    main()
