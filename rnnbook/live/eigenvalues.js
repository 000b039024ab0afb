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
  const length = Math.hypot(...x);
  const vector = [x[0] + Math.sign(x[0] || 1) * length, ...x.slice(1)];
  const square = vector.reduce((sum, value) => sum + value * value, 0);
  return [vector, square > 0 ? 2 / square : 0];
}

/** Reflect the rows of H from row `start` on, in columns `from` to `to`. */
function reflectRows(H, n, [vector, factor], start, from, to) {
  for (let j = from; j <= to; j++) {
    let sum = 0;
    for (let k = 0; k < vector.length; k++) sum += vector[k] * H[(start + k) * n + j];
    for (let k = 0; k < vector.length; k++) H[(start + k) * n + j] -= factor * sum * vector[k];
  }
}

/** Reflect the columns of H from column `start` on, in rows `from` to `to`. */
function reflectColumns(H, n, [vector, factor], start, from, to) {
  for (let i = from; i <= to; i++) {
    let sum = 0;
    for (let k = 0; k < vector.length; k++) sum += vector[k] * H[i * n + start + k];
    for (let k = 0; k < vector.length; k++) H[i * n + start + k] -= factor * sum * vector[k];
  }
}

function hessenberg(matrix, n) {
  const H = Float64Array.from(matrix);
  for (let k = 0; k + 2 < n; k++) {
    const mirror = reflection(Array.from({ length: n - k - 1 }, (_, i) => H[(k + 1 + i) * n + k]));
    reflectRows(H, n, mirror, k + 1, k, n - 1);
    reflectColumns(H, n, mirror, k + 1, 0, n - 1);
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
  let x = [
    h(0, 0) * h(0, 0) + h(0, 1) * h(1, 0) - sum * h(0, 0) + product,
    h(1, 0) * (h(0, 0) + h(1, 1) - sum),
    h(1, 0) * h(2, 1),
  ];
  for (let k = 0; k < end; k++) {
    const mirror = reflection(x);
    const at = first + k;
    reflectRows(H, n, mirror, at, first + Math.max(k - 1, 0), last);
    reflectColumns(H, n, mirror, at, first, Math.min(at + 3, last));
    // What the reflection was made for is zero but for rounding.
    if (k > 0) for (let i = 1; i < x.length; i++) H[(at + i) * n + at - 1] = 0;
    x = [h(k + 1, k), h(k + 2, k)];
    if (k + 3 <= end) x.push(h(k + 3, k));
    if (k + 2 > end) x.pop();
  }
}
