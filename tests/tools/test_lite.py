"""What the chapters with Python in the page are made of: versions, packages, names."""

import hashlib
import json
import re
import zipfile

import pytest
from built import served
from jupyterlite_pyodide_kernel import constants
from minibook import ROOT

from tools.lite import CORE, notebooks
from tools.lite.fetch import fetch
from tools.lite.lock import needed, wheel

BROWSER = {"python_version": "3.14", "sys_platform": "emscripten", "extra": ""}


def test_kernel_core_and_wheels_are_for_one_python():
    assert json.loads((CORE / "package.json").read_text("utf-8"))["version"] == (
        constants.PYODIDE_VERSION
    )
    info = json.loads((CORE / "pyodide-lock.json").read_text("utf-8"))["info"]
    assert re.match(r"\d+\.\d+", info["python"])[0] == constants.PYODIDE_PYTHON_VERSION
    theirs = json.loads((CORE / "pyodide-lock.json").read_text("utf-8"))["packages"]["micropip"]
    assert f"\nmicropip=={theirs['version']}\n" in (ROOT / "requirements-browser.txt").read_text()
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.findall(r"^BROWSER_PYTHON := (\d+\.\d+)", makefile, re.M) == [
        constants.PYODIDE_PYTHON_VERSION
    ]


def test_a_package_has_the_version_that_notebooks_run_with_elsewhere():
    """As far as the one Python and the other can have the same."""
    pins = {}
    for name in ("requirements.txt", "requirements-browser.txt"):
        text = (ROOT / name).read_text("utf-8")
        pins[name] = dict(re.findall(r"^([\w.-]+)==([\w.]+)$", text, re.M))
    shared = pins["requirements.txt"].keys() & pins["requirements-browser.txt"].keys()
    assert {"sympy", "ipywidgets", "anywidget", "tqdm"} <= shared
    for name in shared:
        assert pins["requirements.txt"][name] == pins["requirements-browser.txt"][name], name


def write_wheel(folder, name, *requirements):
    """Write a wheel with one module and with these requirements."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requirements]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(metadata) + "\n")
    return path


def test_a_wheel_is_listed_with_what_it_needs_in_a_browser(tmp_path):
    path = write_wheel(
        tmp_path,
        "some_thing",
        "numpy>=2",
        'pexpect; sys_platform != "emscripten"',
        'Ruamel.YAML; python_version >= "3.14"',
        'pytest; extra == "test"',
    )
    entry = wheel(path, BROWSER)
    assert (entry["name"], entry["version"]) == ("some-thing", "1.0")
    assert entry["depends"] == ["numpy", "ruamel-yaml"]
    assert entry["imports"] == ["some_thing"]
    assert entry["file_name"] == path.name
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_needed_is_taken_and_nothing_else_and_what_is_missing_is_named():
    entries = {name: {"depends": list(depends)} for name, depends in
               {"a": ["B_c"], "b-c": ["a"], "d": []}.items()}  # fmt: skip
    assert needed(entries, ["a"]).keys() == {"a", "b-c"}
    with pytest.raises(LookupError, match=r"d needs e, .*make lock"):
        needed({"d": {"depends": ["e"]}}, ["d"])


def test_a_file_of_the_distribution_is_kept_if_it_has_its_checksum(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "package.whl").write_bytes(b"right")
    checksum = hashlib.sha256(b"right").hexdigest()
    here = tmp_path / "here"
    with served(tmp_path / "there") as address:
        with pytest.raises(ValueError, match=f"{checksum}, but should have 0"):
            fetch("package.whl", "0" * 64, address, here)
        assert not here.exists()
        fetch("package.whl", checksum, address, here)
    assert (here / "package.whl").read_bytes() == b"right"
    fetch("package.whl", checksum, address, here)  # the server is gone, and not asked again


def test_a_notebook_has_another_name_as_soon_as_it_is_another():
    names = [notebooks.named("book/rich/05_rich", text) for text in ("a", "b", "a")]
    assert names[0] == names[2] != names[1]
    assert all(re.fullmatch(r"rich/05_rich-[0-9a-f]{8}\.ipynb", name) for name in names)


CELL = """\
As {ref}`chapter-loss` and {eq}`eq-one` say, {term}`long
words <term>`; {unknown}`x`.

$$
a = b
$$ (eq-one)

```{exercise} A title
:label: ex-one

Why?
```

```{solution-start} ex-one
:class: dropdown
```

Because.

```{solution-end}
```
"""
FILLED_IN = """\
As [Loss](L) and [(2.1)](#e) say, long words; {unknown}`x`.

$$
a = b
\\tag{2.1}
$$

```{exercise} A title
:label: ex-one
:enumerator: 2.3

Why?
```

**Solution to exercise 2.3**

Because.

"""


def test_references_and_numbers_are_filled_in():
    found = {
        ":ref:`chapter-loss`": "[Loss](L)",
        ":eq:`eq-one`": "[(2.1)](#e)",
        ":term:`long words <term>`": "long words",
    }
    numbers = {"displaymath": {"equation-eq-one": (2, 1)}, "exercise": {"ex-one": (2, 3)}}
    assert notebooks.fill_in(CELL, found, numbers) == FILLED_IN
