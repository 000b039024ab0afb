"""The processes that judge (`worker`): the grader has them started here, and sees that they end.

To load what judging needs takes longer than to judge. So one process has loaded it, never looks at
a submission, and each worker is a copy of it (a fork), which sees one submission and ends.

python -m assignments.workers SOCKET      is that process
"""

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import contextmanager, suppress

from . import course

# A fork has one thread: what others were doing at that time would never be finished.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Worker:
    """A process that judges.

    Parameters
    ----------
    jobs, events : file
        To it and from it.
    end : callable
        Ends it, whatever it does; may be called from any thread, and more than once.
    """

    def __init__(self, jobs, events, end):
        self.jobs, self.events, self.end = jobs, events, end


class Workers:
    """All workers, and the process that starts them, which starts itself when it is needed."""

    def __init__(self):
        self.lock, self.process, self.count = threading.Lock(), None, 0

    def begin(self):
        """Start the process that starts workers, if there is none."""
        if self.process is not None and self.process.poll() is None:
            return
        self.close()
        self.channel, other = socket.socketpair()
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  (until `close`)
        with other:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assignments.workers", str(other.fileno())],
                cwd=course.HERE.parent,
                env=os.environ | ONE_THREAD,
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
            )

    def close(self):
        """End the process that starts workers."""
        if self.process is None:
            return
        self.channel.close()
        self.process.kill()
        self.process.wait()
        self.errors.close()
        self.process = None

    def ask(self, files=(), **what):
        """Send a request."""
        text = json.dumps(what).encode() + b"\n"
        sent = socket.send_fds(self.channel, [text], files)
        self.channel.sendall(text[sent:])

    def end(self, number):
        """End a worker."""
        with self.lock, suppress(OSError):  # who could, and has ended itself
            self.ask(end=number)

    @contextmanager
    def one(self, load, errors):
        """Have a worker started; when this is left, it has ended.

        Parameters
        ----------
        load : list of str
            Modules that it will need. Workers after it will have them too: never a name that comes
            from a student.
        errors : file
            What it has as its error stream.

        Yields
        ------
        Worker

        Raises
        ------
        ConnectionError
            If there is none who could start it.
        """
        take, give = os.pipe()
        hear, tell = os.pipe()
        with open(give, "w", encoding="utf-8") as jobs, open(hear, encoding="utf-8") as events:
            try:
                with self.lock:
                    self.begin()
                    self.count += 1
                    number = self.count
                    self.ask([take, tell, errors.fileno()], start=number, load=load)
            finally:
                os.close(take)
                os.close(tell)
            try:
                yield Worker(jobs, events, lambda: self.end(number))
            finally:
                self.end(number)
                with suppress(ConnectionError):
                    jobs.close()  # which ends it too
                events.read()  # up to its end, which is that of the worker

    def said(self):
        """Return what the process that starts workers has said, if it is in trouble."""
        with self.lock:
            if self.process is None:
                return ""
            self.errors.seek(0)
            return self.errors.read()


WORKERS = Workers()
atexit.register(WORKERS.close)


# ---- the other end: the process that starts workers ----


def request(channel):
    """Return the next request, or None if nobody asks any more, and the files that came with it."""
    text, files = b"", []
    while not text.endswith(b"\n"):
        piece, some, *_ = socket.recv_fds(channel, 1, 3)  # to take nothing of the one after it
        files += some
        if not piece:
            return None, files
        text += piece
    return json.loads(text), files


def become(work, files):
    """Be a worker, with these as input, output and error stream, and end with it."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for place, file in enumerate(files):
            os.dup2(file, place)
            os.close(file)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)  # what starts workers must not go on in here


def serve(channel, work):
    """Start and end workers as long as somebody asks for it.

    Parameters
    ----------
    channel : socket.socket
        Where requests come from: {"start": number, "load": names of modules}, with three files, and
        {"end": number}. One that was told to end is waited for: until then its number in the system
        is nobody else's.
    work : callable
        What a worker does.
    """
    running = {}
    while True:
        asked, files = request(channel)
        if asked is None:
            break
        if process := running.pop(asked.get("end"), None):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        if "start" in asked:
            for name in asked["load"]:
                with suppress(Exception):  # the cell that needs it will say so
                    importlib.import_module(name)
            gc.freeze()  # looking for garbage in there would copy the memory that all share
            running[asked["start"]] = process = os.fork()
            if process == 0:
                channel.close()
                become(work, files)
        for file in files:
            os.close(file)
    for process in running.values():
        os.kill(process, signal.SIGKILL)


def afresh():
    """Be a worker without anything of what was loaded here.

    On macOS some libraries do not work in a fork.
    """
    os.execv(sys.executable, [sys.executable, "-m", "assignments.worker"])


def main():
    """Start workers, which have from here what judging needs."""
    from . import judge, worker  # the grader does without them

    judge.guard()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this sees to a Ctrl-C
    work = worker.work if sys.platform == "linux" else afresh
    serve(socket.socket(fileno=int(sys.argv[1])), work)


if __name__ == "__main__":
    main()
