// The sentence player: scrub along a chain, shut or open a gate at one word, see what follows.

function sentence(root, data) {
  takeOver(root, data);
  const all = networks(data),
    gates = ["forget", "input", "output"];
  const state = { network: all[0], unit: 0, at: 0, forced: {}, words: [], numbers: [] };
  const top = make("div", root),
    say = announcer(root);
  if (all.length > 1) {
    const which = choice(
      top,
      "Network",
      all.map((one) => one.name),
      () => {
        state.network = all[which.selectedIndex];
        renew();
      },
    );
  }
  const names = range(all[0].weights.length).map((u) => `unit ${u}`);
  const unit = choice(top, "Cell state of", names, () => {
    state.unit = unit.selectedIndex;
    redraw();
  });
  const examples = choice(top, "Example", data.examples, () => field.put(examples.value));
  const field = textField(
    make("div", root),
    "Sentence",
    data,
    data.examples[0],
    (words, numbers) => {
      Object.assign(state, { words, numbers, at: words.length - 1, forced: {} });
      renew();
    },
  );
  const picture = make("div", root, { class: "drawing" });
  const bar = make("div", root, { class: "scrub" });
  const scrub = make("input", make("label", bar, { class: "wide" }), {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": "Word",
  });
  scrub.addEventListener("input", () => {
    state.at = Number(scrub.value);
    redraw();
  });
  const change = () => {
    const set = {};
    gates.forEach((gate, k) => {
      if (selects[k].selectedIndex) set[gate] = selects[k].selectedIndex - 1;
    });
    state.forced[state.at] = set;
    redraw();
  };
  const line = make("div", root),
    here = make("strong", line);
  const selects = gates.map((gate) =>
    choice(line, `${gate} gate`, ["as learnt", "shut", "open"], change),
  );
  button(line, "Start again", () => {
    state.forced = {};
    redraw();
  });
  const told = make("p", root, { class: "told" });
  wordList(root, data);

  // Begin with the unit that has most to say at the last word.
  function renew() {
    const last = read(state.network, state.numbers).pop();
    const share = last.hidden.map((value, u) => Math.abs(value * state.network.weights[u]));
    state.unit = unit.selectedIndex = share.indexOf(Math.max(...share));
    redraw();
  }

  function redraw() {
    const { words, at, unit: u, forced } = state,
      steps = read(state.network, state.numbers, forced);
    scrub.max = words.length - 1;
    scrub.value = at;
    scrub.setAttribute("aria-valuetext", `${at + 1} of ${words.length}: ${words[at]}`);
    const set = forced[at] || {},
      step = steps[at],
      before = at ? steps[at - 1].cell[u] : 0;
    here.textContent = `At “${words[at]}” (${at + 1} of ${words.length}): `;
    gates.forEach((gate, k) => {
      selects[k].selectedIndex = gate in set ? set[gate] + 1 : 0;
    });
    told.textContent =
      `Unit ${u}: C = ${two(step.forget[u])} \u00d7 ${two(before)} + ${two(step.input[u])} \u00d7 ` +
      `${two(step.candidate[u])} = ${two(step.cell[u])}. Probability of “she” after this word: ${two(step.she)}.`;
    bar.style.maxWidth = draw(picture, steps, parts(steps, u), state, data);
    say(told.textContent);
  }
  field.put(data.examples[0]);
  picture.addEventListener("click", ({ clientX }) => {
    const edges = [...picture.querySelectorAll("[data-word]")].map((one) =>
      one.getBoundingClientRect(),
    );
    const hit = edges.findIndex(({ left, right }) => clientX >= left && clientX <= right);
    if (hit >= 0) {
      state.at = hit;
      redraw();
    }
  });
  let width = picture.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(picture.clientWidth - width) > 8) {
      width = picture.clientWidth;
      redraw();
    }
  }).observe(picture);
}

