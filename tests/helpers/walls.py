"""Whether this machine has a sandbox; where it has none, honest code is tested without one."""

from assignments import sandbox


def unsafe():
    """Return whether code has to run without a sandbox."""
    try:
        sandbox.check()
    except sandbox.MissingSandboxError:
        return True
    return False
