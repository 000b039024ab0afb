"""Run a student's code: the process on the other side of the wall.

It is started by `kernel.Kernel`, takes one request a line, and answers each with one line. It knows
no tests, references or marks. The student's code can do here what it likes, also to this program:
all that it can reach by that are wrong answers of its own.
"""

import contextlib
import os
import re
import resource
import signal
import sys

LARGEST_FILE = 2**30  # bytes
MOST_TASKS = 500  # processes and threads
CORES = 4  # for which a pool of processes is made, however many there are: see MOST_PROCESSES


def private_channel():
    """Take the pipes to the grader, and leave in their place no input, and output to nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1, 2):
        os.dup2(nothing, place)
    return requests, replies


def make_shell():
    """Return an IPython shell, which runs cells as a notebook does: magics, `await` and all."""
    from IPython.core.interactiveshell import InteractiveShell

    class Shell(InteractiveShell):
        """One that does not stop for `exit()`, and does not spend time on tracebacks."""

        def ask_exit(self):
            """Go on."""

        def _tee(self, channel):
            """Keep nothing of what is printed, as IPython would: it fills the memory."""
            return contextlib.nullcontext()

        def enable_gui(self, gui=None):
            """There is no window: `%matplotlib` has nothing to do."""

        def showtraceback(self, *arguments, **options):
            """Show nothing: nobody sees it here."""

        showsyntaxerror = showtraceback

    shell = Shell.instance()
    shell.history_manager.enabled = False
    return shell


class Runner:
    """Does what requests ask for.

    Parameters
    ----------
    shell : InteractiveShell
    """

    def __init__(self, shell):
        self.shell, self.kept, self.busy = shell, [], False
        signal.signal(signal.SIGINT, self.interrupt)

    def interrupt(self, *_):
        """Heed the grader's interrupt, if there is anything to interrupt."""
        if self.busy:
            raise KeyboardInterrupt

    def keep(self, value):
        """Keep what cannot be sent, and return its number."""
        self.kept.append(value)
        return len(self.kept) - 1

    def run(self, source):
        """Run a cell."""
        result = self.shell.run_cell(source)
        if "matplotlib.pyplot" in sys.modules:  # as in a notebook, a cell's figures end with it
            sys.modules["matplotlib.pyplot"].close("all")
        error = result.error_before_exec or result.error_in_exec
        return {"error": type(error).__name__ if error is not None else None}

    def values(self, names):
        """Return those of the variables that there are."""
        space, encode = self.shell.user_ns, plain.encode
        return {"values": {name: encode(space[name], self.keep) for name in names if name in space}}

    def call(self, number, arguments, options):
        """Call a function that was kept."""
        sent = [plain.decode(argument, self.kept_as) for argument in arguments]
        named = {name: plain.decode(value, self.kept_as) for name, value in options.items()}
        return {"value": plain.encode(self.kept[number](*sent, **named), self.keep)}

    def kept_as(self, _, number):
        """Return what was kept under a number."""
        return self.kept[number]


def main():
    """Answer requests until there are no more."""
    global plain
    memory, inside = int(sys.argv[1]), sys.argv[2] == "inside"
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: LARGEST_FILE,
        # The one that is inherited is for the process that judges; `kernel` sees to this one.
        resource.RLIMIT_CPU: resource.getrlimit(resource.RLIMIT_CPU)[1],
    }
    # Since Linux 5.14 those outside of a sandbox do not count.
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if inside and release and tuple(map(int, release.groups())) >= (5, 14):
        limits[resource.RLIMIT_NPROC] = MOST_TASKS
    for limit, value in limits.items():
        # macOS knows no limit on memory, and where there is a lower one already, it stays.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    os.cpu_count = lambda: CORES
    requests, replies = private_channel()
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import plain

    sys.path.pop(0)
    runner = Runner(make_shell())
    for line in requests:
        request = plain.read(line)
        do = {"run": runner.run, "values": runner.values, "call": runner.call}[request["do"]]
        try:
            runner.busy = True
            answer = do(*request["with"])
            runner.busy = False
        except BaseException as error:  # also SystemExit, and the grader's interrupt
            runner.busy = False
            answer = {"error": type(error).__name__}
        try:
            text = plain.write({"id": request["id"], **answer})
        except BaseException as error:
            text = plain.write({"id": request["id"], "error": type(error).__name__})
        replies.write(text)
        replies.flush()


if __name__ == "__main__":
    main()
