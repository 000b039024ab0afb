// Eigenvalues of a real matrix: Hessenberg form by reflections, then the QR method with double shifts
// (Francis 1961, as in Golub and Van Loan, Matrix Computations, section 7.5).

const MOST_TRIES = 60; // a few an eigenvalue are common

/** Pairs [real, imaginary], the rightmost first; `matrix` has n rows, one after the other. */
export function eigenvalues(matrix, n) {
  const H = hessenberg(matrix, n);
  const size = Math.max(...H.map(Math.abs)) || 1;
  const found = [];
  for (let [last, tries] = [n - 1, 0]; last >= 0; ) {
    // The block of rows that hang together with row `last`.
    let first = last;
    while (first > 0) {
      const beside = Math.abs(H[first * n + first]) + Math.abs(H[(first - 1) * (n + 1)]);
      if (Math.abs(H[first * n + first - 1]) <= Number.EPSILON * (beside || size)) break;
      first--;
    }
    if (first === last) {
      found.push([H[last * n + last], 0]);
      [last, tries] = [last - 1, 0];
    } else if (first === last - 1) {
      found.push(...ofTwo(H, n, last));
      [last, tries] = [last - 2, 0];
    } else {
      if (++tries > MOST_TRIES) throw new Error("the eigenvalues were not found");
      francis(H, n, first, last, tries % 10 === 0);
    }
  }
  return found.sort(([a, x], [b, y]) => b - a || y - x);
}

/** Both eigenvalues of the rows `last` - 1 and `last`. */
function ofTwo(H, n, last) {
  const [a, b] = [H[(last - 1) * n + last - 1], H[(last - 1) * n + last]];
  const [c, d] = [H[last * n + last - 1], H[last * n + last]];
  const [middle, half] = [(a + d) / 2, (a - d) / 2];
  const square = half * half + b * c;
  const root = Math.sqrt(Math.abs(square));
  if (square < 0)
    return [
      [middle, root],
      [middle, -root],
    ];
  // The one that is larger first, the other by the determinant: no digits are lost.
  const far = half + Math.sign(half || 1) * root;
  return [
    [d + far, 0],
    [far === 0 ? d : d - (b * c) / far, 0],
  ];
}

/** The reflection that takes x, of a few numbers, to a multiple of the first axis: [vector, factor]. */
function reflection(x) {
  let square = 0;
  for (const value of x) square += value * value;
  const first = x[0];
  x[0] += first < 0 ? -Math.sqrt(square) : Math.sqrt(square);
  square += x[0] * x[0] - first * first;
  return [x, square > 0 ? 2 / square : 0];
}

/** Reflect the rows of H from row `start` on, in columns `from` to the last. */
function reflectRows(H, n, [vector, factor], start, from) {
  const sums = new Float64Array(n);
  for (let k = 0; k < vector.length; k++) {
    for (let j = from; j < n; j++) sums[j] += vector[k] * H[(start + k) * n + j];
  }
  for (let k = 0; k < vector.length; k++) {
    const part = factor * vector[k];
    for (let j = from; j < n; j++) H[(start + k) * n + j] -= part * sums[j];
  }
}

/** Reflect the columns of H from column `start` on, in all rows. */
function reflectColumns(H, n, [vector, factor], start) {
  for (let i = 0; i < n; i++) {
    const row = i * n + start;
    let sum = 0;
    for (let k = 0; k < vector.length; k++) sum += vector[k] * H[row + k];
    for (let k = 0; k < vector.length; k++) H[row + k] -= factor * sum * vector[k];
  }
}

/**
 * Reflect the three rows of H from row `at` on, and then its columns, such that (x, y, z) becomes a multiple of the
 * first axis; only two of them if z is null. Rows begin in column `from`, columns in row `top`, and both end at `last`.
 */
function reflectThree(H, n, at, x, y, z, from, top, last) {
  const beyond = z === null ? 0 : 2; // the first stands in for a third that is not there, times zero
  const c = z ?? 0;
  const length = Math.sqrt(x * x + y * y + c * c);
  if (length === 0) return;
  const a = x < 0 ? x - length : x + length;
  const factor = 2 / (a * a + y * y + c * c);
  const [first, second, third] = [at * n, at * n + n, at * n + beyond * n];
  for (let j = from; j <= last; j++) {
    const sum = factor * (a * H[first + j] + y * H[second + j] + c * H[third + j]);
    H[first + j] -= sum * a;
    H[second + j] -= sum * y;
    H[third + j] -= sum * c;
  }
  const bottom = Math.min(at + 3, last);
  for (let row = top * n + at; row <= bottom * n + at; row += n) {
    const sum = factor * (a * H[row] + y * H[row + 1] + c * H[row + beyond]);
    H[row] -= sum * a;
    H[row + 1] -= sum * y;
    H[row + beyond] -= sum * c;
  }
}

function hessenberg(matrix, n) {
  const H = Float64Array.from(matrix);
  for (let k = 0; k + 2 < n; k++) {
    const mirror = reflection(Array.from({ length: n - k - 1 }, (_, i) => H[(k + 1 + i) * n + k]));
    reflectRows(H, n, mirror, k + 1, k);
    reflectColumns(H, n, mirror, k + 1);
    for (let i = k + 2; i < n; i++) H[i * n + k] = 0;
  }
  return H;
}

/** One step on the rows `first` to `last`; an exceptional shift breaks a cycle. */
function francis(H, n, first, last, exceptional) {
  const h = (i, j) => H[(first + i) * n + first + j];
  const end = last - first;
  let sum = h(end - 1, end - 1) + h(end, end);
  let product = h(end - 1, end - 1) * h(end, end) - h(end - 1, end) * h(end, end - 1);
  if (exceptional) {
    const size = Math.abs(h(end, end - 1)) + Math.abs(h(end - 1, end - 2));
    [sum, product] = [1.5 * size, size * size];
  }
  // The first column of (H - one shift)(H - the other shift).
  let x = h(0, 0) * h(0, 0) + h(0, 1) * h(1, 0) - sum * h(0, 0) + product;
  let y = h(1, 0) * (h(0, 0) + h(1, 1) - sum);
  let z = h(1, 0) * h(2, 1);
  for (let k = 0; k < end; k++) {
    const at = first + k;
    reflectThree(H, n, at, x, y, z, first + Math.max(k - 1, 0), first, last);
    // What the reflection was made for is zero but for rounding.
    if (k > 0) H[(at + 1) * n + at - 1] = 0;
    if (k > 0 && z !== null) H[(at + 2) * n + at - 1] = 0;
    if (k + 1 === end) break;
    [x, y, z] = [h(k + 1, k), h(k + 2, k), k + 3 <= end ? h(k + 3, k) : null];
  }
}
