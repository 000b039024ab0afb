"""The branch that Binder opens holds the folder, in one commit, and changes only with it."""

import subprocess
import sys

import pytest

from tools import push_public
from tools.push_public import push


def git(folder, *arguments):
    command = ["git", "-C", folder, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A repository with one commit, its origin, and a folder of files for students."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")  # a user's hooks and signatures
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    origin, repository, folder = (tmp_path / name for name in ("origin", "repository", "public"))
    git(tmp_path, "init", "--quiet", "--bare", origin)
    git(tmp_path, "init", "--quiet", repository)
    git(repository, "remote", "add", "origin", str(origin))
    (repository / "solution.txt").write_text("42\n")
    (repository / ".gitignore").write_text("*.ipynb\n")
    git(repository, "add", ".")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    git(repository, *who, "commit", "--quiet", "-m", "First")
    (folder / "course").mkdir(parents=True)
    (folder / "course" / "task.ipynb").write_text("{}\n")
    (folder / ".gitignore").write_text("*.ipynb\n")
    return origin, repository, folder


def test_the_branch_is_the_folder_and_nothing_else(places):
    origin, repository, folder = places
    (repository / "staged.txt").write_text("not yet\n")
    git(repository, "add", "staged.txt")
    commit = push(folder, repository, "public")
    assert git(origin, "rev-parse", "public") == commit
    files = git(origin, "ls-tree", "-r", "--name-only", "public").split("\n")
    assert files == [".gitignore", "course/task.ipynb"]
    assert git(origin, "rev-list", "--count", "public") == "1"
    assert git(repository, "rev-parse", "--short", "HEAD") in git(origin, "log", "-1", "public")
    assert git(repository, "status", "--porcelain") == "A  staged.txt"


def test_the_branch_moves_only_if_the_folder_changes_and_forgets_what_was(places):
    origin, repository, folder = places
    first = push(folder, repository, "public")
    assert push(folder, repository, "public") is None
    assert git(origin, "rev-parse", "public") == first
    (folder / "course" / "task.ipynb").rename(folder / "course" / "other.ipynb")
    assert push(folder, repository, "public") != first
    files = git(origin, "ls-tree", "-r", "--name-only", "public").split("\n")
    assert files == [".gitignore", "course/other.ipynb"]
    assert git(origin, "rev-list", "--count", "public") == "1"


def test_a_branch_with_a_history_is_replaced_by_one_commit(places):
    origin, repository, folder = places
    push(folder, repository, "public")
    commit = git(origin, "rev-parse", "public")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    second = git(origin, *who, "commit-tree", f"{commit}^{{tree}}", "-p", commit, "-m", "Second")
    git(origin, "update-ref", "refs/heads/public", second)
    assert push(folder, repository, "public")
    assert git(origin, "rev-list", "--count", "public") == "1"


def test_what_must_not_be_pushed_is_refused(places):
    _, repository, folder = places
    with pytest.raises(FileNotFoundError, match="make public"):
        push(folder / "nowhere", repository, "public")
    (folder / ".github" / "workflows").mkdir(parents=True)
    with pytest.raises(ValueError, match="no workflows"):
        push(folder, repository, "public")


def test_the_command_pushes_to_the_remote_and_branch_that_it_is_given(
    places, tmp_path, monkeypatch, capsys
):
    _, repository, folder = places
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", "--bare", other)
    git(repository, "remote", "add", "students", str(other))
    monkeypatch.setattr(push_public, "ROOT", repository)
    monkeypatch.setattr(push_public, "FOLDER", folder)
    for arguments, place, branch in (
        (["students", "main"], other, "main"),
        (["students"], other, "public"),
        ([], places[0], "public"),
    ):
        monkeypatch.setattr(sys, "argv", ["push_public", *arguments])
        push_public.main()
        assert f"{branch}: pushed as {git(place, 'rev-parse', branch)}" in capsys.readouterr().out
