"""nbgrader's own commands work on the originals that `make assignments` writes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import small
from nbgrader.api import Gradebook

from assignments import course, release

PLACES = ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
# A busy machine takes its time; nothing else here is about time. Kernels take no ports.
CONFIGURATION = """
c.Execute.startup_timeout = c.Execute.timeout = 600
c.Execute.kernel_manager_class = "tools.kernels.AsyncPrivateKernelManager"
"""


def nbgrader(folder, *arguments):
    """Run a command of nbgrader in a course folder, which is its home, too."""
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={
            **os.environ,
            **{name: str(folder / name) for name in PLACES},
            # It calls other commands of this environment by their names.
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(course.HERE.parent), *sys.path]),
        },
        check=True,
        capture_output=True,
        text=True,
    )


@pytest.mark.endurance
@pytest.mark.filterwarnings("ignore")  # those of the database that nbgrader uses
def test_nbgrader_hands_out_and_grades_the_originals(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIGURATION)
    written = small.write(tmp_path / "ours")
    original = release.instructor_version(small.NAME, small.SETTINGS.seed, written)
    path = course.notebook(tmp_path / "source", small.NAME)
    release.put(original, path)
    shutil.copy(course.HERE / "checks.py", path.parent)
    nbgrader(tmp_path, "generate_assignment", small.NAME)
    assert course.notebook(tmp_path / "release", small.NAME).is_file()

    wrong = small.complete(written)
    wrong.cells[small.place(wrong, "twice")].source = "def twice(a):\n    return 2"
    for student, notebook in {"ann": small.complete(written), "bob": wrong}.items():
        release.put(notebook, course.notebook(tmp_path / "submitted" / student, small.NAME))
        shutil.copy(course.HERE / "checks.py", tmp_path / "submitted" / student / small.NAME)
    nbgrader(tmp_path, "autograde", small.NAME)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(small.NAME)}
    assert scores == {"ann": 6, "bob": 4}
