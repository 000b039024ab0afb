"""Reduced models of learning: SymPy in, equations, NumPy and JavaScript out.

A reduced model is a loss L in a few variables and a metric: how far the weights move per change of
the variables. Gradient flow of the weights is then, in the variables, minus the inverse metric
times the gradient of L. Each formula is written once, here, as the loss and the metric; everything
else is generated from them.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from .. import javascript as js
from ..checks import finite_array, real_number, time_grid, whole_number
from ..optimizers import Optimizer
from ..trajectory import Trajectory

# Functions that NumPy and SciPy take to the complex plane.
_ANALYTIC = (sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.sinh, sp.cosh)
_TINY = 1e-30  # its square vanishes beside 1, and it is far from the smallest number


class ReducedFlow:
    """Gradient flow of a loss in a few variables.

    Parameters
    ----------
    variables : sequence of sympy.Symbol
        What moves. Symbols declared positive are held to that.
    loss : sympy.Expr
        The population loss in terms of variables and parameters.
    metric : sympy.Matrix or sequence of sympy.Expr
        Squared length of a change of the weights, as a symmetric positive matrix in the variables;
        a sequence stands for its diagonal.
    parameters : dict of sympy.Symbol to (float or None)
        What is held fixed, with default values; None for a parameter that `solve` must be given.
    outlier : sympy.Expr
        The learned eigenvalue of W in terms of variables and parameters. It may turn complex; then
        that of the pair with a positive imaginary part is recorded.
    initial : sequence of float, optional
        Default state at s = 0.
    domain : sequence of sympy.Expr, optional
        What must be positive, in terms of variables and parameters, for the loss to be that of a
        stable network; positive symbols need not be repeated.

    Raises
    ------
    ValueError
        If the loss, metric, outlier or domain has symbols that are neither variables nor
        parameters, or the metric has the wrong shape or is singular.
    """

    def __init__(
        self,
        variables: Sequence[sp.Symbol],
        loss: sp.Expr,
        metric: sp.MatrixBase | Sequence[sp.Expr | float],
        parameters: Mapping[sp.Symbol, float | None],
        outlier: sp.Expr,
        initial: Sequence[float] | None = None,
        domain: Sequence[sp.Expr] = (),
    ) -> None:
        self.variables = tuple(variables)
        self.loss = sp.sympify(loss)
        self.parameters = tuple(parameters)
        self.defaults = dict(parameters)
        self.outlier = sp.sympify(outlier)
        self.initial = initial
        self.domain = tuple(map(sp.sympify, domain))
        if not isinstance(metric, sp.MatrixBase):
            metric = sp.diag(*metric)
        self.metric = sp.ImmutableMatrix(metric)
        used = set().union(
            *(part.free_symbols for part in (self.loss, self.outlier, self.metric, *self.domain))
        )
        if unknown := used - {*self.variables, *self.parameters}:
            raise ValueError(
                f"loss, metric, outlier or domain has symbols that are not declared: {unknown}."
            )
        size = len(self.variables)
        if self.metric.shape != (size, size) or _singular(self.metric):
            raise ValueError(f"metric must be an invertible {size} x {size} matrix.")

    @cached_property
    def flow(self) -> sp.MatrixBase:
        """Right-hand side, d(variables)/ds; sympy.Matrix, shape (variables, 1)."""
        gradient = sp.Matrix([self.loss]).jacobian(self.variables).T
        # A sum of terms, but not brought to one denominator: each term stays recognisable.
        return (-self.metric.inv() * gradient).applyfunc(
            lambda slope: sp.expand_mul(slope, deep=False)
        )

    @cached_property
    def jacobian(self) -> sp.MatrixBase:
        """Derivatives of the flow (rows) by the variables (columns); sympy.Matrix."""
        return self.flow.jacobian(self.variables)

    @cached_property
    def hessian(self) -> sp.MatrixBase:
        """Second derivatives of the loss by the variables; sympy.Matrix."""
        return sp.hessian(self.loss, self.variables)

    def latex(self) -> str:
        """Return the flow as LaTeX, one aligned line a variable."""
        lines = [
            rf"\frac{{d{sp.latex(variable)}}}{{ds}} &= {sp.latex(slope)}"
            for variable, slope in zip(self.variables, self.flow, strict=True)
        ]
        return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"

    def __repr__(self):
        rates = (
            f"d{variable}/ds = {slope}"
            for variable, slope in zip(self.variables, self.flow, strict=True)
        )
        return f"ReducedFlow({', '.join(rates)})"

    def _repr_latex_(self):
        return f"$\\displaystyle {self.latex()}$"

    def rhs(self, state: ArrayLike, **parameters: float) -> np.ndarray:
        """Evaluate the flow with NumPy.

        Parameters
        ----------
        state : array_like, shape (variables, ...)
            Values of the variables; further axes broadcast.
        **parameters : float
            Values of the parameters, by name.

        Returns
        -------
        ndarray, shape of `state`
        """
        return self._evaluate(self._numpy_flow, state, parameters)

    def loss_at(self, state: ArrayLike, **parameters: float) -> np.ndarray:
        """Evaluate the loss with NumPy; arguments as for `rhs`, without the first axis returned."""
        return self._evaluate(self._numpy_loss, state, parameters)[0]

    def solve(
        self,
        s: ArrayLike,
        initial: Sequence[float] | Mapping[str, float] | None = None,
        **parameters: float,
    ) -> Trajectory:
        """Integrate the flow from s = 0.

        Parameters
        ----------
        s : array_like, shape (k,)
            Learning times to record, sorted, none negative.
        initial : sequence of float or dict of str to float, optional
            State at s = 0, in the order of `variables` or by name.
        **parameters : float
            Values of the parameters, by name.

        Returns
        -------
        Trajectory
            With `variables` by name.

        Raises
        ------
        ValueError
            If an argument is missing, unknown or out of range.
        RuntimeError
            If the flow cannot be integrated to the end of `s`.

        Examples
        --------
        >>> import rnnbook as rb
        >>> learned = rb.integrator.solve(s=[0, 1, 2, 5], c_star=0.1)
        >>> learned.variables["c"].round(4).tolist()  # from 1 to c*
        [1.0, 0.5847, 0.0994, 0.1]
        """
        s = time_grid(s, "s")
        values = self._values(parameters)
        start = self._start(initial, values)
        states = np.repeat(start[:, None], s.size, axis=1)
        if s[-1] > 0:
            # SciPy wants each time once.
            times, places = np.unique(s, return_inverse=True)
            # With the exact Jacobian, since the flow is stiff for slow targets.
            solution = solve_ivp(
                lambda _, y: self._numpy_flow(y, values)[:, 0],
                (0.0, s[-1]),
                start,
                method="LSODA",
                t_eval=times,
                jac=lambda _, y: self._numpy_jacobian(y, values).reshape(start.size, -1),
                rtol=1e-9,
                atol=1e-12,
            )
            if not solution.success:
                raise RuntimeError(f"The flow could not be integrated: {solution.message}")
            states = solution.y[:, places]
        self._check_domain(states, values)
        return self._trajectory(s, states, values)

    def descend(
        self,
        eta: float | Optimizer,
        steps: int,
        initial: Sequence[float] | Mapping[str, float] | None = None,
        **parameters: float,
    ) -> Trajectory:
        """Take steps of finite length, by gradient descent or another optimiser.

        Gradient descent goes down in the metric of the flow. Near a minimum it is stable only for
        eta below 2 over the largest curvature there. Another optimiser sees each variable measured
        as the weights are: times the root of its entry in the metric.

        Parameters
        ----------
        eta : float or Optimizer
            Learning rate, above 0; or one of `rnnbook.optimizers`, such as `Adam(eta=0.01)`. It
            needs a diagonal metric without variables in it, and takes each variable for a vector.
        steps : int
            Number of steps, at least 1.
        initial : sequence of float or dict of str to float, optional
            State at s = 0, in the order of `variables` or by name.
        **parameters : float
            Values of the parameters, by name.

        Returns
        -------
        Trajectory
            With `variables` by name, at s = 0, eta, 2 eta, ... It ends early, marked as partial,
            before a step that would leave the domain of the model (make a positive variable
            negative, say): the network would be unstable there.
        """
        optimizer = eta if isinstance(eta, Optimizer) else None
        eta = optimizer.eta if optimizer else real_number(eta, "eta", 0, strict=True)
        steps = whole_number(steps, "steps", 1)
        values = self._values(parameters)
        states = [self._start(initial, values)]
        change = self._changes(optimizer, values) if optimizer else None
        for _ in range(steps):
            slope = self._numpy_flow(states[-1], values)[:, 0]
            following = states[-1] + (change(slope) if change else eta * slope)
            if not np.isfinite(following).all() or np.any(self._bounds(following, values) <= 0):
                break
            states.append(following)
        partial = len(states) <= steps
        return self._trajectory(eta * np.arange(len(states)), np.transpose(states), values, partial)

    def _changes(self, optimizer, values):
        """A function that takes the slope of the flow to the change of the variables."""
        symbols = {*self.variables} & self.metric.free_symbols
        if symbols or not self.metric.is_diagonal():
            raise ValueError(
                "eta can be an Optimizer only if the metric is diagonal and the same everywhere; "
                "give a number, for gradient descent."
            )
        metric = self.metric.subs(dict(zip(self.parameters, values, strict=True)))
        scale = np.sqrt(np.array(metric.diagonal(), dtype=float).ravel())
        names = [symbol.name for symbol in self.variables]
        state = None

        def change(slope):
            nonlocal state
            gradient = {x: np.array([-part]) for x, part in zip(names, slope * scale, strict=True)}
            moved, state = optimizer.update(gradient, state)
            return np.concatenate([moved[x] for x in names]) / scale

        return change

    def javascript(self) -> str:
        """Return an ES module with the functions of the model, of (state, parameters).

        `state` is an array in the order of `variables`, `parameters` an object by name. `flow`
        returns an array, `jacobian` (of the flow, by the variables) an array of rows, `loss` a
        number, `outlier` its real part and its imaginary part, which is 0 or positive, and `domain`
        an array of numbers that are positive in a state of a stable network. Beside them stand
        `variables` and `parameters`, arrays of names.

        Raises
        ------
        ValueError
            If JavaScript cannot compute a formula of the model.
        """
        arguments = f"[{js.listed(self.variables)}], {{{js.listed(self.parameters)}}}"
        real, imaginary = js.complex_parts(self.outlier)
        functions = {
            "flow": self.flow.T.tolist()[0],
            "jacobian": self.jacobian.tolist(),
            "loss": self.loss,
            "outlier": [real, sp.Abs(imaginary)],
            "domain": [symbol for symbol in self.variables if symbol.is_positive]
            + list(self.domain),
        }
        return js.module(
            js.constant("variables", [symbol.name for symbol in self.variables]),
            js.constant("parameters", [symbol.name for symbol in self.parameters]),
            *(js.function(name, arguments, value) for name, value in functions.items()),
        )

    def _trajectory(self, s, states, values, partial=False):
        names = [symbol.name for symbol in self.variables]
        # On complex numbers, for roots of negative ones. Which root NumPy then takes hangs on the
        # sign of a zero; the conjugate is an eigenvalue too.
        outlier = self._numpy_outlier(states.astype(complex), values)[0]
        return Trajectory(
            s=s,
            loss=self._numpy_loss(states, values)[0],
            outlier=outlier.real + 1j * np.abs(outlier.imag),
            variables=dict(zip(names, states, strict=True)),
            partial=partial,
        )

    def _compile(self, expressions):
        function = sp.lambdify([*self.variables, *self.parameters], list(expressions), cse=True)

        def evaluate(state, values):
            if state.ndim == 1 and state.dtype == float:
                # One state: Python's numbers take a fraction of the time of NumPy's. Where they
                # would raise an error or turn complex, NumPy's are infinite or NaN.
                try:
                    column = np.array(function(*state.tolist(), *values))
                except ArithmeticError:
                    column = np.empty(0)
                if column.dtype == float and column.size:
                    return column[:, None]
            rows = function(*state, *values)
            return np.array([np.broadcast_to(row, np.shape(state)[1:] or (1,)) for row in rows])

        return evaluate

    @cached_property
    def _numpy_flow(self):
        return self._compile(self.flow)

    @cached_property
    def _numpy_jacobian(self):
        if not all(isinstance(part, _ANALYTIC) for part in self.flow.atoms(sp.Function)):
            return self._compile(self.jacobian)

        # Of many variables SymPy takes seconds to find and to compile `jacobian`. The derivative of
        # an analytic function is its imaginary part a tiny imaginary step away, to rounding error:
        # nothing is subtracted.
        def evaluate(state, values):
            steps = state[:, None] + 1j * _TINY * np.eye(state.size)
            return self._numpy_flow(steps, values).imag.reshape(-1, 1) / _TINY

        return evaluate

    @cached_property
    def _numpy_loss(self):
        return self._compile([self.loss])

    @cached_property
    def _numpy_outlier(self):
        return self._compile([self.outlier])

    @cached_property
    def _numpy_domain(self):
        return self._compile(self.domain)

    def _evaluate(self, function, state, parameters):
        state = np.asarray(state, dtype=float)
        if state.ndim == 0 or state.shape[0] != len(self.variables):
            raise ValueError(
                f"state must have {len(self.variables)} rows, {self._variable_names()}; "
                f"got shape {state.shape}."
            )
        values = self._values(parameters)
        self._check_domain(state, values)
        found = function(state, values)
        return found if state.ndim > 1 else found[:, 0]

    def _values(self, parameters):
        known = {symbol.name for symbol in self.parameters}
        if unknown := set(parameters) - known:
            raise ValueError(
                f"unknown parameters {sorted(unknown)}; this flow has {sorted(known)}."
            )
        values = []
        for symbol in self.parameters:
            value = parameters.get(symbol.name, self.defaults[symbol])
            if value is None:
                raise ValueError(f"parameter {symbol.name} is missing; pass {symbol.name}=...")
            minimum = 0 if symbol.is_positive else None
            values.append(real_number(value, symbol.name, minimum, strict=True))
        return values

    def _start(self, initial, values):
        initial = self.initial if initial is None else initial
        names = [symbol.name for symbol in self.variables]
        if initial is None:
            raise ValueError(
                f"initial must be given for this flow: values of {self._variable_names()}."
            )
        if isinstance(initial, dict):
            if set(initial) != set(names):
                raise ValueError(
                    f"initial must name {self._variable_names()}; got {sorted(initial)}."
                )
            initial = [initial[name] for name in names]
        start = finite_array(initial, "initial", (len(names),))
        self._check_domain(start, values)
        metric = self.metric.subs(dict(zip(self.variables, start.tolist(), strict=True)))
        if not metric.free_symbols and metric.is_positive_definite is not True:
            raise ValueError(
                f"initial = {start.tolist()} is not a place to start: the metric is not positive "
                f"there. Choose {self._variable_names()} where it is."
            )
        return start

    @cached_property
    def _positive(self):
        return [k for k, symbol in enumerate(self.variables) if symbol.is_positive]

    def _bounds(self, state, values):
        """Stack what must be positive: variables declared so, then the domain."""
        bounds = state[self._positive].reshape(len(self._positive), *(state.shape[1:] or (1,)))
        if self.domain:
            bounds = np.concatenate([bounds, self._numpy_domain(state, values)])
        return bounds

    def _check_domain(self, state, values):
        what = [self.variables[k] for k in self._positive] + list(self.domain)
        for expression, row in zip(what, self._bounds(state, values), strict=True):
            if not np.all(row > 0):
                raise ValueError(
                    f"{expression} must be greater than 0 in every state: elsewhere the network "
                    "is unstable and has no loss."
                )

    def _variable_names(self):
        return ", ".join(symbol.name for symbol in self.variables)


def _singular(metric):
    # SymPy multiplies out a determinant, which takes time that a diagonal matrix does not need.
    return 0 in metric.diagonal() if metric.is_diagonal() else metric.det() == 0
