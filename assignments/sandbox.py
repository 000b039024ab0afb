"""The wall around a student's code: bubblewrap, which has no network, no files of ours, and an end.

What runs inside sees Python, the packages of the environment and `rnnbook`, all read-only, an empty
home and an empty /tmp. It cannot see the repository, other submissions, the grader or its files,
and when the grader ends it, all that it has started ends with it.
"""

import functools
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = Path(find_spec("rnnbook").origin).parent  # found, not loaded: that takes a second
FILES = ("student.py", "plain.py")  # of ours, inside
INSIDE = "/grading"  # where they are
HOME = "/home/student"
GIB = 2**30
SIZE = str(GIB // 4)  # bytes that can be written to each of the empty folders
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/alternatives",
)
ENVIRONMENT = {
    "HOME": HOME,
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": str(PACKAGE.parent),  # as here, however it is found here
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}

# Calls of the system that no answer needs, by architecture (its number, then theirs). Keyrings
# outlive the sandbox, so that one submission could leave something there for the next. Memory of
# memfd_create, memfd_secret and shmget belongs to no process, so that no limit would see it. One
# could look into or stop other processes with ptrace, bpf, perf_event_open, userfaultfd, or make
# new worlds with mount, unshare, setns. Rings of requests (io_uring_setup) go around all this.
FORBIDDEN = {
    "x86_64": (0xC000003E, 248, 249, 250, 319, 447, 29, 101, 321, 298, 323, 165, 272, 308, 425),
    "aarch64": (0xC00000B7, 217, 218, 219, 279, 447, 194, 117, 280, 241, 282, 40, 97, 268, 425),
}

REMEDY = """\
Students' code is run inside a sandbox, and there is none here: {reason}.
- On Linux install bubblewrap (`apt install bubblewrap`, `dnf install bubblewrap`) and try again.
- Elsewhere grade in a container or a virtual machine with Linux: see the page on the course.
- On a machine that you can throw away, with nothing on it that students may not see, `--unsafe`
  runs their code with your rights."""


# As when the environment of Python is the folder of the repository itself.
SEES = "{what} is inside a folder that programs need, such as /usr: move {other} elsewhere"


class MissingSandboxError(RuntimeError):
    """There is no sandbox on this machine; the message says what to do."""


@functools.cache
def _options():
    """Options that only newer versions have: no namespaces inside, a limit on what is written."""
    told = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    text = told.stdout + told.stderr
    return [option for option in ("--disable-userns", "--size") if option in text]


def _visible():
    """Folders to show, each at its own place: Python, its environment, and the package."""
    folders = [sys.base_prefix, sys.prefix, *map(str, Path(sys.executable).resolve().parents[1:2])]
    found = [Path(folder) for folder in folders] + [PACKAGE]
    found += [path.resolve() for path in found]
    shown = dict.fromkeys(str(path) for path in found if not str(path).startswith("/usr/lib"))
    return [path for path in shown if path not in ("/", "/usr")]


def call_filter(machine):
    """Return the program (seccomp) that refuses the calls in `FORBIDDEN`; empty where unknown."""
    if machine not in FORBIDDEN:
        return b""
    architecture, *numbers = FORBIDDEN[machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    ahead = len(numbers) + 1  # steps to the refusal, at the end
    steps = [(load, 0, 0, 4), (equal, 0, ahead + 2, architecture), (load, 0, 0, 0)]
    steps += [(at_least, ahead, 0, 0x40000000)]  # the same calls by other numbers
    steps += [(equal, ahead - 1 - k, 0, number) for k, number in enumerate(numbers)]
    steps += [(give, 0, 0, 0x7FFF0000), (give, 0, 0, 0x00050001)]  # allow; "not permitted"
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def command():
    """Return how a program is started inside, up to the program itself."""
    new = _options()
    line = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--unshare-user"]
    line += ["--die-with-parent", "--new-session", "--hostname", "sandbox"]
    line += ["--clearenv", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534"]
    if "--disable-userns" in new:
        line += ["--disable-userns"]
    empty = [*(["--size", SIZE] if "--size" in new else []), "--tmpfs"]
    # These first: what is shown may lie in /tmp.
    line += [*empty, "/tmp", *empty, HOME]
    for path in SYSTEM:
        if Path(path).is_symlink():
            line += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).exists():
            line += ["--ro-bind", path, path]
    for path in _visible():
        line += ["--ro-bind", path, path]
    line += ["--proc", "/proc", "--dev", "/dev", *empty, "/dev/shm"]
    for name in FILES:
        line += ["--ro-bind", str(HERE / name), f"{INSIDE}/{name}"]
    for path in ("/dev", "/proc", "/"):  # else one could write there, without a limit
        line += ["--remount-ro", path]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    return [*line, "--chdir", HOME]


def spawn(program, **options):
    """Start a program inside; return the `subprocess.Popen`."""
    with tempfile.TemporaryFile() as file:
        rules = call_filter(platform.machine())
        file.write(rules)
        file.seek(0)
        seccomp = ["--seccomp", str(file.fileno())] if rules else []
        return subprocess.Popen(
            [*command(), *seccomp, "--", *program],
            env={},  # the first process inside shows what it was started with in /proc/1/environ
            pass_fds=[file.fileno()],
            start_new_session=True,
            **options,
        )


@functools.cache
def possible():
    """Raise `MissingSandboxError`, with what to do, if there can be no sandbox here."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        raise MissingSandboxError(REMEDY.format(reason="bubblewrap is not installed"))
    home = Path(os.path.expanduser("~")).resolve()  # which there need not be
    if any(home.is_relative_to(path) for path in _visible()):
        sees = SEES.format(what="your home folder", other="Python or its environment")
        raise MissingSandboxError(REMEDY.format(reason=sees))


@functools.cache
def check():
    """Raise `MissingSandboxError`, with what to do, if there is no sandbox here that works."""
    possible()
    sees = SEES.format(what="the repository", other="it")
    look = f"import os, rnnbook, sys; sys.exit(os.path.exists({str(HERE)!r}) and {sees!r})"
    tried = spawn([sys.executable, "-c", look], stderr=subprocess.PIPE, text=True)
    _, said = tried.communicate()
    if tried.returncode:
        said = said.strip().splitlines()
        raise MissingSandboxError(
            REMEDY.format(reason=f"bubblewrap failed ({said[-1] if said else 'silently'})")
        )


def start(memory_gib, unsafe=False):
    """Start the program that runs a student's code.

    Whoever grades has called `check` once: trying a sandbox takes longer than many a submission.

    Parameters
    ----------
    memory_gib : float
        Address space of each of its processes, in GiB.
    unsafe : bool, optional
        Without a sandbox, with the rights of whoever calls this.

    Returns
    -------
    subprocess.Popen
        With pipes in binary mode.
    str
        Its folder, to be removed in the end; empty if it is inside, where folders end with it.

    Raises
    ------
    MissingSandboxError
        If there can be no sandbox here.
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    memory = str(int(memory_gib * GIB))
    if unsafe:
        home = tempfile.mkdtemp(prefix="unsafe-")
        for name in FILES:  # as beside our other files, some have names of Python's own modules
            shutil.copy(HERE / name, home)
        line = [sys.executable, "-B", f"{home}/student.py", memory, "outside"]
        environment = {**ENVIRONMENT, "HOME": home}
        outside = subprocess.Popen(line, cwd=home, env=environment, start_new_session=True, **pipes)
        return outside, home
    possible()
    line = [sys.executable, "-B", f"{INSIDE}/student.py", memory, "inside"]
    return spawn(line, **pipes), ""
