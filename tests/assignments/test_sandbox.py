"""What a program inside the sandbox sees, can write to, and can call."""

import json
import platform
import subprocess
import sys

import pytest
import walls

from assignments import sandbox

pytestmark = walls.needed()

LOOK = """
import ctypes, json, os, socket
call = ctypes.CDLL(None, use_errno=True).syscall
def writable(folder):
    try:
        open(f"{folder}/new", "w").write("x")
    except OSError:
        return False
    return True
def allowed(what):
    try:
        what()
    except OSError:
        return False
    return True
seen = sorted(os.listdir(REPOSITORY)) if os.path.isdir(REPOSITORY) else []
print(json.dumps({
    "repository": seen,
    "environment": dict(os.environ),
    "first": open("/proc/1/environ").read(),
    "writable": [f for f in ("/", "/dev", "/dev/shm", "/home", os.environ["HOME"], "/tmp", "/proc",
                             "/grading", "/usr", REPOSITORY) if writable(f)],
    "memory": allowed(lambda: os.memfd_create("x")),
    "keyring": call(250, 0, -3, 0) != -1 if os.uname().machine == "x86_64" else False,
    "size": os.statvfs("/tmp").f_blocks * os.statvfs("/tmp").f_frsize,
    "processes": sum(name.isdecimal() for name in os.listdir("/proc")),
    "network": [name for _, name in socket.if_nameindex()],
    "user": os.getuid(),
}))
"""


@pytest.fixture(scope="module")
def inside():
    repository = str(sandbox.HERE.parent)
    code = LOOK.replace("REPOSITORY", repr(repository))
    process = sandbox.spawn([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    said, _ = process.communicate()
    return json.loads(said)


def test_the_environment_is_ours_and_tells_nothing(inside, monkeypatch):
    assert {n: inside["environment"].get(n) for n in sandbox.ENVIRONMENT} == sandbox.ENVIRONMENT
    assert set(inside["environment"]) <= {*sandbox.ENVIRONMENT, "PWD", "LC_CTYPE"}
    assert inside["first"] == ""


def test_only_its_own_empty_folders_can_be_written(inside):
    # A repository in /tmp is there in a folder of that empty one.
    found = {folder for folder in inside["writable"] if not folder.startswith("/tmp/")}
    assert found == {"/dev/shm", sandbox.HOME, "/tmp"}
    told = subprocess.run(["bwrap", "--help"], capture_output=True, text=True)
    if "--size" in told.stdout + told.stderr:
        assert inside["size"] == int(sandbox.SIZE)


def test_of_the_repository_it_sees_the_package_only(inside):
    assert set(inside["repository"]) <= {".venv", "rnnbook"}


def test_it_is_nobody_and_alone(inside):
    assert inside["user"] == 65534
    assert inside["processes"] == 2  # the first, and it
    assert inside["network"] == ["lo"]  # its own, on which nobody listens


@pytest.mark.skipif(
    platform.machine() not in sandbox.FORBIDDEN, reason="the calls of this machine are not known"
)
def test_calls_that_outlive_it_or_hide_memory_are_refused(inside):
    assert not inside["memory"]
    assert not inside["keyring"]


def test_a_home_that_would_be_visible_is_refused(monkeypatch, tmp_path):
    """As that of a Python that is ~/bin/python3."""
    monkeypatch.setattr(sandbox, "_visible", lambda: [str(tmp_path)])
    for home in (tmp_path, tmp_path / "home"):
        monkeypatch.setenv("HOME", str(home))
        with pytest.raises(sandbox.MissingSandboxError, match="your home folder is inside"):
            sandbox.possible.__wrapped__()


def test_a_repository_that_would_be_visible_is_refused(monkeypatch):
    monkeypatch.setattr(sandbox, "HERE", sandbox.PACKAGE)
    monkeypatch.setattr(sandbox, "FILES", ())
    with pytest.raises(sandbox.MissingSandboxError, match="move it elsewhere"):
        sandbox.check.__wrapped__()
