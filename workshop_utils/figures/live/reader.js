// A text of the reader's own, read word by word by the saved classifier of notebook 06.

const MOST_CHARACTERS = 10000;

function reader(root, data) {
  takeOver(root, data);
  const state = { model: null, text: data.first.text, words: data.first.words, out: new Set() };
  const form = make("div", root, { class: "ask" });
  const label = make("label", form, { class: "own" }, data.label || "Your sentence");
  const input = make("textarea", label, { rows: 2, dir: "auto", spellcheck: "false" });
  const examples = make("div", form, { class: "tries" });
  make("span", examples, {}, "Or try: ");
  const problem = make("p", root, { role: "alert", class: "problem" });
  const verdict = make("p", root, { class: "verdict" });
  make("p", root, { class: "hint" }, "Press a word to leave it out:");
  const chips = make("div", root, { class: "chips", role: "group" });
  chips.setAttribute("aria-label", "The words as read. Press one to leave it out.");
  const picture = make("div", root, { class: "drawing" });
  const swaps = make("div", root, { class: "swaps" });
  make(
    "p",
    root,
    { class: "hint" },
    "The curve: P(positive) after each word. Bars: what a word wrote into the memory and what of " +
      "it still counts at the end, up for positive. Gates: how far they are open, mean of all units.",
  );
  const say = announcer(root);
  input.value = state.text;
  for (const text of data.examples) {
    button(examples, text, () => {
      input.value = text;
      input.dispatchEvent(new Event("input"));
    });
  }

  const open = () => {
    if (!state.opening) state.opening = modelOf(root, data).then((file) => openModel(file));
    return state.opening;
  };
  const withModel = (next) =>
    state.model
      ? next()
      : open().then(
          (model) => {
            state.model = model;
            next();
          },
          () => {
            problem.textContent = "The model is not at hand: run this cell, then type again.";
          },
        );
  const renew = () => {
    const text = input.value;
    const long = text.length > MOST_CHARACTERS;
    problem.textContent = long ? `At most ${MOST_CHARACTERS} characters are read.` : "";
    if (long) return;
    withModel(() => {
      const words = cleanWords(state.model, input.value).slice(0, state.model.longest + 1);
      Object.assign(state, { text: input.value, words, out: new Set() });
      redraw();
    });
  };
  input.addEventListener("input", renew);
  for (const moment of ["focusin", "pointerdown"])
    root.addEventListener(moment, () => open().catch(() => {}), { once: true });

  const toggle = (place) =>
    withModel(() => {
      if (!state.out.delete(place)) state.out.add(place);
      redraw();
      chips.children[place].focus();
    });

  function redraw() {
    const { model, words, out } = state;
    const whole = readWords(model, words);
    const kept = range(whole.words.length).filter((place) => !out.has(place));
    const now = out.size
      ? readWords(
          model,
          kept.map((place) => whole.words[place]),
        )
      : whole;
    show(whole, now, kept);
    const exchanges = out.size ? [] : exchanged(model, whole);
    swaps.textContent = "";
    if (exchanges.length) make("span", swaps, {}, "The same text with another word: ");
    for (const { from, to, answer } of exchanges) {
      const flips = answer.label !== whole.label;
      const made = button(swaps, "", () => {
        input.value = replaceWord(state.text, from, to);
        renew();
      });
      made.append(
        `${to} `,
        make("strong", null, { class: flips ? "flips" : "" }, two(final(answer))),
      );
      made.title = `${answer.label}${flips ? ", another answer" : ""}`;
    }
    if (exchanges.some(({ answer }) => answer.label !== whole.label))
      make("span", swaps, {}, "Underlined: another answer.");
  }

  function show(whole, now, kept) {
    const p = final(now);
    const left = whole.words.filter((_, place) => !kept.includes(place));
    const quoted = left.map((word) => `\u201c${word}\u201d`).join(", ");
    verdict.textContent = "";
    make("strong", verdict, {}, now.label);
    verdict.append(`: P(positive) = ${two(p)}, positive from ${two(data.threshold)} on.`);
    if (left.length) verdict.append(` Without ${quoted}: ${two(final(whole))} \u2192 ${two(p)}.`);
    if (now.notes.length)
      make("span", verdict, { class: "doubt" }, ` Doubtful: ${now.notes.join("; ")}.`);
    chips.textContent = "";
    whole.words.forEach((word, place) => {
      const known = whole.known[place];
      const made = button(chips, word, () => toggle(place));
      made.setAttribute("aria-pressed", String(!kept.includes(place)));
      made.dir = "auto";
      made.className = known ? "" : "unknown";
      made.title = known
        ? "Leave it out, or take it in again"
        : "Unknown: all unknown words are read alike";
      if (!known) made.setAttribute("aria-label", `${word}, unknown`);
    });
    drawReading(picture, whole, now, kept, data);
    say(verdict.textContent);
  }

  // The first text was read when the page was made: no weights are needed to show it.
  show(data.first, data.first, range(data.first.words.length));
  let width = picture.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(picture.clientWidth - width) < 9) return;
    width = picture.clientWidth;
    if (state.model) redraw();
    else show(data.first, data.first, range(data.first.words.length));
  }).observe(picture);
}

