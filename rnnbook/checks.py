"""Input checks shared by the package: each names the argument at fault and the remedy."""

import numpy as np


def finite_array(value, name, shape) -> np.ndarray:
    """Return `value` as a read-only float array after checking its shape and finiteness.

    Parameters
    ----------
    value : array_like
        What the caller passed.
    name : str
        The argument's name, for the error message.
    shape : tuple of (int or None)
        Required shape; None stands for any length.

    Returns
    -------
    ndarray
        A read-only float64 copy.

    Raises
    ------
    ValueError
        If `value` is not real and finite, or has another shape.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be an array of real numbers; got dtype {array.dtype}.")
    array = np.array(array, dtype=float)
    fits = array.ndim == len(shape) and all(
        want is None or want == have for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ")"
        raise ValueError(f"{name} must have shape {wanted}; got {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; it holds NaN or infinity.")
    array.flags.writeable = False
    return array


def real_number(value, name, minimum=None, *, strict=False) -> float:
    """Return `value` as a finite float, at least (or, if `strict`, above) `minimum`.

    Raises
    ------
    ValueError
        If `value` is not one finite real number or lies below `minimum`.
    """
    array = np.asarray(value)
    if array.ndim != 0 or array.dtype.kind not in "iuf" or not np.isfinite(array):
        raise ValueError(f"{name} must be one finite real number; got {value!r}.")
    number = float(array)
    if minimum is not None and (number < minimum or (strict and number == minimum)):
        bound = "greater than" if strict else "at least"
        raise ValueError(f"{name} must be {bound} {minimum:g}; got {number:g}.")
    return number


def fraction(value, name) -> float:
    """Return `value` as a float between 0 and 1, neither of them included.

    Raises
    ------
    ValueError
        If `value` is not one finite real number in this range.
    """
    number = real_number(value, name, 0, strict=True)
    if number >= 1:
        raise ValueError(f"{name} must be below 1; got {number:g}.")
    return number


def bulk_radius(sigma) -> float:
    """Return the scale of the initial weights, the radius of their bulk, as a float in (0, 1).

    Raises
    ------
    ValueError
        If it is not one real number in this range, neither end included.
    """
    sigma = real_number(sigma, "sigma")
    if not 0 < sigma < 1:
        raise ValueError(
            f"sigma must be greater than 0 and less than 1; got {sigma:g}. At 1 and above a random "
            "network is unstable, and at 0 it has no recurrence: take a small sigma instead."
        )
    return sigma


def whole_number(value, name, minimum) -> int:
    """Return `value` as an int of at least `minimum`.

    Raises
    ------
    ValueError
        If `value` is not a whole number or lies below `minimum`.
    """
    number = real_number(value, name, minimum)
    if number != int(number):
        raise ValueError(f"{name} must be a whole number; got {value!r}.")
    return int(number)


def not_negative(value, name) -> np.ndarray:
    """Return `value` as a float array of any shape, after checking that no entry is below 0.

    Raises
    ------
    ValueError
        If an entry is negative, not real or not finite.
    """
    array = finite_array(value, name, (None,) * np.ndim(value))
    if np.any(array < 0):
        raise ValueError(f"{name} must not be negative; its least entry is {array.min():g}.")
    return array


def channels(value, name, size) -> np.ndarray:
    """Return `value` as a read-only float array, one vector of length `size` or a column for each.

    Raises
    ------
    ValueError
        If it is not a vector of that length, or a matrix with as many rows and at least one column.
    """
    if np.ndim(value) != 2:
        return finite_array(value, name, (size,))
    array = finite_array(value, name, (size, None))
    if array.shape[1] == 0:
        raise ValueError(f"{name} has no columns; give one for each input or output.")
    return array


def one_channel(value, name):
    """Return `value`, a network or filter, if it has one input and one output.

    Raises
    ------
    ValueError
        If its read-in or read-out is a matrix.
    """
    if value.several:
        raise ValueError(
            f"{name} has several inputs or outputs, {value.outputs} x {value.inputs}, which is not "
            "supported here: give a vector for the read-in and one for the read-out."
        )
    return value


def time_grid(value, name) -> np.ndarray:
    """Return `value` as a non-empty, finite, non-negative, sorted array of times.

    Raises
    ------
    ValueError
        If the grid is empty, unsorted, negative, not finite or not one-dimensional.
    """
    grid = finite_array(value, name, (None,))
    if grid.size == 0:
        raise ValueError(f"{name} is empty; give at least one time.")
    if grid[0] < 0 or np.any(np.diff(grid) < 0):
        raise ValueError(f"{name} must be sorted and start at 0 or later.")
    return grid


def instance(value, name, kind):
    """Return `value` if it is of the class `kind`, or of one of them if `kind` is a tuple.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = " or ".join(each.__name__ for each in kinds)
        raise TypeError(f"{name} must be a {wanted}; got {type(value).__name__}.")
    return value


def generator(rng) -> np.random.Generator:
    """Return `rng` if it is a NumPy random generator.

    Raises
    ------
    TypeError
        If it is anything else; a seed is refused so that no randomness is hidden.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, for example numpy.random.default_rng(0); "
            f"got {rng!r}."
        )
    return rng


def trained_names(trainable):
    """Return `trainable` as a tuple in the order W, u, v.

    Raises
    ------
    ValueError
        If it is empty or names anything but "W", "u" and "v".
    """
    names = (trainable,) if isinstance(trainable, str) else tuple(trainable)
    unknown = [name for name in names if name not in ("W", "u", "v")]
    if unknown or not names:
        raise ValueError(
            f'trainable must name at least one of "W", "u", "v", and nothing else; got {names!r}.'
        )
    return tuple(name for name in ("W", "u", "v") if name in names)


def pair_names(trainable):
    """Return `trainable` as a tuple in the order W, u, v, if the reduction to a pair covers it.

    Raises
    ------
    ValueError
        If it is none of ("W",), ("W", "v") and ("W", "u", "v"), in any order.
    """
    names = trained_names(trainable)
    if names not in (("W",), ("W", "v"), ("W", "u", "v")):
        raise ValueError(
            f'trainable must be ("W",), ("W", "v") or ("W", "u", "v") here; got {names!r}.'
        )
    return names
