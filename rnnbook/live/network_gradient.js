// The exact loss of a linear network on the target exp(-c* t), its gradient and its impulse response:
// rnnbook/objective.py for one target and some tens of neurons. A network is {W, u, v}, and each part is
// a Float64Array; the chapter "The gradient, exactly" derives the equations.

import { dot, joined, multiply, norm, shifted, solve, transpose } from "./linear_algebra.js";

const ACCURACY = 1e-9; // of the Gramians, relative to their size
const LEAST = 16; // vectors to begin with
const MOST_DOUBLINGS = 40;

/**
 * The loss and its derivatives by W and v; NaN if the network is unstable. Networks that follow each other in
 * learning need spaces of about the same size: `sizes`, an object kept for them, says where to begin.
 */
export function lossAndGradient({ W, u, v }, c_star, sizes = {}) {
  const n = u.length;
  const right = gramian(W, u, c_star, sizes.right);
  const left = gramian(transpose(W, n), v, c_star, sizes.left);
  Object.assign(sizes, { right: right.next, left: left.next });
  const [m, k] = [right.size, left.size];
  const read = multiply(right.basis, v, n, 1); // v in the basis of the states
  const seen = multiply(right.matrix, read, m, 1);
  const byV = seen.map((value, i) => value - right.mixed[i]);
  // dL/dW = Q P - y x^T, all in the two bases.
  const between = multiply(left.basis, transpose(right.basis, n), n, m);
  const core = multiply(multiply(left.matrix, between, k, m), right.matrix, m, m);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < m; j++) core[i * m + j] -= left.mixed[i] * right.mixed[j];
  }
  return {
    loss: lossOf(right, read, c_star),
    W: k ? multiply(transpose(left.basis, n), multiply(core, right.basis, m, n), k, n) : W.map(() => 0),
    v: multiply(byV, right.basis, m, n),
  };
}

/** The loss, and the impulse response at `count` times that are `step` apart, from 0 on. */
export function lossAndResponse({ W, u, v }, c_star, step, count, sizes = {}) {
  const right = gramian(W, u, c_star, sizes.right);
  const { basis, projection, size, start } = right;
  const read = multiply(basis, v, u.length, 1);
  const onwards = exponential(
    shifted(projection, size, -1).map((value) => step * value),
    size,
  );
  const response = [];
  for (let h = start; response.length < count; h = multiply(onwards, h, size, 1)) response.push(dot(read, h));
  return { loss: lossOf(right, read, c_star), response };
}

/** The loss of a network that reads `read` of the states in their basis. */
function lossOf({ matrix, mixed, size }, read, c_star) {
  const seen = multiply(matrix, read, size, 1);
  return (dot(read, seen) - 2 * dot(read, mixed) + 1 / (2 * c_star)) / 2;
}

/**
 * The integral of h h^T for the states h = exp((M - I) t) b, as `matrix` in the basis of a Krylov space,
 * and that of h exp(-c* t), `mixed`. The space grows until what it leaves out is negligible.
 */
function gramian(M, b, c_star, first = LEAST) {
  const n = b.length;
  const space = krylov(M, b);
  for (let size = first; ; size += 8) {
    const { basis, projection, residual, closed } = space(size);
    const m = basis.length / n;
    const start = new Float64Array(m);
    if (m) start[0] = norm(b);
    const matrix = lyapunov(shifted(projection, m, -1), start);
    const leftOut = residual * norm(matrix.subarray((m - 1) * m));
    // An unstable projection of a stable network has to grow too.
    if (closed || leftOut <= ACCURACY * norm(matrix)) {
      const mixed = solve(
        shifted(projection, m, -1 - c_star),
        start.map((value) => -value),
        1,
      );
      const easy = leftOut <= 1e-3 * ACCURACY * norm(matrix);
      return { basis, projection, size: m, start, matrix, mixed, next: easy ? Math.max(LEAST, m - 2) : m };
    }
  }
}

