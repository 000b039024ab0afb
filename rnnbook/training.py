"""Learning: exact gradient flow, and stochastic gradient descent on sampled noise."""

from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from .bptt import bptt
from .chebyshev import steps as chebyshev_steps
from .checks import generator, real_number, time_grid, trained_names, whole_number
from .networks import LinearRNN, UnstableNetworkError, unchecked
from .noise import white_noise
from .objective import Objective, check_types, population_loss


@dataclass(frozen=True, eq=False)
class Trajectory:
    """How learning went: what was recorded at each learning time.

    Attributes
    ----------
    s : ndarray, shape (k,)
        Learning times.
    loss : ndarray, shape (k,)
        Exact population loss.
    outlier : ndarray of complex, shape (k,)
        Eigenvalue of W with the largest real part (of a pair, the one with imag >= 0).
    eigenvalues : ndarray of complex, shape (k, n), or None
        All eigenvalues of W, rightmost first, if they were asked for.
    responses : ndarray, shape (k, m), or None
        Impulse response at the m times that were asked for.
    variables : dict of str to ndarray of shape (k,), or None
        Variables of a reduced model by name; None for a network.
    final : LinearRNN or None
        The network at the last recorded time, or, if `partial`, at the last time reached; None for
        a reduced model.
    partial : bool
        Whether learning was interrupted before the last time asked for.
    """

    s: np.ndarray
    loss: np.ndarray
    outlier: np.ndarray
    eigenvalues: np.ndarray | None = None
    responses: np.ndarray | None = None
    variables: dict | None = None
    final: LinearRNN | None = None
    partial: bool = False

    @property
    def decay_rate(self):
        """Decay rate c = 1 - Re(outlier) of the slowest mode; ndarray, shape (k,)."""
        return 1 - self.outlier.real

    def plot(self, axes=None, **style):
        """Draw loss and decay rate against learning time; see `plots.plot_trajectory`."""
        from .plots import plot_trajectory  # plots draws Trajectory, so it comes after this file

        return plot_trajectory(self, axes, **style)


class UnstableTrainingError(UnstableNetworkError):
    """Learning reached instability; `trajectory` holds what was recorded before.

    Parameters
    ----------
    message : str
    trajectory : Trajectory
        Marked as partial.
    """

    def __init__(self, message, trajectory):
        super().__init__(message)
        self.trajectory = trajectory


def gradient_flow(
    rnn,
    target,
    s,
    trainable=("W", "v"),
    rtol=1e-6,
    progress=False,
    *,
    eigenvalues=False,
    response_times=None,
):
    """Follow gradient flow on the population loss: d(W, u, v)/ds = -dL/d(W, u, v).

    Steps are adaptive and safe on the stiff end of learning (see the book, "Numerical methods").
    Memory is about a dozen copies of the trained weights, however many times are asked for.
    Interrupting (Ctrl-C) returns what has been computed so far, with `partial` set.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    s : array_like, shape (k,)
        Learning times to record, sorted, none negative.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    rtol : float
        Accuracy aimed at, relative to max(1, norm of the trained weights); below 1. Errors of steps
        accumulate: at the default, c(s) is right to about 1e-4 through the sharpest transition.
    progress : bool
        Show a progress bar.
    eigenvalues : bool
        Also record all eigenvalues of W at each s.
    response_times : array_like, shape (m,), optional
        Also record the impulse response at these times within a trial, sorted, none negative.

    Returns
    -------
    Trajectory

    Raises
    ------
    UnstableNetworkError
        If the network is unstable at s = 0.
    UnstableTrainingError
        If the flow cannot be continued because the network would become unstable; carries the
        partial trajectory.
    """
    s = time_grid(s, "s")
    rtol = real_number(rtol, "rtol", 0, strict=True)
    if rtol >= 1:
        raise ValueError(f"rtol must be below 1; got {rtol:g}.")
    weights = _TrainedWeights(rnn, trainable)
    record = _Recorder(target, eigenvalues, response_times)
    objective = Objective(target, 0.01 * rtol)

    def slope(y):
        return -weights.pack(objective.loss_and_gradient(weights.unpack(y))[1])

    # An unstable start is bad input, not a failure of learning: let that error through as it is.
    population_loss(rnn, target)
    y, t, reached = weights.pack(rnn), 0.0, 0
    with tqdm(total=float(s[-1]), disable=not progress, desc="gradient flow", unit="s") as bar:
        try:
            while reached < s.size and s[reached] == 0:
                record.add(0.0, rnn)
                reached += 1
            # Errors of single steps add up over the flow, so each gets a tenth of what is allowed.
            for step in chebyshev_steps(slope, y, s[-1], 0.1 * rtol):
                while reached < s.size and s[reached] <= step.t_next:
                    record.add(s[reached], weights.unpack(step.interpolate(s[reached])))
                    reached += 1
                y, t = step.y_next, step.t_next
                bar.update(t - step.t)
        except KeyboardInterrupt:
            return record.trajectory(weights.unpack(y), partial=True)
        except (UnstableNetworkError, FloatingPointError, np.linalg.LinAlgError) as error:
            raise UnstableTrainingError(
                f"Gradient flow stopped after s = {t:.6g}: {error} What was recorded until "
                "then is in this error's .trajectory.",
                record.trajectory(weights.unpack(y), partial=True),
            ) from error
    return record.trajectory(weights.unpack(y))


