"""White noise, sampled."""

import numpy as np

from .checks import generator, real_number, whole_number


def white_noise(trials: int, steps: int, dt: float, rng: np.random.Generator) -> np.ndarray:
    """Draw white noise of unit intensity, averaged over steps of length `dt`.

    Its integral over a time T has variance T, whatever dt is: each sample has standard deviation
    dt**-0.5.

    Parameters
    ----------
    trials, steps : int
        At least 1.
    dt : float
        Step, in membrane time constants, above 0.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray, shape (trials, steps)

    Examples
    --------
    >>> import numpy as np
    >>> import rnnbook as rb
    >>> rb.white_noise(trials=3, steps=5, dt=0.1, rng=np.random.default_rng(0)).shape
    (3, 5)
    """
    trials = whole_number(trials, "trials", 1)
    steps = whole_number(steps, "steps", 1)
    dt = real_number(dt, "dt", 0, strict=True)
    return generator(rng).normal(0.0, np.sqrt(1 / dt), (trials, steps))
