// Recorded training runs: eigenvalues and impulse response at a learning time.

import { linspace, nearest } from "../grid.js";
import { fixed } from "../numbers.js";
import { circle, drawEdgeOfStability } from "../plane.js";

export function build(stage) {
  const { neurons, times, duration, c_star, radii } = stage.constants;
  const names = ["s", "eigenvalues", "responses", "target", "theory"];
  const [s, eigenvalues, responses, target, theory] = names.map((name) => stage.data(name));
  const last = s.length - 1;
  const widest = Math.max(...radii);
  const t = linspace(0, duration, times);

  const spectrum = stage.chart({
    title: "The eigenvalues of W",
    x: { label: "real part", from: Math.min(-0.3, -1.3 * widest), to: 1.1 },
    y: { label: "imaginary part", from: -0.75, to: 0.75 },
    equal: true,
    tall: true,
  });
  const response = stage.chart({
    title: "The network's answer to a pulse",
    x: { label: "time t (membrane time constants)", from: 0, to: duration },
    y: { label: "impulse response", from: -0.1, to: 1.1 },
  });
  const rate = stage.chart({
    title: "The decay rate of the slowest mode",
    x: { label: "learning time s", from: 0, to: s[last] },
    y: { label: "1 − rightmost eigenvalue", from: 0, to: 1.05 },
  });
  stage.onPlace(rate, (time) => stage.set({ s: time }));
  stage.player("Play", "s", 0, s[last], 4);

  return ({ run, s: time }) => {
    const first = run * s.length;
    const rates = Array.from(s, (_, k) => 1 - eigenvalues[2 * neurons * (first + k)]); // rightmost
    // Between two records, the nearer one.
    const k = nearest(s, time);
    const cloud = eigenvalues.subarray(2 * neurons * (first + k), 2 * neurons * (first + k + 1));
    const [real, imaginary] = [cloud.filter((_, i) => i % 2 === 0), cloud.filter((_, i) => i % 2)];

    drawEdgeOfStability(spectrum);
    spectrum.line("radius", ...circle(radii[run]), { color: "muted", width: 1.2 });
    spectrum.dots("bulk", real.subarray(1), imaginary.subarray(1), {
      color: "bulk",
      radius: 1.8,
      label: "bulk",
    });
    spectrum.dots("outlier", [real[0]], [imaginary[0]], {
      color: "outlier",
      radius: 5,
      label: "rightmost eigenvalue",
    });
    spectrum.dots("theory", [1 - theory[k]], [0], {
      color: "theory",
      radius: 9,
      hollow: true,
      label: "theory, 1 − c(s)",
    });

    response.line("target", t, Array.from(target), { color: "target", dash: "6 4", label: "target f*(t)" });
    response.line("f", t, Array.from(responses.subarray((first + k) * times, (first + k + 1) * times)), {
      color: "network",
      width: 2.5,
      label: "network f(t)",
    });

    rate.line("theory", Array.from(s), Array.from(theory), {
      color: "theory",
      dash: "6 4",
      label: "theory, c(s)",
    });
    rate.line("network", Array.from(s), rates, { color: "network", label: "network" });
    rate.dots("here", [s[k]], [rates[k]], { color: "network", radius: 6 });
    const hidden = 1 - theory[k] < radii[run] ? ", still inside the bulk" : "";
    return (
      `At s = ${s[k].toFixed(2)} the rightmost of ${neurons} eigenvalues is at ${fixed(real[0])}; ` +
      `theory's is at ${fixed(1 - theory[k])}${hidden}, the target's at ${1 - c_star}.`
    );
  };
}
