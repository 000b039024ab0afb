// Learning in a reduced model: gradient flow, and gradient descent with finite steps.
//
// A `model` is the module that ReducedFlow.javascript() generates; a state is an array in the order
// of its `variables`.

import { combined, factorised } from "./linear_algebra.js";

// RODAS, a Rosenbrock method of order 4 with an error estimate of order 3 and states on the way of order 3, by
// Hairer and Wanner, "Solving Ordinary Differential Equations II", 1996, section IV.10. It is L-stable: near
// a slow target the flow is stiff, and an explicit method would creep.
const GAMMA = 1 / 4;
// Stage i solves with the slope at y + sum A[i][j] k[j], plus sum C[i][j] k[j] / h.
const A = [
  [],
  [1.544],
  [0.9466785280815826, 0.2557011698983284],
  [3.314825187068521, 2.896124015972201, 0.9986419139977817],
  [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895],
];
A.push([...A[4], 1]);
const C = [
  [],
  [-5.6688],
  [-2.430093356833875, -0.2063599157091915],
  [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
  [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616],
  [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
];
// The end of a step is the place of the last stage plus its k, which is the estimated error.
const LAST = A.length - 1;
// On the way the share x of both ends is mixed, plus x (1 - x) times sums of k, the second times x.
const BEND = [
  10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662,
];
const TURN = [
  -0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872,
];
const MAX_STEPS = 50000;

/** States at `times` (sorted, from 0) of the flow that starts at `start`; `first` is the first step to try. */
export function solve(model, parameters, start, times, relative = 1e-7, absolute = 1e-9, first = 1e-3) {
  const flow = (y) => model.flow(y, parameters);
  const states = [];
  const end = times[times.length - 1];
  let [t, y, slope, jacobian] = [0, start, flow(start), null];
  let h = Math.min(end, first);
  for (let taken = 0; ; taken++) {
    while (states.length < times.length && times[states.length] <= t) states.push(y);
    if (states.length === times.length) return states;
    if (taken === MAX_STEPS || !(h > 1e-15 * end)) throw new Error("the flow cannot be followed");
    h = Math.min(h, end - t);
    jacobian ??= model.jacobian(y, parameters); // a step that is tried again has it already
    const step = rosenbrock(flow, jacobian, y, slope, h);
    const size = model.domain(step.y, parameters).every((bound) => bound > 0)
      ? largest(step.error, y, step.y, relative, absolute)
      : NaN;
    if (size <= 1) {
      const next = t + h < end ? t + h : end;
      while (states.length < times.length && times[states.length] < next) {
        states.push(between((times[states.length] - t) / h, y, step));
      }
      [t, y, slope, jacobian] = [next, step.y, flow(step.y), null];
    }
    // An error that is not a number: the step left the states of stable networks.
    h *= Number.isFinite(size) ? Math.min(5, Math.max(0.2, 0.9 * (size + 1e-12) ** (-1 / 4))) : 0.2;
  }
}

/** The largest error of a variable, over what is allowed for it. */
function largest(error, y, next, relative, absolute) {
  return Math.max(
    ...error.map((e, i) => Math.abs(e) / (absolute + relative * Math.max(Math.abs(y[i]), Math.abs(next[i])))),
  );
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
  const n = y.length;
  const matrix = jacobian.flat().map((entry, at) => (at % (n + 1) === 0 ? 1 / (h * GAMMA) : 0) - entry);
  const solveFor = factorised(matrix, n);
  const k = [];
  let inside = y;
  for (let stage = 0; stage <= LAST; stage++) {
    if (stage > 0) inside = combined(y, A[stage], k, 1);
    const f = stage > 0 ? flow(inside) : slope;
    k.push(solveFor(combined(f, C[stage], k, 1 / h)));
  }
  return { y: inside.map((value, i) => value + k[LAST][i]), error: k[LAST], k };
}

/** The state at a share x of a step from y. */
function between(x, y, step) {
  const nothing = y.map(() => 0);
  const [bend, turn] = [BEND, TURN].map((factors) => combined(nothing, factors, step.k, 1));
  return y.map((value, i) => (1 - x) * value + x * (step.y[i] + (1 - x) * (bend[i] + x * turn[i])));
}