def gradient_descent(
    rnn,
    target,
    eta,
    steps,
    trainable=("W", "v"),
    progress=False,
    *,
    record_every=None,
    eigenvalues=False,
    response_times=None,
):
    """Train by gradient descent on the exact population loss with a finite learning rate.

    One step advances learning time s by eta. Near the optimum of the integrator it is stable only
    for eta below 2 / (largest curvature), about 8 c*^3. Interrupting (Ctrl-C) returns what has been
    computed so far, with `partial` set.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    eta : float
        Learning rate, above 0.
    steps : int
        Number of steps, at least 1.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    progress : bool
        Show a progress bar.
    record_every : int, optional
        Steps between records; by default about a hundred records are kept. The first and the last
        step are always among them.
    eigenvalues : bool
        Also record all eigenvalues of W.
    response_times : array_like, shape (m,), optional
        Also record the impulse response at these times within a trial, sorted, none negative.

    Returns
    -------
    Trajectory

    Raises
    ------
    UnstableTrainingError
        If a step makes the network unstable; carries the partial trajectory.
    """

    objective = Objective(target)

    def gradient(rnn):
        return objective.loss_and_gradient(rnn)[1]

    record = _Recorder(target, eigenvalues, response_times)
    return _descend(rnn, gradient, eta, steps, trainable, progress, record_every, record)


def sgd(
    rnn,
    target,
    eta,
    steps,
    rng,
    batch=32,
    duration=None,
    dt=0.05,
    trainable=("W", "v"),
    progress=False,
    *,
    burn_in=None,
    record_every=None,
    eigenvalues=False,
    response_times=None,
):
    """Train by plain stochastic gradient descent with backpropagation through time.

    Each step draws fresh white noise, runs network and target on it by Euler-Maruyama, and follows
    the gradient of the loss on that minibatch. One step advances learning time s by eta. As eta and
    dt go to 0 and the batch grows, this converges to `gradient_flow`. What is recorded is the exact
    population loss. Interrupting (Ctrl-C) returns what has been computed so far, as partial.

    Parameters
    ----------
    rnn : LinearRNN
        The network at s = 0.
    target : Filter
    eta : float
        Learning rate, above 0.
    steps : int
        Number of steps, at least 1.
    rng : numpy.random.Generator
        Source of the noise.
    batch : int
        Trials per step.
    duration : float, optional
        Length of a trial in membrane time constants; by default ten times the target's longest
        time constant.
    dt : float
        Euler-Maruyama step, in membrane time constants.
    trainable : sequence of str
        Which of "W", "u" and "v" learn.
    progress : bool
        Show a progress bar.
    burn_in : float, optional
        Time at the start of a trial that the loss leaves out; by default half of `duration`.
    record_every : int, optional
        Steps between records; by default about a hundred records are kept. The first and the last
        step are always among them.
    eigenvalues : bool
        Also record all eigenvalues of W.
    response_times : array_like, shape (m,), optional
        Also record the impulse response at these times within a trial, sorted, none negative.

    Returns
    -------
    Trajectory

    Raises
    ------
    UnstableTrainingError
        If a step makes the network unstable; carries the partial trajectory.
    """
    check_types(rnn, target)
    rng = generator(rng)
    batch = whole_number(batch, "batch", 1)
    dt = real_number(dt, "dt", 0, strict=True)
    if duration is None:
        duration = -10 / target.poles[0].real
    duration = real_number(duration, "duration", dt)
    burn_in = 0.5 * duration if burn_in is None else real_number(burn_in, "burn_in", 0)
    if burn_in >= duration:
        raise ValueError(f"burn_in must be shorter than duration; got {burn_in:g}, {duration:g}.")
    samples = int(np.ceil(duration / dt - 1e-9))

    def gradient(rnn):
        return bptt(rnn, target, white_noise(batch, samples, dt, rng), dt, burn_in)[1]

    record = _Recorder(target, eigenvalues, response_times)
    return _descend(rnn, gradient, eta, steps, trainable, progress, record_every, record)


