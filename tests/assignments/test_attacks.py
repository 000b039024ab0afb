"""Attacks on the grader: each on a blank notebook, which earns nothing and leaves nothing behind.

Whoever attacks has read the source. What an attack does would matter: the controls at the end show
that it succeeds where the grader has no sandbox, or a weakness.
"""

import hashlib
import os
import secrets
import socket
import time
from dataclasses import replace

import nbformat
import psutil
import pytest
import small
import sympy as sp
import walls
from nbformat.v4 import new_code_cell, new_markdown_cell
from sizes import some

from assignments import course, one, plain, release, sandbox
from assignments.kernel import Kernel

pytestmark = walls.needed()

SETTINGS = small.SETTINGS
# An attack that needs time gets little of it; an honest submission would get more.
SHORT = replace(small.SETTINGS, cell_cpu_seconds=2, submission_cpu_seconds=16, wall_factor=4)
# One that fills the memory, or what else there is, has the time for it.
LONGER = replace(SHORT, cell_cpu_seconds=15, submission_cpu_seconds=90)
TOKEN = f"{10**9 + secrets.randbelow(10**9)}.5"  # argument of a process that an attack leaves
OURS = [
    path
    for folder in (course.HERE, sandbox.PACKAGE)
    for path in folder.rglob("*")
    if path.suffix in (".py", ".toml", ".ipynb")
]


def state_of_our_files():
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in OURS}


def alive(token):
    """Processes with a text among their arguments."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(token in word for word in process.info["cmdline"] or []):
            found.append(process)
    return found


@pytest.fixture
def mark(tmp_path):
    """A file outside that an attack tries to write."""
    return tmp_path / "mark"


@pytest.fixture
def graded(source, tmp_path):
    """Grade a notebook, as `one.grade` does it."""

    def grading(notebook, settings=SETTINGS, unsafe=False, source=source):
        folder = tmp_path / "submitted"
        folder.mkdir(exist_ok=True)
        nbformat.write(notebook, folder / "small.ipynb")
        return one.grade(
            "someone", small.NAME, folder / "small.ipynb", settings, source, unsafe=unsafe
        )

    return grading


@pytest.fixture
def earns_nothing(graded, blank, mark):
    """Have a blank notebook graded, with an attack in front of all, or in an answer."""

    def attack(code, at=None, settings=SETTINGS, pending=False):
        code = code.replace("MARK", str(mark)).replace("TOKEN", TOKEN)
        if at is None:
            blank.cells.insert(0, new_code_cell(code))
        else:
            blank.cells[small.place(blank, at)].source = code
        before = state_of_our_files()
        result = graded(blank, settings)
        assert result.earned == 0, result.questions
        if not pending:
            assert result.pending == 0, result.questions
        assert not mark.exists()
        assert state_of_our_files() == before
        assert not alive(TOKEN)
        return result

    return attack


# ---- what the tests ask for and what they compare with, on the student's side ----

ANYTHING = """
import sympy as sp
class Anything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __float__(self): return 1.0
    __int__ = __index__ = lambda self: 1
    def __len__(self): return 1
    def __iter__(self):
        while True: yield self
    def __sub__(self, other): return 0
    __rsub__ = __add__ = __radd__ = __mul__ = __abs__ = __truediv__ = __sub__
    def __array__(self, *a, **k):
        import numpy
        return numpy.zeros(())
    def _sympy_(self): return sp.Symbol("a") ** 2
    def __reduce__(self): return (eval, ("open('MARK', 'w')",))
    def _repr_html_(self): return "<script>"
    def __instancecheck__(self, other): return True
    __class__ = float
half = twice = square = Anything()
"""
SUBCLASSES = """
import numpy as np, sympy as sp, rnnbook as rb
def hostile(base):
    return type("Hostile", (base,), {
        "__eq__": lambda self, other: True, "__ne__": lambda self, other: False,
        "__hash__": lambda self: 0, "__sub__": lambda self, other: 0,
        "__rsub__": lambda self, other: 0, "__abs__": lambda self: 0,
        "__reduce__": lambda self: (eval, ("open('MARK', 'w')",)),
    })
