"""Long runs that are kept as they end: started again, a script goes on where it stopped."""

import json
import time
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / "_build"


def kept(name, keys, run):
    """Return `run(*key)` for each key, as a dictionary by the key's JSON.

    Results are JSON too, and each is written to `_build/NAME.jsonl` as soon as it is there. What is
    found in that file is not run again: delete it if the script has changed.
    """
    path = BUILD / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    runs = {}
    if path.exists():
        lines = map(json.loads, path.read_text().splitlines())
        runs = {json.dumps(key): found for key, found in lines}
    with path.open("a") as file:
        for key in keys:
            text = json.dumps(key)
            if text in runs:
                continue
            start = time.perf_counter()
            runs[text] = run(*key)
            file.write(f"[{text}, {json.dumps(runs[text])}]\n")
            file.flush()
            print(text, f"{time.perf_counter() - start:.1f} s", flush=True)
    return runs
