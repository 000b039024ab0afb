"""Settings of the course, and where its files are."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
BUILT = HERE.parent / "_build" / "assignments"


@dataclass(frozen=True)
class Course:
    """What `course.toml` says.

    Parameters
    ----------
    seed : str
        From which the numbers of the assignments are drawn.
    handed_out : tuple of str
        Names of the assignments that the public tree contains.
    cell_seconds, submission_seconds : float
        Longest time for a cell and for a submission, in seconds.
    memory_gib : float
        Address space of the process that runs a submission, in GiB.
    """

    seed: str
    handed_out: tuple = ()
    cell_seconds: float = 20
    submission_seconds: float = 180
    memory_gib: float = 4

    def __post_init__(self):
        if not isinstance(self.seed, str) or not self.seed.strip():
            raise ValueError("seed in course.toml must be a text, such as 'spring 2027'")
        for name in ("cell_seconds", "submission_seconds", "memory_gib"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{name} in course.toml must be a number above 0, not {value!r}")


def read(path=HERE / "course.toml"):
    """Return the `Course` of a settings file; a ValueError names what is wrong in it."""
    with open(path, "rb") as file:
        settings = tomllib.load(file)
    limits = settings.pop("limits", {})
    unknown = (settings.keys() | limits.keys()) - Course.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"{path} has settings that do not exist: {', '.join(sorted(unknown))}")
    handed_out = tuple(settings.pop("handed_out", names()))
    for name in handed_out:
        if name not in names():
            raise ValueError(f"handed_out: there is no assignment {name!r} in {SOURCE.name}/")
    return Course(**settings, **limits, handed_out=handed_out)


# In the order in which the parts of the book come; others follow by name.
ORDER = ("foundations", "rich", "width", "lazy", "oscillations", "project")


def notebook(folder, name):
    """Return where, below a folder, nbgrader looks for the notebook of an assignment."""
    return Path(folder) / name / f"{name}.ipynb"


def names(source=SOURCE):
    """Return the names of all assignments: of the folders that have a notebook of their name."""
    found = {path.name for path in source.iterdir() if notebook(source, path.name).is_file()}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))
