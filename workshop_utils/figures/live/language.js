// What the sentence player and the pronoun surgery share: a trained network that reads.

// Words to numbers; a sentence that says which words are unknown is thrown back as a text.
function encode(words, vocabulary) {
  const unknown = words.filter((word) => !vocabulary.includes(word));
  return unknown.length
    ? `Not in the language: ${unknown.join(", ")}.`
    : words.map((word) => vocabulary.indexOf(word));
}

// Read a text word by word; `forced[t]` sets gates at word t, `states` is where to begin.
function read(network, numbers, forced = {}, states = null) {
  let h = states ? states.h : network.weights.map(() => 0),
    c = states ? states.c : h;
  return numbers.map((word, t) => {
    const step = lstmStep(network, network.vectors[word], h, c, forced[t]);
    [h, c] = [step.hidden, step.cell];
    step.she = sigmoid(sum(h.map((value, u) => value * network.weights[u])) + network.readout);
    return step;
  });
}

// What is left of each word's write after each word, for one unit: parts[t][j], j <= t.
function parts(steps, unit) {
  let left = [];
  return steps.map((step) => {
    left = [...left.map((value) => value * step.forget[unit]), step.written[unit]];
    return left;
  });
}

// Read two texts up to their last word, let the chosen units change places, and read on.
// `was` and `now` are the probabilities of "she" without and with the exchange.
function exchange(network, pair, chosen) {
  const before = pair.map((numbers) => {
    const last = read(network, numbers.slice(0, -1)).pop();
    return { h: last.hidden, c: last.cell };
  });
  const swap = (key, k) =>
    before[k][key].map((own, u) => (chosen.has(u) ? before[1 - k][key][u] : own));
  const after = before.map((_, k) => ({ h: swap("h", k), c: swap("c", k) }));
  const says = (states) => states.map((own, k) => read(network, pair[k].slice(-1), {}, own)[0].she);
  return { before, after, was: says(before), now: says(after) };
}

const pronoun = (probability) => (probability > 0.5 ? "she" : "he");

const networks = (data) => Object.entries(data.weights).map(([name, held]) => ({ name, ...held }));

// A field for a text of the language, with examples to choose from.
function textField(parent, name, data, text, changed) {
  const label = make("label", parent, { class: "field" });
  label.append(`${name} `);
  const input = make("input", label, { type: "text", value: text, spellcheck: "false" });
  const problem = make("span", parent, { role: "alert", class: "problem" });
  input.addEventListener("input", () => {
    const words = input.value.trim().split(/\s+/).filter(Boolean);
    const numbers = words.length ? encode(words, data.vocabulary) : "Write a sentence.";
    problem.textContent = typeof numbers === "string" ? numbers : "";
    if (typeof numbers !== "string") changed(words, numbers);
  });
  return {
    put(words) {
      input.value = words;
      input.dispatchEvent(new Event("input"));
    },
  };
}

function wordList(root, data) {
  const list = make("details", root);
  make("summary", list, {}, "The words of the language");
  list.append(data.vocabulary.join(" "));
}