half = hostile(float)(3)
square = hostile(str)("__import__('os').system('touch MARK')")
things = [hostile(float)(1), hostile(int)(1), hostile(str)("x"), hostile(dict)(a=1),
          hostile(list)([1]), hostile(tuple)([1]), np.zeros(3).view(hostile(np.ndarray))]
try:
    class Wrong(sp.Symbol):
        def __eq__(self, other): return True
        def __hash__(self): return 0
        def _eval_subs(self, old, new): return sp.Integer(0)
    things.append(Wrong("a"))
    class Model(rb.LinearRNN):
        W = u = v = property(lambda self: things)
    things.append(object.__new__(Model))
except Exception:
    pass
state = [0]
def twice(a):
    state[0] += 1
    return things[state[0] % len(things)]
"""
REPLACED = """
import builtins, sys, numpy, sympy, gc
sys.modules["checks"] = type(sys)("checks")
sys.modules["checks"].expect = lambda *a: None
sys.modules["checks"].close = sys.modules["checks"].equivalent = lambda *a, **k: True
for name in ("all", "any", "isinstance", "abs", "bool", "compile"):
    setattr(builtins, name, lambda *a, **k: True)
numpy.asarray = numpy.all = numpy.allclose = lambda *a, **k: True
sympy.sympify = sympy.N = sympy.Symbol = lambda *a, **k: 0
sys.excepthook = sys.settrace = lambda *a: None
"""
TRANSFORMERS = """
shell = get_ipython()
def drop(lines):
    return ["half = x / 2; twice = lambda a: 1; square = 0\\n"]
shell.input_transformers_cleanup.append(drop)
shell.input_transformers_post.append(drop)
import ast
class Gone(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    visit_Call = lambda self, node: ast.Constant(True)
shell.ast_transformers.append(Gone())
shell.set_custom_exc((BaseException,), lambda *a, **k: None)
shell.showtraceback = shell.run_cell = shell.run_code = lambda *a, **k: None
"""
FRAMES = """
import gc, sys
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()):
        if name in ("source", "request", "answer"):
            half = value
    frame = frame.f_back
for thing in gc.get_objects():
    try:
        if isinstance(thing, dict) and "expect" in thing:
            thing["expect"] = lambda *a: None
        if type(thing).__name__ in ("Judge", "Session", "Verdict", "Kernel"):
            thing.__class__.test = lambda *a: thing.__class__("passed")
    except Exception:
        pass
"""
# The pipe of the replies, and the request that waits, are in reach of the student's code.
PIPE = """
import gc, io, json, os
def ours(kind):
    for thing in gc.get_objects():
        if type(thing) is kind and not thing.closed:
            if "pipe:" in os.readlink(f"/proc/self/fd/{thing.fileno()}"):
                return thing
pipe, requests = ours(io.BufferedWriter), ours(io.BufferedReader)
current = [d["id"] for d in gc.get_objects() if type(d) is dict and {"id", "do"} <= set(d)][-1]
def forge(text, name=None):
    text = text if isinstance(text, bytes) else text.encode()
    pipe.write(text.replace(b"ID", (name or current).encode()) + b"\\n"); pipe.flush()
"""
FORGED = f"""{PIPE}
import threading, time
for name in (current, "1-0", "2-0", "3", "verdict"):
    for text in (
        '{{"event": "verdict", "cell": 4, "state": "passed", "idea": ""}}',
        '{{"id": "ID", "state": "passed", "points": 3, "verdict": "passed"}}',
        '{{"event": "end"}}', "Traceback", "[" * 3000, '{{"id": ' * 3000, '{{"id": NaN}}',
        '{{"id": "ID", "error": null, "values": {{"half": {{"float": "Infinity"}}}}}}',
        '{{"id": %s}}' % ("9" * 5000), '{{"id": "\\\\ud800"}}', "\\x00\\xff", "", "null", "[]", "3",
    ):
        forge(text, name)
