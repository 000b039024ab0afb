"""Tests in two sizes: all their cases in `make test-all`, the first of them in `make test`."""

import pytest


def some(cases, mark, first=2):
    """Return the cases as parameters, all but the `first` ones with a mark.

    Parameters
    ----------
    cases : dict or sequence
        By their names, or such as pytest names by itself.
    mark : pytest.MarkDecorator
        Of what only `make test-all` runs.
    first : int, optional
    """
    named = cases.items() if isinstance(cases, dict) else ((None, case) for case in cases)
    return [
        pytest.param(case, id=name, marks=mark if place >= first else ())
        for place, (name, case) in enumerate(named)
    ]
