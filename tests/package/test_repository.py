"""How the package hangs together, and what importing it does."""

import ast
import importlib
import pkgutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rnnbook

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "rnnbook").rglob("*.py"))
by_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def in_a_fresh_python(code):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_draws_no_figure_and_no_random_number():
    found = in_a_fresh_python(
        "import sys, numpy as np\n"
        "before = np.random.get_state()[1].tobytes(), *np.random.get_state()[2:]\n"
        "import rnnbook\n"
        "after = np.random.get_state()[1].tobytes(), *np.random.get_state()[2:]\n"
        "print(before == after, 'matplotlib.pyplot' in sys.modules)"
    )
    assert found == "True False"


def test_importing_the_package_says_nothing():
    assert in_a_fresh_python("import rnnbook") == ""


PACKAGES = sorted({".".join(path.relative_to(ROOT).parent.parts) for path in SOURCES})


@pytest.mark.parametrize("package", PACKAGES)
def test_no_object_hides_a_module_of_its_name(package):
    found = importlib.import_module(package)
    modules = {name for _, name, _ in pkgutil.iter_modules(found.__path__)}
    assert modules
    for name in modules:
        module = importlib.import_module(f"{package}.{name}")
        assert getattr(found, name) is module


def test_the_package_names_its_modules():
    flow = ["filters", "networks", "noise", "objective", "dense", "optimizers", "trajectory"]
    flow += ["training", "reduced", "lazy", "sweeps", "records", "plots", "live"]
    assert all(f"`{name}`" in rnnbook.__doc__ for name in flow)


@by_source
def test_no_module_uses_global_randomness_or_swallows_every_error(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            inner = node.value
            if inner.attr == "random" and isinstance(inner.value, ast.Name):
                assert node.attr in {"Generator", "SeedSequence", "default_rng"}
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.module.split(".")[0] != "random"
            assert not any(alias.name == "expm_multiply" for alias in node.names)
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            if getattr(node.type, "id", "") in {"Exception", "BaseException"}:
                # A sweep records what went wrong at a point, whatever it was.
                assert path.stem == "sweeps"
                assert any(getattr(part, "id", "") == node.name for part in ast.walk(node))


@by_source
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata.version("rnnbook") == project["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    (version,) = [
        line.split(":")[1].strip(" \"'") for line in citation if line.startswith("version")
    ]
    assert version == project["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## [{version}] - " in changelog


def installed_with(names):
    """The distributions of these names and what they bring along."""
    found, left = set(), list(names)
    while left:
        name = canonicalize_name(left.pop())
        if name in found:
            continue
        found.add(name)
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                left.append(requirement.name)
    return found


def test_a_reader_who_installs_the_package_has_what_it_imports():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # Of the extras, only what sweeps need is imported, and not with the package: see test_sweep.py.
    lines = project["dependencies"] + project["optional-dependencies"]["sweep"]
    available = installed_with(Requirement(line).name for line in lines)
    used = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                used.add(node.module.split(".")[0])
    distributions = metadata.packages_distributions()
    for module in used - set(sys.stdlib_module_names):
        assert {canonicalize_name(name) for name in distributions[module]} & available, module
