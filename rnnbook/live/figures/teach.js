// The front page: a network learns, on demand, to hold on to what it hears.

import { linspace } from "../grid.js";
import * as model from "../model.js";
import { solve } from "../ode.js";

export function build(stage) {
  const input = Array.from(stage.data("input"));
  const { dt, duration } = stage.constants;
  const quarter = duration / 4;
  const t = linspace(0, input.length * dt, input.length + 1);
  const output = stage.chart({
    title: "What the network says",
    x: { label: "time (membrane time constants)", from: 0, to: t[t.length - 1] },
    y: { label: "output", from: -4.2, to: 6.4 },
  });
  const eigenvalue = stage.chart({
    title: "What learning changes",
    x: { label: "learning time s", from: 0, to: duration },
    y: { label: "slowest eigenvalue of W", from: 0, to: 1.05 },
  });
  stage.player("Teach it", "s", 0, duration, 4).classList.add("rnnbook-primary");
  stage.predict(eigenvalue, {
    question: `Predict first: where will the eigenvalue be after a quarter of the time? Drag the ring, then teach.`,
    guess: "guess",
    over: ({ s }) => s === duration,
    drag: {
      label: "Your guess",
      at: ({ guess }) => [quarter, guess],
      set: (_, value) => ({ guess: value }),
      says: ({ guess }) => guess.toFixed(2),
      step: [0, 0.02],
    },
  });

  // A pulse train through the mode a exp(-ct), input held during a step.
  function filtered(a, c) {
    const keep = Math.exp(-c * dt);
    const y = [0];
    for (const x of input) y.push(keep * y[y.length - 1] + ((1 - keep) / c) * x);
    return y.map((value) => a * value);
  }

  return ({ s, T_star }) => {
    const c_star = 1 / T_star;
    const times = linspace(0, duration, 201);
    const path = solve(model, { c_star }, [0, 1], [...times, duration]);
    const learned = times.map((_, k) => 1 - path[k][1]);
    const k = Math.min(200, Math.round((200 * s) / duration));
    const [a, c] = path[k];
    const wanted = filtered(1, c_star);
    output.area(
      "input",
      t.slice(1),
      input.map(() => 0),
      input,
      { color: "muted", opacity: 0.45, label: "input" },
    );
    output.line("wanted", t, wanted, {
      color: "target",
      dash: "6 4",
      width: 2.5,
      label: "what it should say",
    });
    output.line("said", t, filtered(a, c), { color: "network", width: 2.5, label: "what the network says" });

    eigenvalue.line("target", [0, duration], [1 - c_star, 1 - c_star], {
      color: "target",
      dash: "6 4",
      label: "long enough",
    });
    eigenvalue.line("learned", times, learned, { color: "soft", width: 2, veil: true });
    eigenvalue.line("so far", times.slice(0, k + 1), learned.slice(0, k + 1), {
      color: "network",
      width: 2.5,
    });
    eigenvalue.dots("now", [times[k]], [learned[k]], { color: "network", radius: 6, label: "now" });
    const memory = a < 0.02 ? "nothing yet" : `for ${(1 / c).toFixed(1)} time constants`;
    return {
      says: `At learning time ${times[k].toFixed(2)} the network remembers ${memory}; it should for ${T_star.toFixed(0)}.`,
      answer: `after a quarter of the time it is at ${learned[50].toFixed(2)}`,
    };
  };
}