/** Arnoldi's method; the function that it returns grows the space of M and b to a size. */
function krylov(M, b) {
  const n = b.length;
  // One vector a row, and one column a row with an entry for each vector: they are filled, and none is made anew.
  const [vectors, columns, next] = [n * n, n * (n + 1), n].map((size) => new Float64Array(size));
  let [known, done] = [0, 0];
  const add = (vector, factor) => {
    for (let i = 0; i < n; i++) vectors[known * n + i] = factor * vector[i];
    known++;
  };
  if (norm(b) > 0) add(b, 1 / norm(b));
  /** Take from `next` its part along the vector k. */
  const straighten = (k) => {
    let part = 0;
    for (let i = 0; i < n; i++) part += vectors[k * n + i] * next[i];
    for (let i = 0; i < n; i++) next[i] -= part * vectors[k * n + i];
    columns[done * (n + 1) + k] += part;
  };
  return (size) => {
    for (; done < size && done < known; done++) {
      for (let i = 0; i < n; i++) {
        next[i] = 0;
        for (let j = 0; j < n; j++) next[i] += M[i * n + j] * vectors[done * n + j];
      }
      const before = norm(next);
      for (let k = 0; k < known; k++) straighten(k);
      let left = norm(next);
      if (left < 0.5 * before) {
        // Rounding has spoilt its right angles to the others: once more.
        for (let k = 0; k < known; k++) straighten(k);
        left = norm(next);
      }
      if (left > 1e-14 * before && known < n) {
        columns[done * (n + 1) + known] = left;
        add(next, 1 / left);
      }
    }
    const projection = new Float64Array(done * done);
    for (let j = 0; j < done; j++) {
      for (let i = 0; i < done; i++) projection[i * done + j] = columns[j * (n + 1) + i];
    }
    const residual = done ? columns[(done - 1) * (n + 1) + done] : 0;
    return { basis: vectors.slice(0, done * n), projection, residual, closed: known === done };
  };
}

function scaled(vector, factor) {
  const found = vector.slice();
  for (let i = 0; i < found.length; i++) found[i] *= factor;
  return found;
}

/**
 * The solution P of A P + P A^T + b b^T = 0. A Cayley transform makes of it P = F P F^T + g g^T, a sum over
 * powers of F, of which each round takes in twice as many (Smith 1968).
 */
function lyapunov(A, b) {
  const n = b.length;
  const shift = 0.3; // between the slowest and the fastest rates that networks of the book have
  const inverse = shifted(scaled(A, -1), n, shift);
  let F = transpose(solve(inverse, shifted(A, n, shift), n), n); // and powers of it, transposed
  // At first P = Z^T Z with few rows Z: g, F g, ...
  let Z = scaled(solve(inverse, b, 1), Math.sqrt(2 * shift));
  while (Z.length < n * n) {
    const more = multiply(Z, F, n, n);
    Z = joined(Z, more);
    // What comes next is smaller by the square.
    if (norm(more) <= 1e-4 * norm(Z)) return multiply(transpose(Z, n), Z, Z.length / n, n);
    F = multiply(F, F, n, n);
  }
  const P = multiply(transpose(Z, n), Z, Z.length / n, n);
  for (let k = 0; k < MOST_DOUBLINGS; k++) {
    const more = multiply(transpose(F, n), multiply(P, F, n, n), n, n);
    for (let i = 0; i < P.length; i++) P[i] += more[i];
    if (norm(more) <= 1e-8 * norm(P)) return P;
    F = multiply(F, F, n, n);
  }
  return P.fill(NaN); // unstable
}

/** exp(A), by its series for a small share of A and squaring. */
function exponential(A, n) {
  const halvings = Math.max(0, Math.ceil(Math.log2(norm(A))) + 1);
  const small = scaled(A, 2 ** -halvings);
  let sum = shifted(new Float64Array(n * n), n, 1);
  for (let k = 15; k > 0; k--) sum = shifted(scaled(multiply(small, sum, n, n), 1 / k), n, 1);
  for (let k = 0; k < halvings; k++) sum = multiply(sum, sum, n, n);
  return sum;
}
