"""The grader's end of the process that runs a student's code: requests, limits, and an end."""

import builtins
import os
import select
import shutil
import signal
import subprocess
import time
from contextlib import suppress

import psutil

from . import plain, sandbox

LONGEST_REPLY = 2 * plain.MAX_CHARACTERS
MOST_PROCESSES = 60
LOOK = 0.25  # seconds between looks at what the process uses
START = 60  # CPU seconds for the packages to be loaded
GRACE = 5  # seconds in which a process has to heed an interrupt


class OutOfTimeError(Exception):
    """A request took more than its limit; the process was interrupted and still answers."""


class DiedError(Exception):
    """The process has ended, or was ended.

    Parameters
    ----------
    slow : bool
        Whether that was because it took too long, and did not stop when told to.
    """

    def __init__(self, slow=False):
        super().__init__("the process ended")
        self.slow = slow


class RemoteError(Exception):
    """The student's code raised an error; `name` is that of its class, if Python comes with it.

    The name of any other could hold what a hidden test has called the code with.
    """

    def __init__(self, name):
        known = getattr(builtins, name, None) if isinstance(name, str) else None
        is_error = isinstance(known, type) and issubclass(known, BaseException)
        self.name = name if is_error else "An error"
        super().__init__(self.name)


class Kernel:
    """A process with a student's code.

    Parameters
    ----------
    memory_gib : float
        Memory that it may use, in GiB.
    wall_factor : float
        How many times a limit on CPU time may pass on the clock.
    unsafe : bool, optional
        Without a sandbox.
    """

    def __init__(self, memory_gib, wall_factor, unsafe=False):
        self.memory, self.wall_factor, self.last_used = memory_gib, wall_factor, 0.0
        self.process, self.home = sandbox.start(memory_gib, unsafe)
        self.root, self.count, self.buffer = psutil.Process(self.process.pid), 0, b""
        self.outgoing = b""  # of requests, what the process has not taken yet
        for pipe in (self.process.stdin, self.process.stdout):
            os.set_blocking(pipe.fileno(), False)
        self.ask("values", [], limit=START)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    # ---- what is asked ----

    def run(self, source, limit):
        """Run a cell, and return the name of the error that ended it, or None."""
        return self.ask("run", source, limit=limit).get("error")

    def values(self, names, limit):
        """Return those of the student's variables that there are, as a dict of data."""
        answer = self.ask("values", list(names), limit=limit)
        if answer.get("error") is not None:
            raise RemoteError(answer["error"])
        values = answer.get("values")
        return values if isinstance(values, dict) else {}

    def call(self, number, arguments, options, limit):
        """Call a function of the student's, and return the data that comes back."""
        answer = self.ask("call", number, arguments, options, limit=limit)
        if answer.get("error") is not None:
            raise RemoteError(answer["error"])
        return answer.get("value")

    # ---- how ----

    def ask(self, do, *what, limit):
        """Send a request, and return the answer.

        Raises
        ------
        OutOfTimeError, DiedError
        """
        self.count += 1
        name = f"{self.count}-{os.urandom(8).hex()}"
        self.outgoing += plain.write({"id": name, "do": do, "with": what})
        return self._wait(name, limit)

    def _wait(self, name, limit):
        """Wait for an answer, and see that the limits are kept."""
        start, began, late = self.used(), time.monotonic(), None
        while True:
            try:
                answer = self._answer(name, LOOK)
            except DiedError as error:  # of the interrupt, if there was one
                raise DiedError(slow=late is not None) from error
            if answer is not None:
                if late is not None:
                    raise OutOfTimeError
                return answer
            now = time.monotonic()
            if late is None:
                if self.used() - start > limit or now - began > limit * self.wall_factor:
                    self._interrupt()
                    late = now
            elif now - late > GRACE * self.wall_factor or self.used() - start > limit + GRACE:
                self.close()
                raise DiedError(slow=True)
            else:
                self._interrupt()  # again: code can be where Python swallows the first

    def _answer(self, name, seconds):
        """Return the answer to a request if it comes in time. Other lines are not ours.

        What is sent goes out here too: a process that does not read must not stop us.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            writing = [self.process.stdin] if self.outgoing else []
            ready, writable, _ = select.select([self.process.stdout], writing, [], left)
            if writable:
                self._send()
            if not ready:
                continue
            piece = self.process.stdout.read(1 << 20)
            if piece == b"" or len(self.buffer) + len(piece or b"") > LONGEST_REPLY:
                self.close()
                raise DiedError
            *lines, self.buffer = (self.buffer + (piece or b"")).split(b"\n")
            for line in lines:
                with suppress(plain.UnreadableError):
                    message = plain.read(line)
                    if message.get("id") == name:
                        return message
        return None

    def _send(self):
        """Send as much as the process takes."""
        try:
            sent = os.write(self.process.stdin.fileno(), self.outgoing)
        except BlockingIOError:
            return
        except OSError as error:
            self.close()
            raise DiedError from error
        self.outgoing = self.outgoing[sent:]

    def _tree(self):
        """All processes inside, that of the sandbox itself included."""
        try:
            return [self.root, *self.root.children(recursive=True)]
        except psutil.Error:
            return []

    def used(self):
        """Return the CPU seconds used inside so far; end what takes too much of all else."""
        seconds = memory = 0
        tree = self._tree()
        for process in tree:
            with suppress(psutil.Error):
                # Those of children are of processes that have ended.
                seconds += sum(process.cpu_times()[:4])
                memory += process.memory_info().rss
        if len(tree) > MOST_PROCESSES or memory > self.memory * sandbox.GIB:
            self.close()
            raise DiedError
        self.last_used = max(self.last_used, seconds)
        return self.last_used

    def _interrupt(self):
        """Interrupt Python, behind the processes of the sandbox."""
        inner = self.root
        with suppress(psutil.Error, IndexError):
            while inner.name() == "bwrap":
                inner = inner.children()[0]
            inner.send_signal(signal.SIGINT)

    def close(self):
        """End the process, and all that it has started."""
        # The first of those inside comes first: with it all others end at once, however many.
        for process in self._tree()[1:]:
            with suppress(psutil.Error):
                process.kill()
        if self.home:
            self.process.kill()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)  # the sandbox ends with what is in it, and sweeps up
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()
        if self.home:
            shutil.rmtree(self.home, ignore_errors=True)
