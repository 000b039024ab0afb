"""What several of these tests start from."""

import sys

import pytest
import small

from assignments import checks, judge, release


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """A folder with the source notebook of the small assignment."""
    return small.write(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="session")
def original(source):
    """Its instructor's version."""
    return release.instructor_version(small.NAME, small.SETTINGS.seed, source)


@pytest.fixture
def blank(original):
    """What students receive of it."""
    return release.student_version(original)


@pytest.fixture
def judging_here(monkeypatch):
    """What a judge changes in its process is as before, in the end."""
    for module in (judge.sympy_parser, judge.sp.parsing, judge.sp):
        monkeypatch.setattr(module, "parse_expr", module.parse_expr)
    monkeypatch.setattr(judge.sp, "lambdify", judge.sp.lambdify)
    monkeypatch.setitem(sys.modules, "checks", checks)