const final = (reading) => reading.positive[reading.positive.length - 1];

// The model stands in the output itself, or in a script beside the page that sets a variable.
function modelOf(root, data) {
  if (data.weights) return Promise.resolve(data.weights);
  const source = root.dataset.model;
  if (!source) return Promise.reject(new Error("no model"));
  return new Promise((resolve, reject) => {
    const script = make("script", null, { src: source });
    script.onload = () => resolve(window.lstmWorkshopModel);
    script.onerror = reject;
    document.head.append(script);
  });
}

// The text once with each other word of the first group that it has a word of.
function exchanged(model, whole) {
  for (const group of model.swaps) {
    const from = whole.words.find((word) => group.includes(word));
    if (!from) continue;
    return group
      .filter((to) => to !== from)
      .map((to) => ({
        from,
        to,
        answer: readWords(
          model,
          whole.words.map((word) => (word === from ? to : word)),
        ),
      }));
  }
  return [];
}

function replaceWord(text, from, to) {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${from}(?![\\p{L}\\p{N}_])`, "giu");
  return text.replace(pattern, (old) =>
    old[0] === old[0].toLowerCase() ? to : to[0].toUpperCase() + to.slice(1),
  );
}

// The curve of P(positive), what each word wrote, and the gates, one column a word.
function drawReading(picture, whole, now, kept, data) {
  const width = Math.max(picture.clientWidth, 280);
  const narrow = width < 560;
  const margin = narrow ? 58 : 86;
  const places = Math.max(whole.words.length, 1);
  const column = Math.min(110, (width - margin - 6) / places);
  const end = margin + column * places + 6;
  const longest = Math.max(1, ...whole.words.map((word) => [...word].length));
  const upright = column < 7.4 * longest;
  const below = column < 11 ? 6 : upright ? Math.min(90, 8 * longest + 12) : 24;
  const [curve, push, gate] = [150, 84, 19];
  const height = curve + push + 4 * gate + below + 40;
  picture.textContent = "";
  const svg = make("svg", picture, {
    viewBox: `0 0 ${end} ${height}`,
    role: "img",
    "font-size": 12,
    style: `max-width:${end}px`,
  });
  svg.setAttribute(
    "aria-label",
    "P(positive) after each word, what each word wrote, and the gates",
  );
  const x = (place) => margin + place * column;
  const text = (a, b, words, more = {}) => make("text", svg, { x: a, y: b, ...more }, words);
  const side = { "text-anchor": "end" };
  const middle = { "text-anchor": "middle" };
  const box = (a, b, w, h, more) => make("rect", svg, { x: a, y: b, width: w, height: h, ...more });

  const y = (p) => 8 + (1 - p) * (curve - 16);
  box(margin, 8, end - margin - 6, curve - 16, { fill: "#f5f7fa", stroke: "#c4cad3" });
  text(margin - 6, y(1) + 9, "1", side);
  text(margin - 6, y(0) + 3, "0", side);
  text(margin - 6, y(0.5) - 4, narrow ? "P(pos.)" : "P(positive)", side);
  const line = { stroke: "#1b2430", "stroke-width": 1.3, "stroke-dasharray": "6 4" };
  make("line", svg, {
    x1: margin,
    x2: end - 6,
    y1: y(data.threshold),
    y2: y(data.threshold),
    ...line,
  });
  text(margin - 6, y(data.threshold) + 12, narrow ? "limit" : "threshold", side);
  const path = (reading, at, look) => {
    const corners = reading.positive.map((p, k) => `${x(at[k] ?? 0) + column / 2},${y(p)}`);
    make("polyline", svg, { points: corners.join(" "), fill: "none", ...look });
  };
  if (now !== whole)
    path(whole, range(places), { stroke: "#858e9b", "stroke-width": 2, "stroke-dasharray": "2 4" });
  path(now, kept, { stroke: "#1b2430", "stroke-width": 2.4 });
  now.positive.forEach((p, k) => {
    const above = p >= data.threshold;
    const at = x(kept[k] ?? 0) + column / 2;
    const look = { fill: above ? "#1b2430" : "#ffffff", stroke: "#1b2430", "stroke-width": 2 };
    make("circle", svg, { cx: at, cy: y(p), r: Math.min(4.5, column / 3), ...look });
    if (column > 34) text(at, y(p) + (p > 0.85 ? 20 : -10), two(p), middle);
  });

  const zero = curve + 14 + push / 2;
  const most = Math.max(0.4, ...now.pushes.map(Math.abs));
  text(margin - 6, zero - 18, narrow ? "wrote" : "wrote: more", side);
  text(margin - 6, zero + 4, "0", side);
  if (!narrow) text(margin - 6, zero + 26, "less", side);
  now.pushes.forEach((value, k) => {
    const long = (Math.abs(value) / most) * (push / 2 - 4);
    const fill = value < 0 ? data.negative : data.positive;
    box(x(kept[k] ?? 0) + 2, value < 0 ? zero : zero - long, column - 4, long, {
      fill,
      stroke: "#566070",
    });
  });
  make("line", svg, { x1: margin, x2: end - 6, y1: zero, y2: zero, stroke: "#566070" });

  Object.entries(now.gates).forEach(([name, values], row) => {
    const top = curve + push + 24 + row * gate;
    text(margin - 6, top + gate - 7, name, side);
    values.forEach((value, k) => {
      const at = x(kept[k] ?? 0) + 1;
      const tall = gate - 4;
      box(at, top, column - 2, tall, { fill: "#ffffff", stroke: "#c4cad3" });
      box(at, top + tall * (1 - value), column - 2, tall * value, { fill: data.fills[name] });
    });
  });

  if (column < 11) return;
  const base = curve + push + 28 + 3 * gate;
  whole.words.forEach((word, place) => {
    const look = whole.known[place]
      ? {}
      : { "text-decoration": "underline", "font-style": "italic" };
    if (!kept.includes(place)) Object.assign(look, { "text-decoration": "line-through" });
    const at = x(place) + column / 2;
    const shown =
      [...word].length > 11 && upright ? `${[...word].slice(0, 10).join("")}\u2026` : word;
    if (!upright) return text(at, base + 12, word, { ...middle, ...look });
    const turned = { transform: `translate(${at + 4} ${base + 2}) rotate(-90)`, ...side };
    return text(0, 0, shown, { ...turned, ...look });
  });
}
