"""The tree for students offers no command that it cannot run, and no link that leads nowhere."""

import os
import re
import subprocess

import pytest

from assignments import course
from tools import public

ROOT = public.ROOT


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public") / "tree"
    public.write(folder, course.Course("s", (course.names()[0],)))
    for name in (".venv/.installed", "site_vendor/.installed"):  # nothing is to be installed here
        (folder / name).parent.mkdir(parents=True)
        (folder / name).touch()
    return folder


def make(folder, *arguments):
    command = ["make", "--no-print-directory", *arguments]
    # Not what a make around the tests was told.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env)


def targets(folder):
    """The targets that `make` lists."""
    return re.findall(r"make ([a-z-]+)", make(folder, "help").stdout)


def needed(commands):
    """Files of the repository that commands name: as they are, or as modules of Python."""
    modules = re.findall(r"-m ([\w.]+)", commands)
    words = commands.split() + [f"{module.replace('.', '/')}.py" for module in modules]
    return set(words) & {str(path) for path in public.tracked((".",))}


def test_what_commands_need_is_found():
    commands = make(ROOT, "--dry-run", "--always-make", "grade", "chromium", "lint").stdout
    assert {"assignments/grade.py", "tools/chromium.py"} <= needed(commands)


def test_each_target_that_the_tree_lists_can_be_run_there(tree):
    listed = targets(tree)
    assert {"help", "book", "pdf", "lab"} <= set(listed)
    for target in listed:
        done = make(tree, "--dry-run", target)
        assert done.returncode == 0, done.stderr
        for name in needed(done.stdout):
            assert (tree / name).is_file(), f"make {target} needs {name}"


def test_the_tree_lists_no_target_for_grading_and_tests(tree):
    assert {"grade", "public", "push-public", "test"} <= set(targets(ROOT))
    assert not {"grade", "assignments", "public", "push-public", "test", "lint"} & set(
        targets(tree)
    )
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", (tree / "Makefile").read_text("utf-8"), re.M)[1]
    assert set(phony.replace("\\", "").split()) == set(targets(tree))


def test_the_readme_of_the_tree_names_only_what_is_there(tree):
    text = (tree / "README.md").read_text(encoding="utf-8")
    assert "private>" not in text
    commands = re.findall(r"(?:^ {4}|`)make ([a-z-]+)", text, re.M)
    assert "book" in commands
    assert set(commands) <= set(targets(tree))
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert "CHANGELOG.md" in links
    for link in links:
        assert (tree / link).exists(), link


def test_tools_of_the_tree_import_nothing_of_the_grader(tree):
    for path in (tree / "tools").glob("*.py"):
        assert not re.search(r"^\s*(from|import) assignments", path.read_text("utf-8"), re.M), path


def test_folders_that_the_pages_are_made_with_are_in_the_tree(tree):
    text = (tree / "_config.yml").read_text(encoding="utf-8")
    folders = re.findall(r"(?:html_static_path|templates_path): \[(.*?)\]", text)
    for name in ", ".join(folders).split(", "):
        assert (tree / name).is_dir(), name