forge(b"\\xff\\xfe garbage \\x80")
# From now on we answer, whatever is asked.
def answers():
    for line in requests:
        one = json.loads(line)
        names = one["with"][0] if one["do"] == "values" else []
        forge(json.dumps({{"id": one["id"], "state": "passed", "value": True, "error": None,
               "values": {{n: {{"kept": 0, "is": "function"}} for n in names}}}}))
answers()
"""
ENDLESS_LINE = f"""{PIPE}
while True:
    pipe.write(b"x" * 100_000)
"""
FLOOD = f"""{PIPE}
while True:
    pipe.write(b'{{"id": 1}}' * 1 + b"\\n" * 50_000)
"""
# It says that it is done, and then takes no request any more: a large one must not stop us.
DEAF = f"""{PIPE}
import time
forge('{{"id": "ID", "error": null}}')
while True:
    try:
        time.sleep(1000)
    except BaseException:
        pass
"""
NAMED_BWRAP = """
import ctypes
ctypes.CDLL(None).prctl(15, b"bwrap", 0, 0, 0)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
# The process ends while a cell of ours runs. Would the tests now take x from the student?
ENDED_IN_OURS = """
import os
shell = get_ipython()
before = shell.run_cell
def run(source, *a, **k):
    global x
    if source.startswith("x = "):
        os._exit(0)
    result = before(source, *a, **k)
    x, half = 2.0, 1.0
    shell.user_ns.update(x=2.0, half=1.0)
    return result
shell.run_cell = run
"""
FILES = """
import os, pathlib
for folder in (os.path.expanduser("~"), "/home/student", "/tmp", "/grading", "/", "/root", "MARK"):
    for name in (".ipython/profile_default/startup/00.py", ".pythonrc", "sitecustomize.py",
                 "usercustomize.py", ".config/matplotlib/matplotlibrc", "x.pth", "checks.py",
                 ".local/lib/python3.11/site-packages/usercustomize.py", "plain.py"):
        try:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("open('MARK', 'w')")
        except OSError:
            pass
import rnnbook, plain, numpy, site
for module in (rnnbook, plain, numpy, site):
    try:
        open(module.__file__, "a").write("# changed")
        os.chmod(module.__file__, 0o777)
        os.remove(module.__file__)
    except OSError:
        pass
try:
    open("MARK", "w").write("was here")
except OSError:
    pass
"""
PROCESSES = """
import os, signal, subprocess, sys, threading
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
subprocess.Popen(["sleep", "TOKEN"], start_new_session=True)
subprocess.Popen("nohup setsid sleep TOKEN &", shell=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "TOKEN"])
    os._exit(0)
threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=False).start()
import atexit
atexit.register(lambda: subprocess.Popen(["sleep", "TOKEN"]))
for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
    for who in (1, os.getppid(), -1):
        try:
            if who != -1 or number == signal.SIGTERM:
                os.kill(who, number)
        except OSError:
            pass
"""
MAGICS = """
%load_ext autoreload
%autoreload 2
%config InteractiveShell.ast_node_interactivity = "all"
!touch MARK
!(setsid sleep TOKEN &)
import os
os.system("touch MARK; (setsid sleep TOKEN &)")
open("/tmp/own.py", "w").write("half = 3")
%run /tmp/own.py
%reset -f
"""
BASH = """%%bash
touch MARK
setsid sleep TOKEN &
cat /proc/*/environ
kill -9 -1
"""
NAMESPACES = """
import ctypes, os
libc = ctypes.CDLL(None)
libc.unshare(0x10000000 | 0x00020000)
for path in (b"/", b"/proc", b"/usr", b"/grading", b"/home/student"):
    libc.mount(b"none", path, None, 32 | 4096, None)
    libc.umount2(path, 2)
libc.ptrace(16, 1, 0, 0)
libc.ptrace(16, os.getppid(), 0, 0)
os.environ["PYTHONSTARTUP"] = os.environ["PYTHONPATH"] = "/tmp"
os.system("mount -o remount,rw / ; unshare -r touch MARK; nsenter -t 1 -m touch MARK")
"""
CODE = "__import__('os').system('touch MARK')"
TEXTS = f"""
import sympy as sp
code = {CODE!r}
half = [code, {{code: code}}, (code,)]
class Named:
    pass
square = code
try:
    square = sp.Function(code)(sp.Symbol(code)) + sp.Float(1)
except Exception:
    pass
def twice(a):
    return [code, sp.Symbol(code), sp.Function(code)(1), {{sp.Symbol(code): code}}, "14"]
"""
FIGURE = f"""
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([0, 1], [0, 1], label={CODE!r})
axes.set_title("$" + chr(92) + "write18{{touch MARK}}$" * 1000)
axes.legend()
half = twice = square = figure
"""
GETTER = """
import sys
class Everywhere(dict):
    def __missing__(self, name):
        return 0
    def __contains__(self, name):
        return True
get_ipython().user_ns = Everywhere(half=1, twice=abs, square=1)
main = sys.modules["__main__"]
main.plain.encode = lambda value, keep=None: {"float": "nan"}
main.Runner.values = lambda self, names: {"values": {n: {"kept": 0, "is": "x"} for n in names}}
"""
QUICK = {
    "equal to everything": ANYTHING,
    "the process ends in a cell of ours": ENDED_IN_OURS,
    "files for later": FILES,
    "processes that stay": PROCESSES,
    "texts as code": TEXTS,
}
MORE = {
    "subclasses": SUBCLASSES,
    "replaced functions": REPLACED,
    "input transformers": TRANSFORMERS,
    "frames and the garbage collector": FRAMES,
    "magics": MAGICS,
    "bash": BASH,
    "namespaces": NAMESPACES,
    "hostile figure": FIGURE,
    "replaced encoder": GETTER,
    "exit at once": "import os\nos._exit(0)",
    "stops itself for good": "import os\nos.closerange(0, 100)",
    "system exit": "raise SystemExit",
    "generator without end": "half = square = twice = iter(int, 1)",
    "huge array": "import numpy as np\nhalf = np.zeros(10**8)",
    "huge text": "half = square = 'x' * 10**8",
    "deep list": "half = []\nfor _ in range(10**5):\n    half = [half]",
    "own loop": "half = []\nhalf.append(half)\nsquare = {1: half}",
    "recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1)\nf(0)",
    "memory bomb": "x = []\nwhile True:\n    x.append(bytearray(10**8))",
    "shared memory bomb": (
        "import mmap\nx = []\nwhile True:\n    x.append(mmap.mmap(-1, 10**8))\n"
        "    x[-1].write(b'x' * 10**8)"
    ),
    "files as a memory bomb": (
        "import itertools\nfor n in itertools.count():\n"
        "    for d in ('/tmp', '/dev/shm', '/dev', '/'):\n"
        "        try:\n            open(f'{d}/{n}', 'wb').write(bytes(10**7))\n"
        "        except OSError:\n            if n > 60: raise"
    ),
}
SLOW = {
    "the answers are forged": FORGED,
    "line without end": ENDLESS_LINE,
    "flood of lines": FLOOD,
    "deaf": DEAF,
    "called bwrap": NAMED_BWRAP,
    "fork bomb": (
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    ),
    "sleeps": "import time\ntime.sleep(10**6)",
    "tower of powers": (
        "import sympy as sp\nn = sp.Integer(10)\n"
        "half = square = sp.Pow(n, sp.Pow(n, n, evaluate=False), evaluate=False)"
    ),
    "huge factorial": "import sympy as sp\nsquare = sp.factorial(10**9, evaluate=False)",
    "tower as text": "square = '10**10**10**10'",
    "factorial as text": "square = 'factorial(factorial(factorial(99)))'",
    "endless sum": (
        "import sympy as sp\nk = sp.Symbol('k')\n"
        "square = sp.Sum(sp.sin(k**k) / sp.gamma(k), (k, 1, 10**9))"
    ),
    "endless integral": (
        "import sympy as sp\nt = sp.Symbol('t')\n"
        "f = sp.exp(sp.sin(t**t)) / sp.log(sp.cos(t)**2 + sp.Symbol('a'))\n"
        "square = sp.Integral(f, (t, 0, 9))"
    ),
    "nested powers": (
        "import sympy as sp\nsquare = sp.Symbol('a')\nfor _ in range(150):\n"
        "    square = sp.Pow(square + 1, sp.Symbol('a'), evaluate=False)"
    ),
}


