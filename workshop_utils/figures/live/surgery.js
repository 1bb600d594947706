// Pronoun surgery: two texts, one network, and the states of any units exchanged between them.

function surgery(root, data) {
  takeOver(root, data);
  const texts = data.texts.map((text) => ({ words: text.split(" "), numbers: [] }));
  const fields = make("div", root),
    old = make("p", root, { class: "problem", role: "status" }),
    panels = make("div", root, { class: "panels" }),
    say = announcer(root);
  const redraws = networks(data).map((network) =>
    operate(make("section", panels), network, texts, data, say),
  );
  const short = new Set();
  ["First text", "Second text"].forEach((name, k) => {
    textField(make("div", fields), name, data, data.texts[k], (words, numbers) => {
      short.delete(k);
      if (numbers.length < 2) return short.add(k);
      Object.assign(texts[k], { words, numbers });
      if (texts.every((text) => text.numbers.length)) redraws.forEach((redraw) => redraw());
    }).put(data.texts[k]);
  });
  // Where a text cannot be read, what is shown belongs to the text before it.
  fields.addEventListener("input", () => {
    const unread = [...fields.querySelectorAll(".problem")].some((one) => one.textContent);
    panels.classList.toggle("stale", unread || short.size > 0);
    old.textContent = unread
      ? "Below: the texts before the last change."
      : short.size
        ? "Write two words or more."
        : "";
  });
  wordList(root, data);
}

// One network: a button for each unit, its cell states in both texts, and both answers.
function operate(panel, network, texts, data, say) {
  make("strong", panel, {}, network.name);
  const answers = [make("p", panel), make("p", panel)],
    grid = make("div", panel, { class: "units" });
  const hues = [data.positive, data.negative],
    chosen = new Set();
  for (const words of ["cell state, first text", "", "cell state, second text"])
    make("span", grid, {}, words);
  const rows = network.weights.map((_, u) => {
    const left = bar(grid);
    const toggle = button(grid, `exchange unit ${u}`, () => {
      if (!chosen.delete(u)) chosen.add(u);
      redraw(true);
    });
    return { left, toggle, right: bar(grid) };
  });

  function bar(parent) {
    const svg = make("svg", parent, { viewBox: "0 0 120 26", role: "img" });
    make("rect", svg, {
      x: 0.5,
      y: 0.5,
      width: 119,
      height: 25,
      fill: "#f5f7fa",
      stroke: "#c4cad3",
    });
    const filled = make("rect", svg, { y: 3, height: 20 });
    make("line", svg, { x1: 60, x2: 60, y1: 0, y2: 26, stroke: "#1b2430" });
    const rim = { "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 3 };
    const middle = { y: 18, x: 60, "text-anchor": "middle", "font-size": 14 };
    const words = make("text", svg, { ...middle, ...rim });
    return (value, hue, largest, told) => {
      const long = (58 * Math.abs(value)) / largest;
      set(filled, { x: value < 0 ? 60 - long : 60, width: long });
      filled.style.fill = hue;
      words.textContent = two(value);
      svg.setAttribute("aria-label", `${told} ${two(value)}`);
    };
  }

  function redraw(spoken) {
    const { before, after, was, now } = exchange(
      network,
      texts.map(({ numbers }) => numbers),
      chosen,
    );
    const largest = Math.max(0.5, ...before.flatMap(({ c }) => c.map(Math.abs)));
    rows.forEach(({ left, toggle, right }, u) => {
      const swapped = chosen.has(u);
      left(after[0].c[u], hues[swapped ? 1 : 0], largest, `first text, unit ${u}, cell state`);
      right(after[1].c[u], hues[swapped ? 0 : 1], largest, `second text, unit ${u}, cell state`);
      toggle.setAttribute("aria-pressed", String(swapped));
    });
    answers.forEach((line, k) => {
      const [old, said] = [pronoun(was[k]), pronoun(now[k])];
      line.textContent = "";
      line.append(`${k ? "Second" : "First"}: … ${texts[k].words.slice(-3).join(" ")} `);
      make(
        "strong",
        line,
        { class: old === said ? "" : "flips" },
        old === said ? said : `${old} \u2192 ${said}`,
      );
      line.append(` P(she) = ${two(now[k])}`);
    });
    if (spoken) say(answers.map((line) => line.textContent).join("; "));
  }
  return redraw;
}
