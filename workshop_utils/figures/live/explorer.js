// The gate explorer: one step of an LSTM that is computed anew while a slider is dragged.

const INCH = 96, TYPE = 23, CELL = { width: 0.75, height: 0.3 };

function explorer(root, data) {
  takeOver(root, data);
  const { cell, units, features, start } = data, n = units.length;
  const state = { x: [...start.x], h: [...start.h], c: [...start.c], gate: [0, 0, 0] };
  const stage = make("div", root, { class: "stage" });
  const drawing = make("svg", make("div", stage, { class: "drawing" }), {
    viewBox: data.view.map((edge) => edge * INCH).join(" "), role: "img", "aria-label": data.caption,
  });
  const panel = make("div", stage, { class: "panel" }), sliders = [];
  const arithmetic = make("div", root, { class: "equations", role: "group" });
  arithmetic.setAttribute("aria-label", "Equations of this step");
  const tries = make("div", root, { class: "tries" }), say = announcer(root);
  const numbers = draw(drawing, data);

  const group = (legend, key, names, told, limits) => {
    const set = make("fieldset", panel);
    make("legend", set, {}, legend);
    names.forEach((name, k) => {
      const change = () => { state[key][k] = Number(made.input.value); redraw(); };
      const made = slider(set, name, `${name}${told}`, limits, state[key][k], change);
      sliders.push({ key, k, made });
    });
  };
  group("the word", "x", features, ", the word", [-1, 1, 0.01]);
  group("cell state before", "c", units, ", cell state before", [-2, 2, 0.01]);
  group("hidden state before", "h", units, ", hidden state before", [-1, 1, 0.01]);
  const gates = ["forget", "input", "output"];
  group("added to a gate's bias", "gate", gates, " gate, added to its bias", [-6, 6, 0.25]);
  const put = (changes) => {
    Object.assign(state, { x: [...start.x], h: [...start.h], c: [...start.c], gate: [0, 0, 0] });
    gates.forEach((name, k) => { state.gate[k] = changes[name] || 0; });
    for (const { key, k, made } of sliders) made.put(state[key][k]);
    redraw();
  };
  if (Object.keys(data.tries).length) make("span", tries, {}, "Try: ");
  for (const [words, changes] of Object.entries(data.tries)) button(tries, words, () => put(changes));
  button(tries, "Start again", () => put({}));

  const rows = units.map((unit) => {
    const block = make("div", arithmetic);
    make("strong", block, {}, unit);
    return range(6).map(() => make("div", block));
  });

  function redraw() {
    const bias = cell.bias.map((value, k) =>
      value + [state.gate[1], state.gate[0], 0, state.gate[2]][Math.floor(k / n)]);
    const step = lstmStep({ ...cell, bias }, state.x, state.h, state.c);
    Object.assign(step, { x: state.x, hidden_previous: state.h, cell_previous: state.c });
    for (const { name, k, words, bar, left } of numbers) {
      const value = step[name][k], gate = ["forget", "input", "output"].includes(name);
      const width = CELL.width * INCH, share = Math.min(1, Math.abs(value) / (gate ? 1 : 2));
      words.textContent = two(value);
      const long = gate ? width * share : (width / 2) * share;
      set(bar, { width: long, x: gate ? left : left + width / 2 - (value < 0 ? long : 0) });
      bar.style.fill = gate ? data.fills[name] : value < 0 ? data.negative : data.positive;
    }
    rows.forEach((lines, u) => equations(step, u, n).forEach((words, k) => {
      if (lines[k].textContent !== words) lines[k].textContent = words;
    }));
    say(units.map((unit, u) =>
      `${unit}: cell state ${two(step.cell[u])}, hidden state ${two(step.hidden[u])}`).join("; "));
  }
  redraw();
}

