"""What a release uploads: an archive and a wheel, which work where nothing else is installed."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile

import pytest
from minibook import BIN, ROOT, environ, run

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
OLDEST, NEWEST = "3.11", "3.13"  # the newest is that of test.yml
# The example of README, and a record that has to come along.
TRY = """
import sys, numpy as np, rnnbook as rb
target = rb.exponential(c_star=0.1)
rnn = rb.ginibre(n=50, sigma=0.3, rng=np.random.default_rng(0))
learned = rb.gradient_flow(rnn, target, s=np.linspace(0, 2, 5))
assert abs(learned.outlier[-1].real - 0.9) < 0.01
assert rb.records.infinite_width()
print(*sys.version_info[:2])
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder that `make dist` fills."""
    folder = tmp_path_factory.mktemp("dist")
    build = [BIN / "uv", "build", "--quiet", "--no-build-isolation", "--python", sys.executable]
    run(*build, "--out-dir", folder, ROOT, env=environ())
    return folder


@pytest.mark.environment
def test_a_release_says_what_it_is(built):
    files = sorted(path for path in built.iterdir() if path.name.startswith("rnnbook"))
    assert [path.name for path in files] == [
        f"rnnbook-{VERSION}-py3-none-any.whl",
        f"rnnbook-{VERSION}.tar.gz",
    ]
    run(BIN / "twine", "check", "--strict", *files, env=environ())


@pytest.mark.environment
def test_a_release_holds_the_package_and_no_solution(built):
    (wheel,), (archive,) = built.glob("*.whl"), built.glob("*.tar.gz")
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "rnnbook").rglob("*")
        if path.suffix in {".py", ".js", ".css", ".json", ".typed"}
    }
    assert package <= inside
    assert {name.split("/")[0] for name in inside} == {"rnnbook", f"rnnbook-{VERSION}.dist-info"}
    with tarfile.open(archive) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    assert package <= names
    assert not [name for name in names if name.startswith(("assignments", "book"))]


def python_of(version):
    """Return what starts a Python of that version, None if there is none."""
    command = [BIN / "uv", "python", "find", "--no-project", "--offline", version]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.mark.environment
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_a_release_works_on_an_old_and_a_new_python(built, tmp_path, version, kind):
    python = python_of(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    (file,) = built.glob(f"*.{kind}")
    run(BIN / "uv", "venv", "--quiet", "--python", python, tmp_path / "env", env=environ())
    fresh = tmp_path / "env" / "bin" / "python"
    run(BIN / "uv", "pip", "install", "--quiet", "--python", fresh, file, env=environ())
    said = run(fresh, "-W", "error", "-c", TRY, cwd=tmp_path, env=environ())
    assert said.split() == version.split(".")
