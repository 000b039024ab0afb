// Lazy learning with v, with W and v, or with all weights trained, and how much kernel each brings.

import { linspace } from "../grid.js";
import * as laguerre from "../laguerre.js";
import { loss, readoutModes, tangentModes } from "../modes.js";
import { percent } from "../numbers.js";

const COUNT = 150; // the target's coefficients fall at least like 0.91^n if c* is 0.05 or more
const TRAINED = [
  { name: "v", readers: 1, recurrent: false, style: { color: "muted" } },
  { name: "W, v", readers: 1, recurrent: true, style: { color: "network", dash: "2 3", width: 3 } },
  { name: "W, u, v", readers: 2, recurrent: true, style: { color: "network", width: 2.5 } },
];

export function build(stage) {
  const places = linspace(-1, 4, 101); // log10 of s
  const t = linspace(0, 10, 161);
  const losses = stage.chart({
    title: "The loss, by what is trained",
    x: { label: "learning time s", from: -1, to: 4, log: true },
    y: { label: "L(s) / L(0)", from: -6, to: 0.2, log: true },
    ratio: 0.8,
  });
  const kernels = stage.chart({
    title: "How much kernel the weights bring",
    x: { label: "time t (membrane time constants)", from: 0, to: 10 },
    y: { label: "kernels at equal times", from: 0, to: 1.05 },
    ratio: 0.8,
  });

  return ({ sigma, c_star }) => {
    const target = { sigma, c_star, omega_star: 0 };
    const left = TRAINED.map(({ name, readers, recurrent, style }) => {
      const modes = recurrent ? tangentModes(target, readers, COUNT) : readoutModes(target, COUNT);
      const start = loss(modes, 0);
      const fall = places.map((place) => Math.log10(loss(modes, 10 ** place) / start));
      losses.line(name, places, fall, { ...style, label: name });
      return 10 ** fall[60]; // at s = 100
    });

    const values = t.map((time) => equalTimes(time, sigma));
    const recurrent = values.map(([, theta]) => theta);
    kernels.area(
      "area",
      t,
      t.map(() => 0),
      recurrent,
      { color: "network", opacity: 0.15 },
    );
    kernels.line(
      "readers",
      t,
      values.map(([K]) => K),
      { color: "muted", label: "of v, and of u: K(t, t)" },
    );
    kernels.line("recurrent", t, recurrent, {
      color: "network",
      width: 2.5,
      label: "of W: its derivative by σ²",
    });

    // The area below a kernel at equal times is its trace, the sum of what is on its diagonal.
    const modes = linspace(0, COUNT - 1, COUNT);
    const trace = (part) => modes.reduce((sum, n) => sum + part(n, { sigma }), 0);
    const share = trace(laguerre.diagonal) / (2 * trace(laguerre.eigenvalue));
    const [one, two, three] = left.map(percent);
    return (
      `At s = 100, ${one} of the loss is left with v trained, ${two} with W and v, and ` +
      `${three} with all three. For σ = ${sigma.toFixed(2)} the area below the kernel of W is ` +
      `${share.toFixed(2)} times that below those of u and v together.`
    );
  };
}

/** K(t, t) and its derivative by sigma^2, as sums over the links of the chain. */
function equalTimes(t, sigma) {
  let [activity, weight, K, theta] = [Math.exp(-t), 1, 0, 0];
  // Activity moves down the chain at speed one: far beyond t there is none yet.
  for (let m = 0; m < 60; m++) {
    K += weight * activity ** 2;
    theta += ((m * weight) / sigma ** 2) * activity ** 2;
    activity *= t / (m + 1);
    weight *= sigma ** 2;
  }
  return [K, theta];
}
