"""The workflows on GitHub: well formed, safe, with the commands and versions that we use."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
by_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path):
    # In YAML 1.1 the key `on` is the value true.
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def well_formed(folder):
    """Return what in the workflows and the file of Dependabot breaks GitHub's schemas."""
    found = []
    files = {
        "vendor.github-workflows": sorted((folder / "workflows").glob("*.yml")),
        "vendor.dependabot": [folder / "dependabot.yml"],
    }
    for schema, paths in files.items():
        command = [BIN / "check-jsonschema", "--builtin-schema", schema, *paths]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            found.append(done.stdout + done.stderr)
    return found


def unsafe(folder):
    """What zizmor finds, of medium severity or higher; empty if nothing."""
    command = [BIN / "zizmor", "--offline", "--no-progress", "--min-severity", "medium", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout if done.returncode else ""


@pytest.fixture
def changed(tmp_path):
    """Change a copy of the folder: a file, a piece of its text, and what stands there instead."""

    def change(name, old, new):
        folder = tmp_path / ".github"
        shutil.copytree(GITHUB, folder)
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return change


def test_workflows_are_well_formed_and_safe():
    assert len(WORKFLOWS) == 5
    assert well_formed(GITHUB) == []
    assert unsafe(GITHUB) == ""


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("workflows/test.yml", "runs-on: ubuntu-latest", "run-on: ubuntu-latest"),
        ("workflows/newest.yml", "timeout-minutes: 90", "timeout-minutes: an hour"),
        ("dependabot.yml", "interval: monthly", "interval: sometimes"),
    ],
)
def test_a_malformed_file_is_found(changed, name, old, new):
    assert well_formed(changed(name, old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "audit"),
    [
        ("test.yml", "@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "@v5", "unpinned-uses"),
        ("test.yml", "  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("test.yml", "persist-credentials: false", "clean: true", "artipacked"),
        ("newest.yml", "permissions:\n  contents: read", "permissions: write-all", "excessive-"),
        ("test.yml", "make test", "echo ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_an_unsafe_workflow_is_found(changed, name, old, new, audit):
    assert audit in unsafe(changed(f"workflows/{name}", old, new))


@by_workflow
def test_each_job_has_few_permissions_and_ends(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    for name, job in workflow["jobs"].items():
        assert "uses" in job or 0 < job["timeout-minutes"] <= 90, name
    # Pages and contents are written by what does nothing else.
    writing = {
        name: set(job["permissions"])
        for name, job in workflow["jobs"].items()
        if "write" in job.get("permissions", {}).values()
    }
    expected = {
        "publish": {"deploy": {"pages", "id-token"}, "public": {"contents"}},
        "newest": {"report": {"issues"}},
        "release": {"publish": {"id-token"}},
    }
    assert writing == expected.get(path.stem, {})


def steps(path):
    """The steps of all jobs of a workflow."""
    return [step for job in read(path)["jobs"].values() for step in job.get("steps", [])]


def commands(path):
    """The commands of a workflow, with the values of its matrix in place."""
    found = []
    for job in read(path)["jobs"].values():
        values = job.get("strategy", {}).get("matrix", {}).get("targets", [""])
        for step in job.get("steps", []):
            text = step.get("run", "")
            found += {text.replace("${{ matrix.targets }}", value) for value in values} - {""}
    return found


def needed(target):
    """What `make` makes for a target before the target's own recipe."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.search(rf"^{target}: (.*?) ##", text, re.M)[1].split())


def targets():
    """The targets that `make` lists in its help."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", text, re.M))


@by_workflow
def test_commands_exist(path):
    made = [name for run in commands(path) for name in re.findall(r"\bmake ([a-z-]+)", run)]
    made += [name for run in commands(path) if ".ci/run" in run for name in run.split()[1:]]
    assert set(made) <= targets()
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_what_is_pushed_or_proposed_is_tested_by_all_that_the_one_command_runs():
    triggers = read(GITHUB / "workflows" / "test.yml")[True]
    assert "pull_request" in triggers
    assert triggers["push"] == {"branches-ignore": ["main", "public"]}
    jobs = read(GITHUB / "workflows" / "test.yml")["jobs"]
    side_by_side = " ".join(jobs["test-all"]["strategy"]["matrix"]["targets"]).split()
    assert set(side_by_side) == (needed("test") | needed("test-all")) - {"test", "chromium"}
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").endswith('make "${@:-test-all}"\n')
    # For main the other workflow calls it, and nothing is published without it.
    publish = read(GITHUB / "workflows" / "publish.yml")
    assert publish[True] == {"push": {"branches": ["main"]}}
    jobs = publish["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert jobs["build"]["needs"] == jobs["public"]["needs"] == "test"
    assert jobs["deploy"]["needs"] == "build"


def test_a_release_is_tested_and_checked_before_what_has_no_other_right_uploads_it():
    release = read(GITHUB / "workflows" / "release.yml")
    assert release[True] == {"push": {"tags": ["v*"]}}
    jobs = release["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert (jobs["build"]["needs"], jobs["publish"]["needs"]) == ("test", "build")
    # The job that can upload runs no code of ours, and nothing that was installed.
    assert all("uses" in step for step in jobs["publish"]["steps"])
    assert "make dist" in commands(GITHUB / "workflows" / "release.yml")


def test_what_is_uploaded_is_what_make_site_builds():
    found = steps(GITHUB / "workflows" / "publish.yml")
    (upload,) = [step for step in found if "upload-pages-artifact" in step.get("uses", "")]
    assert ROOT / upload["with"]["path"] == ROOT / "_build" / "html"
    (site,) = [step for step in found if step.get("run") == "make site"]
    configured = [step.get("id") for step in found if "configure-pages" in step.get("uses", "")]
    assert site["env"] == {
        "BOOK_SITE": f"${{{{ steps.{configured[0]}.outputs.base_url }}}}",
        "BOOK_WITH_LITE": "yes",
    }
    # What Python in the page loads is fetched before, and chapters are run with it after.
    (check,) = [step for step in found if step.get("run") == "make lite-check"]
    assert check["env"] == {"BOOK_WITH_LITE": "yes"}
    (packages,) = [step for step in found if step.get("run") == "make lite-packages"]
    order = [found.index(step) for step in (packages, site, check, upload)]
    assert order == sorted(order)


@by_workflow
def test_python_is_the_one_of_the_lock_files(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (locked,) = re.findall(r"--python-version (\d\S+)", makefile)
    versions = {
        str(step["with"]["python-version"])
        for step in steps(path)
        if "setup-python" in step.get("uses", "")
    }
    # Besides, the code is tested on the newest Python.
    assert versions <= ({locked, "3.13"} if path.stem == "test" else {locked})
    if path.stem == "test":
        assert locked in versions
    # A job that runs our commands sets Python up, and does not take what it finds.
    for name, job in read(path)["jobs"].items():
        ours = any(re.match(r"make |\.ci/", step.get("run", "")) for step in job.get("steps", []))
        assert ours == ("setup-python" in str(job)), name


def test_an_action_has_one_version():
    pins = {}
    for path in WORKFLOWS:
        for action, pin in re.findall(
            r"uses: ([\w/-]+)@(\S+ # v\S+)", path.read_text(encoding="utf-8")
        ):
            pins.setdefault(action, set()).add(pin)
    assert len(pins) == 8
    assert all(len(versions) == 1 for versions in pins.values()), pins
