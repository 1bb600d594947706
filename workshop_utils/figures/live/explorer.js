// The gate explorer: one step of an LSTM that is computed anew while a slider is dragged.

const CELL = [0.72, 0.3],
  TYPE = 23, // inches; pixels
  GATES = ["forget", "input", "output"];

function explorer(root, data) {
  takeOver(root, data);
  const { cell, units, features, start } = data,
    n = units.length;
  const begin = () => ({ x: [...start.x], h: [...start.h], c: [...start.c], gate: [0, 0, 0] });
  const state = begin();
  const tries = make("div", root);
  const named = `Units are called ${units.join(" and ")}: a gate's bar fills its box at 1, `;
  make("div", root, {}, `${named}any other starts in the middle and goes right above 0.`);
  const stage = make("div", root, { class: "stage" });
  const drawing = make("svg", make("div", stage, { class: "drawing" }), {
    viewBox: data.view.map((edge) => edge * INCH).join(" "),
    role: "img",
    "aria-label": data.caption,
  });
  const panel = make("div", stage, { class: "panel" }),
    sliders = [];
  const arithmetic = make("div", root, {
    class: "equations",
    role: "group",
    "aria-label": "Equations of this step",
  });
  const say = announcer(root);
  const numbers = drawPieces(drawing, data.pieces, data.height, CELL, TYPE);

  const group = (legend, key, names, told, limits) => {
    const set = make("fieldset", panel);
    make("legend", set, {}, legend);
    names.forEach((name, k) => {
      const change = () => {
        state[key][k] = Number(made.input.value);
        redraw();
      };
      const made = slider(set, name, `${name}${told}`, limits, state[key][k], change);
      sliders.push({ key, k, made });
    });
  };
  group("the word", "x", features, ", the word", [-1, 1, 0.01]);
  group("cell state before", "c", units, ", cell state before", [-2, 2, 0.01]);
  group("hidden state before", "h", units, ", hidden state before", [-1, 1, 0.01]);
  group("added to a gate's bias", "gate", GATES, " gate, added to its bias", [-6, 6, 0.25]);
  const put = (changes) => {
    Object.assign(state, begin());
    GATES.forEach((name, k) => {
      state.gate[k] = changes[name] || 0;
    });
    for (const { key, k, made } of sliders) made.put(state[key][k]);
    redraw();
  };
  if (Object.keys(data.tries).length) tries.append("Try: ");
  for (const [words, changes] of Object.entries(data.tries))
    button(tries, words, () => put(changes));
  button(tries, "Start again", () => put({}));

  const rows = units.map((unit) => {
    const block = make("div", arithmetic);
    make("strong", block, {}, unit);
    return range(6).map(() => make("div", block));
  });

  function redraw() {
    const bias = cell.bias.map(
      (value, k) => value + [state.gate[1], state.gate[0], 0, state.gate[2]][Math.floor(k / n)],
    );
    const step = lstmStep({ ...cell, bias }, state.x, state.h, state.c);
    Object.assign(step, { x: state.x, hidden_previous: state.h, cell_previous: state.c });
    for (const { name, k, words, bar, left } of numbers) {
      const value = step[name][k],
        gate = GATES.includes(name);
      const width = CELL[0] * INCH,
        share = Math.min(1, Math.abs(value) / (gate ? 1 : 2));
      const written = two(value);
      if (written !== words.textContent) {
        if (words.textContent !== " ") flash(bar.nextSibling);
        words.textContent = written;
        // Whatever the font is, a minus sign stays inside its box.
        if (written.length > 4) set(words, { textLength: 60, lengthAdjust: "spacingAndGlyphs" });
        else words.removeAttribute("textLength");
      }
      const long = gate ? width * share : (width / 2) * share;
      set(bar, { width: long, x: gate ? left : left + width / 2 - (value < 0 ? long : 0) });
      bar.style.fill = gate ? data.fills[name] : value < 0 ? data.negative : data.positive;
    }
    rows.forEach((lines, u) =>
      equations(step, u, n).forEach((words, k) => {
        if (lines[k].textContent !== words) lines[k].textContent = words;
      }),
    );
    say(
      units
        .map(
          (unit, u) =>
            `${unit}: cell state ${two(step.cell[u])}, hidden state ${two(step.hidden[u])}`,
        )
        .join("; "),
    );
  }
  redraw();
}

// Show for a moment that the number in a box has changed, unless the reader wants less motion.
function flash(box) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  box.glow?.cancel();
  box.glow = box.animate([{ stroke: "#d1580a", strokeWidth: "6px" }, {}], 900);
}

// The step of one unit with its numbers. In a bracket: from the word + from the hidden state + bias.
function equations(step, u, n) {
  const layers = [
    ["f", "\u03c3", 1, "forget"],
    ["i", "\u03c3", 0, "input"],
    ["C\u0303", "tanh", 2, "candidate"],
    ["o", "\u03c3", 3, "output"],
  ];
  const lines = layers.map(([name, squash, block, key]) => {
    const parts = step.sums[block * n + u],
      inside = parts.map(two).join(" + ");
    const signed = inside.replace(/\+ \u2212/g, "\u2212 ");
    return `${name} = ${squash}(${signed}) = ${two(step[key][u])}`;
  });
  const [f, i, g, o, old] = ["forget", "input", "candidate", "output", "cell_previous"].map((key) =>
    two(step[key][u]),
  );
  const fresh = two(step.cell[u]);
  return [
    ...lines,
    `C = ${f} \u00d7 ${old} + ${i} \u00d7 ${g} = ${fresh}`,
    `h = ${o} \u00d7 tanh(${fresh}) = ${two(step.hidden[u])}`,
  ];
}