def cases(attacks):
    """As parameters; those that take all the memory that they get run one after another."""
    alone = pytest.mark.xdist_group("memory")
    return [
        pytest.param(code, id=name, marks=alone if "bomb" in name or "huge" in name else ())
        for name, code in attacks.items()
    ]


@pytest.mark.parametrize("code", some(QUICK, pytest.mark.endurance))
def test_an_attack_on_a_blank_notebook_earns_nothing_and_leaves_nothing(earns_nothing, code):
    earns_nothing(code)


@pytest.mark.endurance
@pytest.mark.parametrize("code", cases(QUICK | MORE))
def test_an_attack_in_an_answer_earns_nothing_and_leaves_nothing(earns_nothing, code):
    earns_nothing(code, "half", LONGER, pending=True)


@pytest.mark.endurance
@pytest.mark.parametrize("code", cases(MORE))
def test_another_attack_earns_nothing_and_leaves_nothing(earns_nothing, code):
    earns_nothing(code, settings=LONGER, pending=True)


@pytest.mark.endurance
@pytest.mark.parametrize("code", cases(SLOW))
def test_an_attack_on_time_is_at_worst_timed_out(earns_nothing, code):
    earns_nothing(code, "square", SHORT, pending=True)


@pytest.mark.endurance
def test_a_request_that_nobody_takes_does_not_stop_the_grader(earns_nothing, blank):
    blank.cells.insert(1, new_code_cell("'''" + "x" * 500_000 + "'''"))
    earns_nothing(DEAF, settings=SHORT, pending=True)


