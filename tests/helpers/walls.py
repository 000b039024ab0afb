"""Whether this machine has a sandbox. Where there is none, tests of honest code go on without one."""

from assignments import sandbox


def unsafe():
    """Return whether code has to run without a sandbox."""
    try:
        sandbox.check()
    except sandbox.MissingSandboxError:
        return True
    return False
