"""Errors and interrupts that come in the middle of a computation."""


def interrupt_after(monkeypatch, module, name, calls, error):
    """Make the function called `name` in `module` raise `error` from its call number `calls`."""
    original, count = getattr(module, name), 0

    def interrupted(*args, **kwargs):
        nonlocal count
        count += 1
        if count >= calls:
            raise error
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, interrupted)