def test_one_submission_leaves_nothing_for_the_next(graded, blank, source):
    """What the first has learned, the second has not."""
    leave = """
import os, ctypes
libc = ctypes.CDLL(None)
libc.syscall(248, b"user", b"left", b"x", 1, -3)
for folder in ("/tmp", "/dev/shm", "/home/student", "/", "/dev"):
    try:
        open(f"{folder}/left", "w").write("half")
    except OSError:
        pass
"""
    find = """
import os, ctypes
folders = ("/tmp", "/dev/shm", "/home/student", "/", "/dev")
if any(os.path.exists(f"{folder}/left") for folder in folders):
    half = x / 2
if ctypes.CDLL(None).syscall(250, 10, -3, b"user", b"left", 0) > 0:
    half = x / 2
"""
    first, second = nbformat.from_dict(blank), nbformat.from_dict(blank)
    first.cells[small.place(first, "half")].source = leave
    second.cells[small.place(second, "half")].source = find
    assert graded(first).earned == 0
    assert graded(second).earned == 0


def listening(family):
    """A socket of ours that listens, on this machine only."""
    made = socket.socket(family)
    # The second is no file: it would be seen wherever the network is.
    unix = family == socket.AF_UNIX
    made.bind(f"\0{os.urandom(8).hex()}" if unix else ("127.0.0.1", 0))
    made.listen()
    return made


def test_no_socket_of_the_machine_can_be_reached(graded, blank):
    with listening(socket.AF_INET) as tcp, listening(socket.AF_UNIX) as unix:
        for name, ours, right in (("half", tcp, "x / 2"), ("square", unix, "'a**2'")):
            code = f"""
import socket
socket.socket({int(ours.family)}).connect({ours.getsockname()!r})
{name} = {right}
"""
            blank.cells[small.place(blank, name)].source = code
        assert graded(blank).earned == 0
        assert graded(blank, unsafe=True).earned == 1 + 3  # the control


# ---- what can be seen from inside ----

