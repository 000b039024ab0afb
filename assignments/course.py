"""Settings of the course, and where its files are."""

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
BUILT = HERE.parent / "_build" / "assignments"
PUBLISHED_SEED = "change me"  # whoever has the book knows what is drawn from it


@dataclass(frozen=True)
class Course:
    """What `course.toml` says.

    Parameters
    ----------
    seed : str
        From which the numbers of the assignments are drawn.
    handed_out : tuple of str
        Names of the assignments that are out: in the public tree, and in the table of grades.
    cell_cpu_seconds, submission_cpu_seconds : float
        Longest computing time of a cell and of a submission, in seconds.
    wall_factor : float
        A cell, and a submission, is also stopped when it takes this many times its computing time
        by the clock: one that sleeps computes nothing.
    memory_gib : float
        Address space of the process that runs a submission, in GiB.
    """

    seed: str
    handed_out: tuple = ()
    cell_cpu_seconds: float = 20
    submission_cpu_seconds: float = 180
    wall_factor: float = 8
    memory_gib: float = 4

    def __post_init__(self):
        if not isinstance(self.seed, str) or not self.seed.strip():
            raise ValueError("seed in course.toml must be a text, such as 'spring 2027'")
        for name in ("cell_cpu_seconds", "submission_cpu_seconds", "memory_gib"):
            value = getattr(self, name)
            if not _is_number(value) or not value > 0:
                raise ValueError(f"{name} in course.toml must be a number above 0, not {value!r}")
        if not _is_number(self.wall_factor) or not self.wall_factor >= 1:
            raise ValueError(
                f"wall_factor in course.toml must be a number from 1, not {self.wall_factor!r}"
            )


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def warn(settings):
    """Say on the error stream, so that nobody overlooks it, what makes a course insecure."""
    if settings.seed.strip() == PUBLISHED_SEED:
        print(
            "!" * 79,
            f"WARNING: the seed is {PUBLISHED_SEED!r}, which every reader of the book knows:",
            "anyone can draw the numbers of your course. Set your own seed in",
            "assignments/course.toml before you hand out the first assignment.",
            "!" * 79,
            sep="\n",
            file=sys.stderr,
        )


def read(path=HERE / "course.toml"):
    """Return the `Course` of a settings file; a ValueError names what is wrong in it."""
    try:
        with open(path, "rb") as file:
            settings = tomllib.load(file)
    except ValueError as error:  # also of a file that is not UTF-8
        raise ValueError(f"{path} is not a TOML file: {error}") from error
    limits = settings.pop("limits", {})
    unknown = (settings.keys() | limits.keys()) - Course.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"{path} has settings that do not exist: {', '.join(sorted(unknown))}")
    for name in ("seed", "handed_out"):
        if name not in settings:
            raise ValueError(f"{path} has no {name}: {REQUIRED[name]}")
    handed_out = settings.pop("handed_out")
    if not isinstance(handed_out, list):
        raise ValueError(f"{path}: {REQUIRED['handed_out']}")
    for name in handed_out:
        if name not in names():
            raise ValueError(f"handed_out: there is no assignment {name!r} in {SOURCE.name}/")
    return Course(**settings, **limits, handed_out=tuple(handed_out))


REQUIRED = {
    "seed": "give one, such as seed = 'spring 2027'",
    "handed_out": "list the assignments that are out, such as handed_out = ['foundations']",
}

# In the order in which the parts of the book come; others follow by name.
ORDER = ("foundations", "rich", "width", "lazy", "oscillations", "beyond", "project")


def notebook(folder, name):
    """Return where, below a folder, nbgrader looks for the notebook of an assignment."""
    return Path(folder) / name / f"{name}.ipynb"


def names(source=SOURCE):
    """Return the names of all assignments: of the folders that have a notebook of their name."""
    found = {path.name for path in source.iterdir() if notebook(source, path.name).is_file()}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))
