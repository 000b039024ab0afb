"""Whether this machine has a sandbox; where it has none, honest code is tested without one."""

import os

import pytest

from assignments import sandbox


def missing():
    """Return why there is no sandbox, or nothing; `.ci/run` accepts no reason."""
    try:
        sandbox.check()
    except sandbox.MissingSandboxError as error:
        if os.environ.get("SANDBOX_REQUIRED"):
            raise
        return str(error).splitlines()[0]
    return ""


def needed():
    """Return a mark for tests that make no sense without a sandbox."""
    why = missing()
    return pytest.mark.skipif(bool(why), reason=why or "there is one")


def unsafe():
    """Return whether code has to run without a sandbox."""
    return bool(missing())
