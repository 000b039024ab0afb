"""Execute, normalise and check the notebooks of the book.

    python -m tools.notebooks execute [PATH ...]      run, then write in normal form
    python -m tools.notebooks normalise [PATH ...]    write in normal form, without running
    python -m tools.notebooks check [PATH ...]        exit 1 and say why, for each that is not

A PATH is a notebook or a folder; without one, all notebooks under book/ are taken.

In normal form a notebook holds what a reader of a diff wants to see, and nothing that depends on
the machine: text outputs but no images, widgets or HTML, no timings, fixed metadata, and the
volatile parts of the text (progress bars, addresses, durations) replaced by the placeholders of
tests/nbval_sanitize.cfg. Strict nbval compares a fresh run with exactly that.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbval.plugin import coalesce_streams, get_sanitize_patterns

from tools.kernels import PATIENT

ROOT = Path(__file__).resolve().parent.parent
SANITIZE = ROOT / "tests" / "nbval_sanitize.cfg"

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
NOTEBOOK_METADATA = {"myst", "mystnb"}  # kept besides the kernel; anything else is dropped
CELL_METADATA = {"mystnb", "tags"}
TEXT_TYPES = {"text/plain", "text/latex", "text/markdown"}
NOT_SHOWN = {"remove-cell", "remove-output", "skip-execution"}


def notebooks(paths: list[str]) -> list[Path]:
    """The notebooks named by `paths`; folders are searched, checkpoints are left out."""
    found: list[Path] = []
    for path in map(Path, paths or [ROOT / "book"]):
        if not path.exists():
            sys.exit(f"{path}: no such file or folder")
        found += sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def shown(path: Path) -> str:
    """A short name for messages."""
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def sanitize(text: str) -> str:
    """Replace the volatile parts of an output, by the same rules as nbval."""
    for regex, replacement in get_sanitize_patterns(SANITIZE.read_text("utf8")):
        text = re.sub(regex, replacement, text)
    return text


def normal_outputs(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The text outputs of a code cell."""
    outputs = []
    for output in coalesce_streams(cell.outputs):
        if output.output_type == "stream":
            output.text = sanitize(output.text)
        elif output.output_type in ("display_data", "execute_result"):
            output.data = {
                kind: sanitize(text) for kind, text in output.data.items() if kind in TEXT_TYPES
            }
            output.metadata = {}
            if not output.data:
                continue
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
        outputs.append(output)
    return outputs


def normalise(nb: nbformat.NotebookNode) -> str:
    """The text of the file in normal form."""
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata = {key: value for key, value in nb.metadata.items() if key in NOTEBOOK_METADATA}
    nb.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    nb.cells = [cell for cell in nb.cells if cell.source.strip()]
    count = 0
    for index, cell in enumerate(nb.cells):
        cell.setdefault("id", f"cell-{index}")
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in CELL_METADATA}
        if cell.cell_type == "code":
            count += 1
            # A cell that never ran keeps its null: nbval would skip it, `check` reports it.
            cell.execution_count = None if cell.execution_count is None else count
            cell.outputs = normal_outputs(cell)
    return nbformat.writes(nb) + "\n"


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook; cells without an id get one that depends on their place only."""
    nb = nbformat.reader.reads(path.read_text("utf8"))
    if nb.nbformat != 4:
        sys.exit(f"{shown(path)}: notebook format {nb.nbformat}, expected 4")
    if nb.nbformat_minor < 5:
        for index, cell in enumerate(nb.cells):
            cell["id"] = f"cell-{index}"
        nb.nbformat_minor = 5
    return nb


def is_figure(output: nbformat.NotebookNode) -> bool:
    return output.get("data", {}).get("text/plain", "").startswith("<Figure")


def problems(path: Path) -> list[str]:
    """Everything that is wrong with a notebook as it is on disk, one message each."""
    found = []
    text = path.read_text("utf8")
    nb = read(path)
    count = 0
    for cell in nb.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        count += 1
        place = f"code cell {count} (id {cell.id})"
        tags = set(cell.metadata.get("tags", []))
        if cell.execution_count is None and "skip-execution" not in tags:
            found.append(f"{place} has not been run: run `make notebooks`")
        if any(output.output_type == "error" for output in cell.outputs):
            found.append(f"{place} stopped with an error")
        if any(
            output.get("name") == "stderr" and "Warning:" in output.text for output in cell.outputs
        ):
            found.append(f"{place} prints a warning: see to its cause")
        figures = sum(map(is_figure, cell.outputs))
        if figures and not tags & NOT_SHOWN:
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            if not str(alt).strip():
                found.append(f"{place} shows a figure but has no metadata.mystnb.image.alt text")
            if figures > 1:
                found.append(f"{place} shows {figures} figures: one a cell, each with its alt text")
    normal = normalise(nb)
    if text != normal:
        diff = list(difflib.unified_diff(text.splitlines(), normal.splitlines(), n=0))
        more = [f"      ... {len(diff) - 14} more lines"] if len(diff) > 14 else []
        lines = [f"      {line[:100]}" for line in diff[2:14]] + more
        found.append("not in normal form: run `make notebooks`\n" + "\n".join(lines))
    return found


def execute(path: Path) -> bool:
    """Run a notebook in its own folder and write it in normal form; False if a cell failed."""
    nb = read(path)
    # With another backend a kernel shows no figures, and their place in the outputs stays empty.
    os.environ.pop("MPLBACKEND", None)
    client = NotebookClient(
        nb,
        kernel_name="python3",
        timeout=1800,  # against hanging
        record_timing=False,
        resources={"metadata": {"path": str(path.resolve().parent)}},
        **PATIENT,
    )
    start = time.perf_counter()
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"FAILED  {shown(path)}\n{error}", file=sys.stderr)
        return False
    path.write_text(normalise(nb), "utf8")
    print(f"{time.perf_counter() - start:6.1f} s  {shown(path)}", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["execute", "normalise", "check"])
    parser.add_argument("paths", nargs="*", metavar="PATH")
    arguments = parser.parse_args()

    paths = notebooks(arguments.paths)
    failed = 0
    for path in paths:
        if arguments.command == "execute":
            failed += not execute(path)
        elif arguments.command == "normalise":
            path.write_text(normalise(read(path)), "utf8")
        elif found := problems(path):
            failed += 1
            print(f"{shown(path)}:", *found, sep="\n    ", file=sys.stderr)
    if arguments.command == "check":
        print(f"{len(paths) - failed} of {len(paths)} notebooks are in normal form")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