// Draw the pieces of the static drawing again, larger type and room for bars included.
function draw(drawing, data) {
  const x = (inches) => inches * INCH, y = (inches) => (data.height - inches) * INCH;
  const layers = ["frames", "wires", "shapes", "texts"].map(() => make("g", drawing));
  const [frames, wires, shapes, texts] = layers, found = [];
  const word = (at, words, more = {}) => make("text", texts, {
    x: at[0], y: at[1] + 0.36 * TYPE, "text-anchor": "middle", "font-size": TYPE, ...more }, words);
  const rect = (parent, left, top, width, height, more) =>
    make("rect", parent, { x: left, y: top, width, height, rx: 6, ...more });
  const pieces = {
    frame: (left, bottom, right, top) =>
      rect(frames, x(left), y(top), x(right - left), x(top - bottom), { fill: "#f5f7fa", stroke: "#c4cad3", rx: 14 }),
    wire: (points, width, dashed, colour, head) => wire(wires, points.map(([a, b]) => [x(a), y(b)]), width * 1.35, dashed, colour, head),
    box: (a, b, width, height, fill, edge, title) => {
      rect(shapes, x(a - width / 2), y(b + height / 2), x(width), x(height), { fill, stroke: edge, "stroke-width": 2 });
      title.split(" ").forEach((line, k, lines) => {
        const lower = (k - (lines.length - 1) / 2) * 1.15 * TYPE;
        const made = word([x(a), y(b) + lower], line, { "font-weight": "bold" });
        if (line.length > 8) set(made, { textLength: x(width) - 8, lengthAdjust: "spacingAndGlyphs" });
      });
    },
    node: (a, b, sign) => {
      make("circle", shapes, { cx: x(a), cy: y(b), r: 18, fill: "#1b2430" });
      word([x(a), y(b)], sign, { fill: "#ffffff", "font-weight": "bold", "font-size": 28 });
    },
    capsule: (a, b) => {
      rect(shapes, x(a) - 32, y(b) - 15, 64, 30, { fill: "#ffffff", stroke: "#1b2430", "stroke-width": 2, rx: 15 });
      word([x(a), y(b)], "tanh");
    },
    dot: (a, b) => make("circle", shapes, { cx: x(a), cy: y(b), r: 6, fill: "#1b2430" }),
    symbol: (a, b, words) => symbol(texts, { x: x(a), y: y(b) + 0.36 * TYPE, "text-anchor": "middle", "font-size": TYPE + 2 }, words),
    words: (a, b, words, colour, align) => word([x(a), y(b)], words, { fill: colour, "text-anchor": align }),
    vector: (a, b, name, size) => range(size).forEach((k) => {
      const left = x(a - CELL.width / 2), height = x(CELL.height), width = x(CELL.width);
      const top = y(b) + (k - size / 2) * height;
      rect(shapes, left, top, width, height, { fill: "#ffffff", rx: 0 });
      const bar = rect(shapes, left, top, 0, height, { rx: 0 });
      rect(shapes, left, top, width, height, { fill: "none", stroke: "#566070", rx: 0 });
      found.push({ name, k, left, bar, words: word([left + width / 2, top + height / 2], "") });
    }),
  };
  for (const [kind, ...rest] of data.pieces) pieces[kind](...rest);
  return found;
}

// A connection with rounded corners and, at its target, an arrow head.
function wire(parent, corners, width, dashed, colour, head) {
  const points = corners.map((corner) => [...corner]), end = points.length - 1;
  const apart = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);
  const towards = (a, b, far) => {
    const share = far / apart(a, b);
    return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  };
  const tip = points[end], length = 11 + 2.2 * width;
  if (head) points[end] = towards(tip, points[end - 1], length * 0.9);
  let path = `M${points[0]}`;
  for (let k = 1; k < end; k += 1) {
    const before = towards(points[k], points[k - 1], 10), after = towards(points[k], points[k + 1], 10);
    path += `L${before}Q${points[k]} ${after}`;
  }
  const look = { fill: "none", stroke: colour, "stroke-width": width };
  if (dashed) look["stroke-dasharray"] = "6 4";
  make("path", parent, { d: `${path}L${points[end]}`, ...look });
  if (!head) return;
  const back = towards(tip, points[end - 1], length), half = length * 0.55;
  const side = [((tip[1] - back[1]) / length) * half, (-(tip[0] - back[0]) / length) * half];
  const wings = [[back[0] + side[0], back[1] + side[1]], [back[0] - side[0], back[1] - side[1]]];
  make("polygon", parent, { points: [tip, ...wings].join(" "), fill: colour });
}

// The step of one unit with its numbers. In a bracket: from the word + from the hidden state + bias.
function equations(step, u, n) {
  const layers = [["f", "\u03c3", 1, "forget"], ["i", "\u03c3", 0, "input"],
    ["C\u0303", "tanh", 2, "candidate"], ["o", "\u03c3", 3, "output"]];
  const lines = layers.map(([name, squash, block, key]) => {
    const parts = step.sums[block * n + u], inside = parts.map(two).join(" + ");
    const signed = inside.replace(/\+ \u2212/g, "\u2212 ");
    return `${name} = ${squash}(${signed}) = ${two(step[key][u])}`;
  });
  const [f, i, g, o, old] = ["forget", "input", "candidate", "output", "cell_previous"].map((key) => two(step[key][u]));
  const fresh = two(step.cell[u]);
  return [...lines, `C = ${f} \u00d7 ${old} + ${i} \u00d7 ${g} = ${fresh}`,
    `h = ${o} \u00d7 tanh(${fresh}) = ${two(step.hidden[u])}`];
}
