// Predict, then reveal: until the reader has made a guess, or has gone on without, what would give the
// answer away is not shown. Without JavaScript and on paper it always is (explorer.css).

export class Prediction {
  /**
   * @param stage     of the figure
   * @param question  what to predict, and how
   * @param guess     name of the value that holds the guess
   * @param grip      the Grip that sets it
   * @param over      (state) => whether the figure has come to show the answer by itself; left out,
   *                  there is a button, and a reader who moves anything else has gone on without
   */
  constructor(stage, { question, guess, grip, over }) {
    Object.assign(this, { stage, question, guess, grip, over });
    this.note = document.createElement("p");
    this.note.className = "rnnbook-ask";
    this.note.setAttribute("role", "status");
    stage.buttons.after(this.note);
    if (!over) this.button = stage.button("Reveal", () => this.veil(!this.veiled));
    this.veil(true);
  }

  veil(veiled) {
    const { stage, button, grip } = this;
    this.veiled = veiled;
    this.at = veiled ? null : this.others(stage.state); // a guess is one about this state
    stage.figure.toggleAttribute("data-veiled", veiled);
    grip.node.hidden = !veiled; // a guess that could be moved later would be none
    if (button) button.textContent = veiled ? "Reveal" : "Guess again";
    stage.schedule?.();
  }

  /** What else there is in a state, in one text. */
  others(state) {
    const names = Object.keys(state).filter((name) => name !== this.guess);
    return names.map((name) => state[name]).join();
  }

  /** Look at a state that is about to be drawn. */
  see(state) {
    const [values, first] = [this.others(state), this.others(this.stage.defaults)];
    const moved = this.last !== undefined && values !== this.last && values !== first;
    if (this.veiled && (this.over ? this.over(state) : moved)) this.veil(false);
    this.last = values;
  }

  /** Show the guess, and beside it the answer once that may be told: a few words, such as "it is 0.1". */
  draw(state, answer) {
    const { veiled, guess, grip, question, stage } = this;
    const here = veiled || this.over || this.at === this.others(state);
    const guessed = state[guess] !== stage.defaults[guess];
    const shown = here && (veiled || guessed) ? grip.at(state) : [NaN, NaN];
    grip.chart.dots("guess", [shown[0]], [shown[1]], { color: "ink", radius: 6, hollow: true });
    const told = guessed ? `You guessed ${grip.says(state)}; ${answer}.` : `${answer}.`;
    const text = veiled || !here ? question : told[0].toUpperCase() + told.slice(1);
    if (this.note.textContent !== text) this.note.textContent = text;
  }
}
