// A tweet of the reader's own: what each step of the cleaner leaves of it, and its row of a batch.
// The steps are the package's, as data, and `cleanWords` of the sentence reader takes them.

const LONGEST_TWEET = 1000; // characters; a tweet of 2015 had 140
const UNKNOWN = "[UNK]";

// The words after each step that changed them, with one space between two.
function cleanerTrace(steps, text) {
  let before = text.split(" ").filter(Boolean).join(" ");
  return steps.flatMap(({ name }, k) => {
    const left = cleanWords({ steps: steps.slice(0, k + 1) }, text).join(" ");
    const changed = left !== before;
    before = left;
    return changed ? [{ name, left }] : [];
  });
}

const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function batch(root, data) {
  takeOver(root, data);
  const vocabulary = data.weights && new Set(data.weights);
  const steps = data.steps.map((step) => ({
    ...step,
    pattern: step.pattern && new RegExp(step.pattern, step.flags),
  }));
  const [name, opening] = data.rows[data.rows.length - 1];
  let rows = data.rows;
  let masked = false;
  const label = make("label", root, { class: "own" }, "Your tweet");
  const input = make("textarea", label, { rows: 2, dir: "auto", spellcheck: "false" });
  const problem = make("p", root, { role: "alert", class: "problem" });
  make("p", root, { class: "part" }, "What each step of the workshop\u2019s cleaner leaves of it");
  const trace = make("ol", root, { class: "trace" });
  make("p", root, { class: "part" }, data.title);
  const picture = make("div", root, { class: "batch", role: "img" });
  for (const [key, value] of Object.entries(data.look)) picture.style.setProperty(key, value);
  const tries = make("div", root, { class: "tries" });
  const mask = button(tries, "Mask", () => {
    masked = !masked;
    redraw();
  });
  button(tries, "Start again", () => {
    masked = false;
    input.value = data.tweet;
    renew();
  });
  const told = make("p", root, { class: "told" });
  const say = announcer(root);

  function renew() {
    const text = input.value;
    const long = text.length > LONGEST_TWEET;
    problem.textContent = long ? `At most ${LONGEST_TWEET} characters are read.` : "";
    if (long) return;
    const words = cleanWords({ steps }, text);
    const unknown = (word, place) =>
      vocabulary ? !vocabulary.has(word) : text === data.tweet && opening[place] === UNKNOWN;
    const tokens = words.map((word, place) => (unknown(word, place) ? UNKNOWN : word));
    rows = [...data.rows.slice(0, -1), [name, tokens]];
    trace.textContent = "";
    for (const { name: step, left } of cleanerTrace(steps, text)) {
      const item = make("li", trace);
      make("span", item, {}, step);
      make("bdi", item, {}, left || "(nothing)");
    }
    if (!trace.children.length) make("li", trace, {}, "No step changes it.");
    redraw();
  }

  function redraw() {
    mask.setAttribute("aria-pressed", String(masked));
    drawBatch(picture, rows, masked, data.places);
    const all = rows.length * data.places;
    const zeros = sum(rows.map(([, row]) => Math.max(0, data.places - row.length)));
    const [, tokens] = rows[rows.length - 1];
    const more = tokens.length > data.places ? `, ${data.places} of them shown` : "";
    const strange = tokens.filter((token) => token === UNKNOWN).length;
    const isMarked = vocabulary || input.value === data.tweet;
    const unknown = isMarked ? `${strange} unknown` : "the unknown marked once you run the cell";
    told.textContent =
      `${name}: ${counted(tokens.length, "word")}${more}, ${unknown}. ` +
      (masked
        ? `With the mask, the LSTM reads ${all - zeros} of ${all} places and skips `
        : `Without a mask, the LSTM reads all ${all} places, among them `) +
      `${counted(zeros, "zero")}.`;
    say(told.textContent);
  }

  input.addEventListener("input", renew);
  input.value = data.tweet;
  renew();
}

// The rows as boxes. Where the page is narrow, its style lets them go down, so that words fit.
function drawBatch(picture, rows, masked, places) {
  picture.textContent = "";
  const addRow = (kind, name, contents) => {
    const row = make("div", picture, { class: kind });
    make("b", row, {}, name);
    for (const [look, content] of contents) make("bdi", row, { class: look }, content);
  };
  const told = rows.map(([name, tokens]) => {
    const shown = tokens.slice(0, places);
    const zeros = places - shown.length;
    const empty = Array(zeros).fill([masked ? "zero masked" : "zero", "0"]);
    const words = shown.map((token) => [token === UNKNOWN ? "unknown" : "word", token]);
    addRow("places", name, [...words, ...empty]);
    return `${name}: ${shown.join(" ") || "no word"}, then ${counted(zeros, "zero")}`;
  });
  addRow(
    "places numbers",
    "place",
    range(places).map((place) => ["", String(place + 1)]),
  );
  const skipped = masked ? " The mask skips the zeros." : "";
  picture.setAttribute("aria-label", `A batch of ${places} places. ${told.join(". ")}.${skipped}`);
}
