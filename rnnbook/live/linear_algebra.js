// Matrices with some tens of rows, as Float64Arrays, row by row.

/** The product of a, with `inner` columns, and b, with `columns`. */
export function multiply(a, b, inner, columns) {
  const rows = a.length / inner;
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      if (factor === 0) continue;
      for (let j = 0; j < columns; j++) product[i * columns + j] += factor * b[k * columns + j];
    }
  }
  return product;
}

export function transpose(a, columns) {
  const rows = a.length / columns;
  const turned = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = a[i * columns + j];
  return turned;
}

export function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

export function norm(a) {
  return Math.sqrt(dot(a, a));
}

/** The length of a - b. */
export function distance(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum);
}

/** The vector y plus `scale` times the sum of others, each with its factor. */
export function combined(y, factors, others, scale) {
  const sum = y.slice();
  for (let k = 0; k < factors.length; k++) {
    const [factor, other] = [scale * factors[k], others[k]];
    if (factor !== 0) for (let i = 0; i < sum.length; i++) sum[i] += factor * other[i];
  }
  return sum;
}

/** The matrix a, square with n rows, plus a multiple of the identity. */
export function shifted(a, n, shift) {
  const sum = a.slice();
  for (let i = 0; i < n; i++) sum[i * n + i] += shift;
  return sum;
}

/** The numbers of one vector, and then those of another. */
export function joined(a, b) {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** The solution x of a x = b for a square matrix a, b with `columns`; of the kind of array that b is. */
export function solve(a, b, columns) {
  const n = Math.sqrt(a.length); // and not by b, which has no columns where there are no rows
  const solveFor = factorised(a, n);
  const [found, column] = [b.slice(), new Array(n)];
  for (let k = 0; k < columns; k++) {
    for (let i = 0; i < n; i++) column[i] = b[i * columns + k];
    const x = solveFor(column);
    for (let i = 0; i < n; i++) found[i * columns + k] = x[i];
  }
  return found;
}

/** A function that solves a x = b for any b, for a square matrix `a` of n rows: its triangles, with pivots. */
export function factorised(a, n) {
  const m = a.slice();
  const order = Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i * n + k]) > Math.abs(m[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      [order[k], order[pivot]] = [order[pivot], order[k]];
      for (let j = 0; j < n; j++) {
        const kept = m[k * n + j];
        m[k * n + j] = m[pivot * n + j];
        m[pivot * n + j] = kept;
      }
    }
    for (let i = k + 1; i < n; i++) {
      const factor = m[i * n + k] / m[k * n + k];
      m[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) m[i * n + j] -= factor * m[k * n + j];
    }
  }
  return (b) => {
    const x = new Array(n);
    for (let i = 0; i < n; i++) {
      let rest = b[order[i]];
      for (let j = 0; j < i; j++) rest -= m[i * n + j] * x[j];
      x[i] = rest;
    }
    for (let i = n - 1; i >= 0; i--) {
      let rest = x[i];
      for (let j = i + 1; j < n; j++) rest -= m[i * n + j] * x[j];
      x[i] = rest / m[i * n + i];
    }
    return x;
  };
}
