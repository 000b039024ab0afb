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

from . import course, numbers

# What nbgrader does to a source notebook, in its own order.
STEPS = (ClearSolutions, LockCells, ComputeChecksums, ClearOutput, CheckCellMetadata)


def instructor_version(name, seed, source=course.SOURCE):
    """Return the notebook of an assignment with the numbers of a course and all solutions.

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
        If there is no such assignment, or it has not exactly one cell of numbers.
    """
    path = source / name / f"{name}.ipynb"
    if not path.is_file():
        raise ValueError(f"there is no assignment {name!r}; there are {course.names(source)}")
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if numbers.TAG in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ValueError(f"{name} has {len(cells)} cells tagged {numbers.TAG!r}, expected one")
    cells[0].source = numbers.drawn(cells[0].source, seed, name)
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


def write(folder, names, seed):
    """Write the student versions of the named assignments to FOLDER/NAME/NAME.ipynb."""
    for name in names:
        yield put(student_version(instructor_version(name, seed)), folder, name)


def write_originals(folder, names, seed):
    """Write the instructor's versions likewise, as nbgrader's own tools expect them."""
    for name in names:
        path = put(instructor_version(name, seed), folder, name)
        shutil.copy(course.HERE / "checks.py", path.parent)
        yield path


def put(notebook, folder, name):
    """Write a notebook where nbgrader looks for that of an assignment, and return the path."""
    path = Path(folder) / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def main():
    """Write all versions."""
    settings = course.read()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else course.BUILT
    names = course.names()
    originals = list(write_originals(folder / "source", names, settings.seed))
    for path in write(folder / "release", names, settings.seed):
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    print(f"The originals, with solutions, are in {originals[0].parent.parent.name}/ beside them.")
    print(f"Numbers are those of the course seed {settings.seed!r} (assignments/course.toml).")


if __name__ == "__main__":
    main()