LOOK = """
import glob, os, pathlib
secrets, places = SECRETS, PLACES
seen = []
def look(path):
    try:
        with open(path, "rb") as file:
            text = file.read(1 << 20)
        if any(secret.encode() in text for secret in secrets):
            seen.append(str(path))
    except (OSError, ValueError):
        pass
for place in places:
    look(place)
    for root in ("/proc/1/root", "/proc/self/root", "/proc/self/cwd/../.."):
        look(root + place)
    try:
        os.symlink(place, f"/tmp/link{len(place)}")
        look(f"/tmp/link{len(place)}")
    except OSError:
        pass
for path in [
    f"/proc/{number}/environ" for number in (1, os.getppid(), os.getpid())
] + glob.glob("/proc/1/fd/*") * INSIDE:
    try:
        if os.path.realpath(path) != "/dev/null" and "pipe:" not in os.path.realpath(path):
            look(path)
    except OSError:
        pass
"""


def seen(places, texts, unsafe):
    code = LOOK.replace("SECRETS", repr(texts)).replace("PLACES", repr(list(map(str, places))))
    code = code.replace("INSIDE", str(not unsafe))
    with Kernel(4, 15, unsafe) as kernel:
        assert kernel.run(code, 100) is None
        return plain.decode(kernel.values(["seen"], 100)["seen"])


@pytest.fixture
def hidden(tmp_path, monkeypatch):
    """Places with something of another student and of the repository, and texts from there.

    One of the texts is in our environment, too.
    """
    other, ours = tmp_path / "others" / "small.ipynb", course.HERE / "grade.py"
    texts = [f"secret {os.urandom(8).hex()}", "def grade_class("]
    assert texts[1] in ours.read_text(encoding="utf-8")
    monkeypatch.setenv("A_TOKEN_OF_OURS", texts[0])
    other.parent.mkdir()
    other.write_text(texts[0])
    return [other, ours], texts


def test_nothing_of_ours_and_of_others_can_be_seen_inside(hidden):
    assert seen(*hidden, unsafe=False) == []


def test_without_a_sandbox_it_could_be_seen(hidden):
    assert set(map(str, hidden[0])) <= set(seen(*hidden, unsafe=True))


# ---- controls: the same attacks where there is something to gain ----


def test_without_a_sandbox_an_attack_leaves_something(graded, blank, mark):
    blank.cells.insert(0, new_code_cell(f"open({str(mark)!r}, 'w').write('was here')"))
    graded(blank, unsafe=True)
    assert mark.exists()


def test_processes_that_stay_are_there_until_the_kernel_ends():
    with Kernel(4, 15) as kernel:
        kernel.run(PROCESSES.replace("TOKEN", TOKEN), 100)
        deadline = time.monotonic() + 600
        while not alive(TOKEN) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert alive(TOKEN)
    assert not alive(TOKEN)


def test_sympy_itself_would_run_a_text(mark):
    with pytest.raises(AttributeError, match="no_such_name"):
        sp.sympify(f"{CODE.replace('MARK', str(mark))}.no_such_name")
    assert mark.exists()


def test_code_that_a_student_added_is_never_taken_for_ours(source, tmp_path, graded, mark):
    """A text without an id, as whoever edits the source may add it, must not make it so."""
    ours = nbformat.read(course.notebook(source, small.NAME), as_version=4)
    ours.cells.insert(1, new_markdown_cell("A text of an instructor, without an id."))
    release.put(ours, course.notebook(tmp_path / "edited", small.NAME))
    original = release.instructor_version(small.NAME, SETTINGS.seed, tmp_path / "edited")
    blank = release.student_version(original)
    blank.cells.insert(2, new_code_cell(f"open({str(mark)!r}, 'w').write('was here')\nx = 18.0"))
    result = graded(blank, source=tmp_path / "edited")
    assert not mark.exists()
    assert result.earned == 0


def test_a_right_answer_forged_by_luck_would_count(graded, blank):
    """The suite can fail: what is right earns its points, wherever it comes from."""
    blank.cells[small.place(blank, "half")].source = f"{PIPE}\nhalf = x / 2"
    assert graded(blank).earned == 1