def _descend(rnn, gradient, eta, steps, trainable, progress, record_every, record):
    """Take `steps` steps of length eta down `gradient`, recording the exact population loss."""
    eta = real_number(eta, "eta", 0, strict=True)
    steps = whole_number(steps, "steps", 1)
    if record_every is None:
        record_every = max(1, steps // 100)
    record_every = whole_number(record_every, "record_every", 1)
    weights = _TrainedWeights(rnn, trainable)
    # An unstable start is bad input, not a failure of learning: let that error through as it is.
    record.add(0.0, rnn)
    y = weights.pack(rnn)
    with tqdm(total=steps, disable=not progress, desc="training", unit="step") as bar:
        for k in range(1, steps + 1):
            try:
                y = y - eta * weights.pack(gradient(rnn))
                if not np.isfinite(y).all():
                    raise FloatingPointError("the weights overflowed.")
                rnn = weights.unpack(y)
                if k % record_every == 0 or k == steps:
                    record.add(k * eta, rnn)
            except KeyboardInterrupt:
                return record.trajectory(rnn, partial=True)
            except (UnstableNetworkError, FloatingPointError) as error:
                raise UnstableTrainingError(
                    f"Training became unstable at step {k} (s = {k * eta:.6g}): {error} Take a "
                    "smaller eta (or, with sampled noise, a larger batch). What was recorded until "
                    "then is in this error's .trajectory.",
                    record.trajectory(rnn, partial=True),
                ) from error
            bar.update()
    return record.trajectory(rnn)


class _TrainedWeights:
    """Moves the trained weights between a network (or a gradient) and one flat vector."""

    def __init__(self, rnn, trainable):
        self.rnn = rnn
        self.names = trained_names(trainable)

    def pack(self, source):
        return np.concatenate([getattr(source, name).ravel() for name in self.names])

    def unpack(self, y):
        """Return the network with the trained weights `y`, of which it holds views."""
        parts = {"W": self.rnn.W, "u": self.rnn.u, "v": self.rnn.v}
        start = 0
        for name in self.names:
            stop = start + parts[name].size
            parts[name] = y[start:stop].reshape(parts[name].shape)
            start = stop
        return unchecked(**parts)


class _Recorder:
    """Collects what a Trajectory holds."""

    def __init__(self, target, eigenvalues, response_times):
        self.target = target
        self.times = None if response_times is None else time_grid(response_times, "response_times")
        self.s, self.loss, self.outlier = [], [], []
        self.eigenvalues = [] if eigenvalues else None
        self.responses = None if response_times is None else []

    def add(self, s, rnn):
        # All are computed before any is kept, so an interrupt cannot leave lists of unequal length.
        row = float(s), population_loss(rnn, self.target), rnn.outlier
        if self.eigenvalues is not None:
            self.eigenvalues.append(rnn.eigenvalues())
        if self.responses is not None:
            self.responses.append(rnn.impulse_response(self.times))
        for kept, value in zip((self.s, self.loss, self.outlier), row, strict=True):
            kept.append(value)

    def trajectory(self, final, partial=False):
        count = len(self.outlier)
        rows = {
            name: None if values is None else np.array(values[:count])
            for name, values in (("eigenvalues", self.eigenvalues), ("responses", self.responses))
        }
        return Trajectory(
            s=np.array(self.s[:count]),
            loss=np.array(self.loss[:count]),
            outlier=np.array(self.outlier, dtype=complex),
            final=LinearRNN(final.W, final.u, final.v),
            partial=partial,
            **rows,
        )
