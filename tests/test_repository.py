"""How the package hangs together, and what importing it does."""

import ast
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rnnbook

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "rnnbook").rglob("*.py"))
by_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def in_a_fresh_python(code):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120
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


def module_imports(path):
    """Names of the package's own modules that a file imports when it is loaded."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found |= {node.module} if node.module else {alias.name for alias in node.names}
    return found


def test_modules_import_only_from_those_before_them():
    # Data flows filters -> networks -> noise -> objective -> ...; helpers may stand anywhere, but
    # no import goes in a circle.
    imports = {
        path.stem: module_imports(path)
        for path in SOURCES
        if path.parent.name == "rnnbook" and path.stem != "__init__"
    }
    order, left = [], dict(imports)
    while left:
        ready = sorted(name for name, needed in left.items() if needed <= set(order))
        assert ready, f"these import each other in a circle: {sorted(left)}"
        order += ready
        for name in ready:
            del left[name]
    flow = ["filters", "networks", "noise", "objective", "bptt", "training", "reduced"]
    flow += ["oscillator", "onset", "lazy"]
    for k, name in enumerate(flow):
        assert not imports[name] & set(flow[k + 1 :])
    assert all(f"`{name}`" in rnnbook.__doc__ for name in [*flow, "plots", "live"])


@by_source
def test_no_module_uses_global_randomness_or_swallows_every_error(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            inner = node.value
            if inner.attr == "random" and isinstance(inner.value, ast.Name):
                assert node.attr in {"Generator", "default_rng"}
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.module.split(".")[0] != "random"
            assert not any(alias.name == "expm_multiply" for alias in node.names)
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert getattr(node.type, "id", "") not in {"Exception", "BaseException"}


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
    available = installed_with(Requirement(line).name for line in project["dependencies"])
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