// The cell state as a stream of what each word wrote, the gates, and the answer.
function draw(picture, steps, left, { words, at, unit, forced }, data) {
  const width = Math.max(picture.clientWidth, 300),
    margin = 62,
    n = words.length;
  const column = Math.min(120, (width - margin - 4) / n),
    upright = column < 52;
  const stream = 190,
    row = 24,
    gates = ["forget", "input", "output"],
    below = upright ? 60 : 22;
  const height = stream + 18 + row * 4 + 12 + below;
  picture.textContent = "";
  const end = margin + column * n + 4,
    look = { role: "img", "font-size": 12, style: `max-width:${end}px` };
  const svg = make("svg", picture, { viewBox: `0 0 ${end} ${height}`, ...look });
  svg.setAttribute(
    "aria-label",
    "Cell state as a stream of what each word wrote, gates, and probability of she",
  );
  const x = (t) => margin + t * column;
  const word = (a, b, text, more = {}) => make("text", svg, { x: a, y: b, ...more }, text);
  const box = (a, b, w, h, more) => make("rect", svg, { x: a, y: b, width: w, height: h, ...more });
  const positive = left.map((own) => sum(own.filter((v) => v > 0)));
  const negative = left.map((own) => -sum(own.filter((v) => v < 0)));
  const high = Math.max(0.5, ...positive),
    low = Math.max(0.5, ...negative);
  const scale = (stream - 10) / (high + low),
    zero = 6 + high * scale,
    y = (value) => zero - value * scale;
  // Words whose write is seen somewhere keep a colour of their own; the rest is grey.
  const most = words.map((_, j) => Math.max(...left.slice(j).map((own) => Math.abs(own[j]))));
  const seen = words.map((_, j) => j).filter((j) => most[j] > 0.08 * (high + low));
  const colour = (j) =>
    seen.includes(j) ? data.colours[seen.indexOf(j) % data.colours.length] : "#d5dae1";
  box(x(0), 6, n * column, stream - 10, { fill: "#f5f7fa", stroke: "#c4cad3" });
  const labels = {};
  left.forEach((own, t) => {
    let up = 0,
      down = 0;
    own.forEach((value, j) => {
      if (Math.abs(value) < 1e-3) return;
      const from = value > 0 ? up : down,
        to = from + value,
        top = y(Math.max(from, to));
      if (value > 0) up = to;
      else down = to;
      const tall = Math.abs(value) * scale;
      box(x(t) + 0.5, top, column - 1, tall, {
        fill: colour(j),
        stroke: "#566070",
        "stroke-width": seen.includes(j) ? 0.5 : 0,
      });
      if (seen.includes(j) && tall > 13 && (!labels[j] || labels[j].tall < 15))
        labels[j] = { t, tall, y: top + tall / 2 + 4 };
    });
  });
  make("line", svg, { x1: x(0), x2: x(n), y1: zero, y2: zero, stroke: "#1b2430" });
  const net = steps.map((step, t) => `${x(t) + column / 2},${y(step.cell[unit])}`).join(" ");
  make("polyline", svg, { points: net, fill: "none", stroke: "#1b2430", "stroke-width": 2 });
  steps.forEach((step, t) =>
    make("circle", svg, { cx: x(t) + column / 2, cy: y(step.cell[unit]), r: 3.2 }),
  );
  // Words stand on the line, with a rim of paper.
  const rim = {
    "font-weight": "bold",
    "paint-order": "stroke",
    stroke: "#ffffff",
    "stroke-width": 3,
  };
  for (const [j, at] of Object.entries(labels)) word(x(at.t) + 3, at.y, words[j], rim);
  const left_side = { "text-anchor": "end" };
  word(margin - 6, 16, two(high), left_side);
  word(margin - 6, zero + 4, "C = 0", left_side);
  word(margin - 6, stream - 4, two(-low), left_side);
  [...gates, "she"].forEach((name, k) => {
    const top = stream + 14 + k * row + (name === "she" ? 6 : 0),
      tall = row - 4;
    word(margin - 6, top + tall - 5, name === "she" ? "P(she)" : name, left_side);
    steps.forEach((step, t) => {
      const value = name === "she" ? step.she : step[name][unit];
      const set = name in (forced[t] || {});
      box(x(t) + 1, top, column - 2, tall, {
        fill: "#ffffff",
        stroke: set ? "#d1580a" : "#566070",
        "stroke-width": set ? 3 : 1,
        ...(k ? {} : { "data-word": t }),
      });
      box(x(t) + 1, top + tall * (1 - value), column - 2, tall * value, { fill: data.fills[name] });
      if (column > 34)
        word(x(t) + column / 2, top + tall - 5, two(value), {
          "text-anchor": "middle",
          "font-size": 11,
        });
    });
  });
  const base = stream + 14 + row * 4 + 8;
  words.forEach((text, t) => {
    const weight = t === at ? "bold" : "normal",
      middle = x(t) + column / 2;
    if (!upright)
      return word(middle, base + 12, text, { "text-anchor": "middle", "font-weight": weight });
    return word(0, 0, text, {
      transform: `translate(${middle + 4} ${base + 4}) rotate(-90)`,
      "text-anchor": "end",
      "font-weight": weight,
    });
  });
  box(x(at), 3, column, height - 5, { fill: "none", stroke: "#1b2430", "stroke-width": 2, rx: 4 });
  return `${end}px`;
}
