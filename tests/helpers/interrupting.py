"""Errors and interrupts that come in the middle of a computation."""


def interrupt_after(monkeypatch, owner, name, calls, error):
    """Make the function called `name` of `owner` raise `error` from its call number `calls`."""
    original, count = getattr(owner, name), 0

    def interrupted(*args, **kwargs):
        nonlocal count
        count += 1
        if count >= calls:
            raise error
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, interrupted)
