"""Write the tree that students receive and Binder opens: no solution, no hidden test, no grading.

python -m tools.public FOLDER      the folder is made anew
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from assignments import course, release

ROOT = Path(__file__).resolve().parent.parent

# What a reader needs to run and build the book. Everything else stays where it is.
PARTS = (
    *(".binder", "book", "rnnbook", "site_static", "site_templates", "tools"),
    *("_config.yml", "_toc.yml", "Makefile"),
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt"),
    *("package.json", "package-lock.json", ".npmrc", ".gitattributes", ".gitignore"),
    *("README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-text"),
)
# These need what is not in the tree.
NOT = (Path("tools/public.py"), Path("tools/push_public.py"))
# Of these files the tree has all but the parts that are marked so.
CUT = (Path("Makefile"), Path("README.md"))
PRIVATE = re.compile(r"\n*^[^\n]*<private>.*?^[^\n]*</private>[^\n]*$", re.M | re.S)


def tracked(parts=PARTS, root=ROOT):
    """Return the paths of the files below `parts` that git knows, relative to the root."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--", *parts]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in found.split("\0") if name and (root / name).is_file()]


def write(folder, settings):
    """Write the tree, with the assignments that were handed out.

    Parameters
    ----------
    folder : Path
    settings : Course
    """
    shutil.rmtree(folder, ignore_errors=True)
    for path in tracked():
        if path in NOT:
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
        if path in CUT:
            text = (ROOT / path).read_text(encoding="utf-8")
            (folder / path).write_text(PRIVATE.sub("", text), encoding="utf-8")
    for name in settings.handed_out:
        original = release.instructor_version(name, settings.seed)
        notebook = course.notebook(folder / "assignments", name)
        release.put(release.student_version(original), notebook)


def main():
    """Write the tree of this course."""
    folder, settings = Path(sys.argv[1]), course.read()
    course.warn(settings)
    write(folder, settings)
    shown = ", ".join(settings.handed_out) or "none: handed_out in assignments/course.toml is empty"
    print(f"The tree for students is in {folder}. Assignments in it: {shown}")


if __name__ == "__main__":
    main()
