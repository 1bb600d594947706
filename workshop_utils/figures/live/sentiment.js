// Text in, P(positive) out: the saved classifier of notebook 06, from what `for_page` exports.

// Half precision (IEEE 754, binary16), stored in base64, lowest byte first.
function halves(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 2 }, (_, k) => {
    const code = view.getUint16(2 * k, true);
    const sign = code & 0x8000 ? -1 : 1;
    const exponent = (code >> 10) & 31;
    const fraction = code & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

const rowsOf = (flat, width) =>
  range(flat.length / width).map((row) => flat.subarray(row * width, (row + 1) * width));

function openModel(file) {
  const arrays = Object.fromEntries(
    Object.entries(file.arrays).map(([name, packed]) => [name, halves(packed)]),
  );
  const vocabulary = new Map(file.vocabulary.split("\n").map((word, row) => [word, row]));
  return {
    ...file,
    vocabulary,
    steps: file.steps.map((step) => ({
      ...step,
      pattern: step.pattern && new RegExp(step.pattern, step.flags),
    })),
    embedding: rowsOf(arrays.embedding, arrays.embedding.length / vocabulary.size),
    readout: arrays.readout,
    cell: {
      kernel: rowsOf(arrays.kernel, 4 * file.units),
      recurrent: rowsOf(arrays.recurrent, 4 * file.units),
      bias: [...arrays.bias],
    },
  };
}

// The words of a text, as the cleaner of the package leaves them.
function cleanWords(model, text) {
  let left = text.replace(/[\ud800-\udfff]/gu, "?"); // half a pair is no character
  for (const { pattern, replacement, needs } of model.steps) {
    if (!pattern) left = left.toLowerCase();
    else if (left.includes(needs)) left = left.replace(pattern, replacement);
  }
  return left.split(" ").filter(Boolean);
}

// Read words that are clean already. `pushes` is what is left of each word's writes in the last
// answer: with the bias of the output they sum up to the logit, divided by the temperature.
function readWords(model, all) {
  const words = all.slice(0, model.longest);
  const numbers = words.map((word) => model.vocabulary.get(word) ?? UNKNOWN_WORD);
  const zeros = Array(model.units).fill(0);
  let [h, c, left] = [zeros, zeros, []];
  const steps = (numbers.length ? numbers : [UNKNOWN_WORD]).map((number) => {
    const step = lstmStep(model.cell, model.embedding[number], h, c);
    [h, c] = [step.hidden, step.cell];
    left = [...left.map((own) => own.map((value, u) => value * step.forget[u])), step.written];
    const logit = sum(h.map((value, u) => value * model.readout[u])) + model.bias;
    return { ...step, positive: sigmoid(logit / model.temperature) };
  });
  const last = steps[steps.length - 1];
  const weights = range(model.units).map((u) => {
    const shown = Math.abs(c[u]) < 1e-9 ? 1 : Math.tanh(c[u]) / c[u];
    return (model.readout[u] * last.output[u] * shown) / model.temperature;
  });
  const known = numbers.map((number) => number !== UNKNOWN_WORD);
  const positive = steps.map((step) => step.positive);
  const mean = (gate) => steps.map((step) => sum([...step[gate]]) / model.units);
  return {
    words,
    known,
    positive,
    pushes: left.map((own) => sum(own.map((value, u) => value * weights[u]))),
    gates: { forget: mean("forget"), input: mean("input"), output: mean("output") },
    label: known.includes(true)
      ? model.labels[Number(positive[positive.length - 1] >= model.threshold)]
      : "cannot tell",
    notes: doubts(model, words.length, sum(known.map(Number)), all.length > words.length),
  };
}

const UNKNOWN_WORD = 1;

// What makes the answer doubtful, in the words of `SentimentClassifier.predict`.
function doubts(model, count, known, cutOff) {
  const notes = count ? [] : ["no word to read"];
  if (known < count) {
    const rare = ", fewer known than in 99 % of the texts it was checked on";
    const few = known < model.known_enough * count;
    notes.push(`${count - known} of ${count} words unknown${few ? rare : ""}`);
  }
  if (cutOff) notes.push(`cut off after ${count} words`);
  else if (count > model.longest_checked)
    notes.push(`${count} words, longer than any text it was checked on`);
  return notes;
}
