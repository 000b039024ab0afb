// Learning in a reduced model: gradient flow, and gradient descent with finite steps.
//
// A `model` is the module that ReducedFlow.javascript() generates; a state is an array in the order
// of its `variables`.

// RODAS3, a Rosenbrock method of order 3 with an error estimate of order 2, by Sandu et al.,
// "Benchmarking stiff ODE solvers for atmospheric chemistry problems II", 1997. It is L-stable: near
// a slow target the flow is stiff, and an explicit method would creep.
const GAMMA = 1 / 2;
// Stage i solves with the slope at y + sum A[i][j] k[j] (or the one before), plus sum C[i][j] k[j] / h.
const A = [[], null, [2, 0], [2, 0, 1]];
const C = [[], [4], [1, -1], [1, -1, -8 / 3]];
const END = [2, 0, 1, 1];
const MAX_STEPS = 50000;

/** States at `times` (sorted, from 0) of the flow that starts at `start`; `first` is the first step to try. */
export function solve(model, parameters, start, times, relative = 1e-7, absolute = 1e-9, first = 1e-3) {
  const flow = (y) => model.flow(y, parameters);
  const states = [];
  const end = times[times.length - 1];
  let [t, y, slope] = [0, start, flow(start)];
  let h = Math.min(end, first);
  for (let taken = 0; states.length < times.length; taken++) {
    while (states.length < times.length && times[states.length] <= t) states.push(y);
    if (states.length === times.length) break;
    if (taken === MAX_STEPS || !(h > 1e-15 * end)) throw new Error("the flow cannot be followed");
    h = Math.min(h, end - t);
    const step = rosenbrock(flow, model.jacobian(y, parameters), y, slope, h);
    const inside = model.domain(step.y, parameters).every((bound) => bound > 0);
    const size = inside
      ? Math.max(
          ...step.error.map((e, i) => {
            const scale = Math.max(Math.abs(y[i]), Math.abs(step.y[i]));
            return Math.abs(e) / (absolute + relative * scale);
          }),
        )
      : NaN;
    if (size <= 1) {
      const next = t + h < end ? t + h : end;
      while (states.length < times.length && times[states.length] < next) {
        states.push(hermite((times[states.length] - t) / h, h, y, slope, step.y, step.slope));
      }
      [t, y, slope] = [next, step.y, step.slope];
    }
    // An error that is not a number: the step left the states of stable networks.
    h *= Number.isFinite(size) ? Math.min(4, Math.max(0.2, 0.9 * (size + 1e-12) ** (-1 / 3))) : 0.2;
  }
  return states;
}

/** Iterates of gradient descent; it ends before a step that would make the network unstable. */
export function descend(model, parameters, start, eta, steps) {
  const states = [start];
  for (let k = 0; k < steps; k++) {
    const y = states[k];
    const next = model.flow(y, parameters).map((slope, i) => y[i] + eta * slope);
    const allowed = model.domain(next, parameters).every((bound) => bound > 0);
    if (!allowed || !next.every(Number.isFinite)) break;
    states.push(next);
  }
  return states;
}

function rosenbrock(flow, jacobian, y, slope, h) {
  const matrix = jacobian.map((row, i) => row.map((entry, j) => (i === j) / (h * GAMMA) - entry));
  const k = [];
  const plus = (start, factors, scale) =>
    start.map((value, i) => factors.reduce((sum, factor, j) => sum + scale * factor * k[j][i], value));
  let f = slope;
  for (let stage = 0; stage < END.length; stage++) {
    if (stage > 0 && A[stage]) f = flow(plus(y, A[stage], 1));
    k.push(linearSolve(matrix, plus(f, C[stage], 1 / h)));
  }
  const end = plus(y, END, 1);
  return { y: end, slope: flow(end), error: k[3] };
}

/** The cubic with the values and slopes of both ends, at a share x of the step h. */
function hermite(x, h, y0, f0, y1, f1) {
  const [a, b] = [(1 + 2 * x) * (1 - x) ** 2, x * (1 - x) ** 2];
  const [c, d] = [x * x * (3 - 2 * x), x * x * (x - 1)];
  return y0.map((_, i) => a * y0[i] + h * b * f0[i] + c * y1[i] + h * d * f1[i]);
}

/** Gaussian elimination with pivots, for the few variables of a reduced model. */
function linearSolve(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    }
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = Array(n);
  for (let i = n - 1; i >= 0; i--) {
    x[i] = rows[i][n];
    for (let j = i + 1; j < n; j++) x[i] -= rows[i][j] * x[j];
    x[i] /= rows[i][i];
  }
  return x;
}
