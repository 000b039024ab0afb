"""Run the cells of one notebook in a kernel, and write down what came of each at once.

python -m assignments.worker JOB      JOB is a folder with job.json, see `assignments.grade`

It is a process of its own, and whoever started it may end it at any time. If a cell takes the
kernel with it, or does not stop when told to, it ends itself: to go on, it is started again without
that cell.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

LOG = "log.jsonl"
TIME_LIMIT = "TimeLimit"
OUTPUT_LIMIT = 100_000  # characters of output of a cell that are kept

# Runs before the cells: memory has an end, where the system knows such a limit (not on Windows).
PREPARE = """\
try:
    import resource
except ImportError:
    pass
else:
    resource.setrlimit(resource.RLIMIT_AS, (int({memory_gib} * 2**30),) * 2)
    del resource
"""


class Client(NotebookClient):
    """A client that does not let output without end fill the memory."""

    written = 0  # characters, by the cell that runs

    def process_message(self, msg, cell, cell_index):
        """Take a message of the kernel, unless the cell has already written too much."""
        if msg["msg_type"] in ("stream", "display_data"):
            self.written += len(json.dumps(msg["content"]))
            if self.written > OUTPUT_LIMIT:
                return None
        return super().process_message(msg, cell, cell_index)


def light(outputs):
    """What grading looks at: no pictures."""
    for output in outputs:
        if "data" in output:
            output["data"] = {k: v for k, v in output["data"].items() if k == "text/plain"}
    return outputs


def run(client, source):
    """Run code of our own."""
    client.execute_cell(nbformat.v4.new_code_cell(source), 0, store_history=False)


def responds(client):
    """Whether the kernel still answers; it does not if a cell ignores that it was interrupted."""
    client.interrupt_on_timeout, client.timeout, limit = False, 3, client.timeout
    try:
        run(client, "None")
    except (CellTimeoutError, DeadKernelError):
        return False
    client.interrupt_on_timeout, client.timeout = True, limit
    return True


def main():
    """Run a job."""
    folder = Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    notebook = nbformat.from_dict(job["notebook"])
    cells = list(notebook.cells)
    stopped = {}  # cells, and whether their kernel may still be of use

    def note_error(cell, cell_index, execute_reply):
        """Believe the reply: behind a cell that floods, outputs get lost, and errors with them."""
        error = execute_reply["content"]
        if error["ename"] == TIME_LIMIT:
            stopped[cell_index] = True
        elif error["ename"] == "MemoryError" and client.written > OUTPUT_LIMIT:
            # What it has written fills the kernel's memory, and nothing else would run in there.
            stopped[cell_index] = False
        elif not any(output["output_type"] == "error" for output in cell.outputs):
            told = {name: error.get(name, "") for name in ("ename", "evalue")}
            cell.outputs.append(nbformat.v4.new_output("error", **told, traceback=[]))

    client = Client(
        notebook,
        timeout=job["cell_seconds"],
        interrupt_on_timeout=True,
        error_on_timeout={"ename": TIME_LIMIT, "evalue": "", "traceback": []},
        on_cell_error=note_error,
        allow_errors=True,
        kernel_name="python3",
        # The limit of the submission ends these before. Whether a test has failed is known when all
        # that was written before it has been read, which takes a while after a cell that floods.
        startup_timeout=600,
        iopub_timeout=600,
        resources={"metadata": {"path": str(folder / "work")}},
    )
    with open(folder / LOG, "a", encoding="utf-8") as log, client.setup_kernel():

        def tell(**event):
            print(json.dumps(event), file=log, flush=True)

        tell(event="kernel", pid=client.km.provisioner.process.pid)
        run(client, PREPARE.format(memory_gib=job["memory_gib"]))
        for index, cell in enumerate(cells):
            if cell.cell_type != "code" or not cell.source.strip() or index in job["skip"]:
                continue
            tell(event="start", cell=index)
            client.written = 0
            try:
                client.execute_cell(cell, index)
            except DeadKernelError:
                return
            if index in stopped:
                tell(event="slow", cell=index)
                if not (stopped[index] and responds(client)):
                    return
            else:
                tell(event="done", cell=index, outputs=light(cell.outputs))
        tell(event="end")


if __name__ == "__main__":
    main()
