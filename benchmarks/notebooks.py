"""Run notebooks and gradients of this tree beside those of another checkout.

    python benchmarks/notebooks.py --against ../before
    python benchmarks/notebooks.py --against ../before --only gradient

The other checkout needs an environment of its own in .venv. The two take turns, so that what else
the machine does hits both alike, and what counts is the ratio. README.md here says what was
measured.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# One network of `benchmarks/gradient.py`; prints seconds of processor time per gradient.
GRADIENTS = """
import sys, time
import numpy as np
import rnnbook as rb
n, count = map(int, sys.argv[1:])
rnn = rb.ginibre(n, 0.5, np.random.default_rng(0), v_scale=1.0)
rnn = rb.LinearRNN(rnn.W + 0.8 * np.outer(rnn.u, rnn.u), rnn.u, rnn.v)
target, times = rb.exponential(0.1), []
for _ in range(count):
    start = time.process_time()
    rb.loss_and_gradient(rnn, target)
    times.append(time.process_time() - start)
print(min(times), sorted(times)[count // 2])
"""
NOTEBOOK = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, kernel_name="python3", timeout=1200).execute()
"""
SIZES = {20: 300, 100: 300, 200: 200, 1000: 40}


def python(tree):
    return str(tree / ".venv" / "bin" / "python")


def environment():
    # As in the Makefile: threads that outnumber the cores wait for each other.
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}


def gradient_times(tree, n, count):
    """Least and median processor time of a gradient in the checkout `tree`, in seconds."""
    command = [python(tree), "-c", GRADIENTS, str(n), str(count)]
    output = subprocess.run(
        command, cwd=tree, env=environment(), check=True, capture_output=True, text=True
    ).stdout
    return [float(word) for word in output.split()]


def notebook_times(tree, name):
    """Processor time and wall-clock time of one notebook, run in `tree`, in seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [python(tree), "-c", NOTEBOOK, Path(name).name]
    subprocess.run(
        command, cwd=(tree / name).parent, env=environment(), check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - start


def compare_gradients(trees, rounds):
    print("\ngradient      before ms   after ms   after / before (median of pairs)")
    for n, count in SIZES.items():
        pairs = [[gradient_times(tree, n, count) for tree in trees] for _ in range(rounds)]
        best = [1e3 * min(pair[k][0] for pair in pairs) for k in range(2)]
        ratio = statistics.median(after[1] / before[1] for before, after in pairs)
        print(f"N = {n:5}   {best[0]:10.3f} {best[1]:10.3f}   {ratio:10.2f}", flush=True)


def notebooks(tree):
    """The notebooks of a checkout, by their names without numbers, which have changed."""
    paths = sorted((tree / "book").rglob("*.ipynb"))
    names = [path.relative_to(tree) for path in paths if ".ipynb_checkpoints" not in path.parts]
    return {name.stem.lstrip("0123456789_"): str(name) for name in names}


def compare_notebooks(trees, rounds):
    print("\nnotebook                            before s   after s   after / before   wall s")
    before, after = (notebooks(tree) for tree in trees)
    total = [0.0, 0.0]
    for name in [*after, *sorted(before.keys() - after.keys())]:
        times = [[], []]
        for _ in range(rounds):
            for k, (tree, names) in enumerate(zip(trees, (before, after), strict=True)):
                if name in names:
                    times[k].append(notebook_times(tree, names[name]))
        used = [statistics.median(u for u, _ in t) if t else None for t in times]
        total = [total[k] + (used[k] or 0) for k in range(2)]
        cells = [f"{value:9.1f}" if value else f"{'-':>9}" for value in used]
        ratio = f"{used[1] / used[0]:12.2f}" if all(used) else f"{'-':>12}"
        wall = f"{statistics.median(w for _, w in times[1]):12.1f}" if times[1] else ""
        print(
            f"{after.get(name, name).removeprefix('book/'):34} {' '.join(cells)} {ratio} {wall}",
            flush=True,
        )
    print(f"{'all':34} {total[0]:9.1f} {total[1]:9.1f} {total[1] / total[0]:12.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, required=True, help="the other checkout")
    parser.add_argument("--only", choices=["gradient", "notebooks"])
    parser.add_argument("--rounds", type=int, default=1, help="pairs to measure (default: 1)")
    arguments = parser.parse_args()
    trees = (arguments.against.resolve(), ROOT)
    for tree in trees:
        if not Path(python(tree)).exists():
            sys.exit(f"{tree}: no environment in .venv; run `make` there first")
    if arguments.only != "notebooks":
        compare_gradients(trees, max(3, arguments.rounds))
    if arguments.only != "gradient":
        compare_notebooks(trees, arguments.rounds)


if __name__ == "__main__":
    main()
