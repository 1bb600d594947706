// The LSTM step, and what all live drawings share. Plain JavaScript; nothing is fetched.

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const sum = (values) => values.reduce((total, value) => total + value, 0);
const range = (n) => [...Array(n).keys()];

// What values times one column of a matrix of rows give.
function column(values, rows, k) {
  let total = 0;
  for (let row = 0; row < values.length; row += 1) total += values[row] * rows[row][k];
  return total;
}

// One step, as cells.LSTMCell computes it. The blocks of a cell's columns stand in the
// order of Keras: input gate, forget gate, candidate, output gate. `forced` sets gates of
// all units to a number, for example {forget: 0}.
function lstmStep(cell, x, h, c, forced = {}) {
  const n = c.length;
  const sums = Array.from(cell.bias, (bias, k) => [
    column(x, cell.kernel, k),
    column(h, cell.recurrent, k),
    bias,
  ]);
  const layer = (block, name, squash) =>
    range(n).map((u) => (name in forced ? forced[name] : squash(sum(sums[block * n + u]))));
  const input = layer(0, "input", sigmoid),
    forget = layer(1, "forget", sigmoid);
  const candidate = layer(2, "candidate", Math.tanh),
    output = layer(3, "output", sigmoid);
  const kept = forget.map((gate, u) => gate * c[u]);
  const written = input.map((gate, u) => gate * candidate[u]);
  const next = kept.map((value, u) => value + written[u]);
  const squashed = next.map(Math.tanh),
    hidden = output.map((gate, u) => gate * squashed[u]);
  return { sums, input, forget, candidate, output, kept, written, cell: next, squashed, hidden };
}

// A number as the pictures write it: two decimals, a real minus sign, no negative zero.
const two = (value) =>
  value
    .toFixed(2)
    .replace(/^-(0\.00)$/, "$1")
    .replace("-", "\u2212");

const SVG = "http://www.w3.org/2000/svg";

// Make an element of a page, or of a drawing where its parent is one.
function make(tag, parent, attributes = {}, words = "") {
  const drawn = tag === "svg" || (parent && parent.namespaceURI === SVG);
  const element = drawn ? document.createElementNS(SVG, tag) : document.createElement(tag);
  set(element, attributes);
  if (words) element.textContent = words;
  if (parent) parent.appendChild(element);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

// A slider in a label with its name and its value; `told` is what a screen reader hears.
function slider(parent, name, told, [low, high, step], value, changed) {
  const label = make("label", parent, {}, ""),
    words = make("span", label, {}, name);
  const input = make("input", label, { type: "range", min: low, max: high, step });
  const shown = make("output", label);
  const show = () => {
    shown.textContent = two(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.value = value;
  input.setAttribute("aria-label", told);
  words.setAttribute("aria-hidden", "true");
  shown.setAttribute("aria-hidden", "true");
  input.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  return {
    input,
    put(to) {
      input.value = to;
      show();
    },
  };
}

function choice(parent, name, options, changed) {
  const label = make("label", parent, { class: "choice" }),
    input = make("select", label);
  label.prepend(name + " ");
  for (const option of options) make("option", input, {}, option);
  input.addEventListener("change", changed);
  return input;
}

function button(parent, words, action) {
  const made = make("button", parent, { type: "button" }, words);
  made.addEventListener("click", action);
  return made;
}

// What a screen reader is told once the reader's hand rests.
function announcer(root) {
  const status = make("p", root, { role: "status", class: "spoken" });
  let timer = 0;
  return (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      status.textContent = words;
    }, 600);
  };
}

// The element of this output. A host that runs scripts later knows it by its key.
function ownRoot(key) {
  const kind = ".lstm-workshop-live";
  const own = document.currentScript && document.currentScript.closest(kind);
  return own || document.querySelector(`${kind}[data-key="${key}"]:not([data-ready])`);
}

// Empty the output, and take the place of the picture above where it is in the same page.
function takeOver(root, { caption, shown }) {
  root.dataset.ready = "yes";
  const fit = () => root.classList.toggle("narrow", root.clientWidth < 740);
  new ResizeObserver(fit).observe(root);
  fit();
  for (const element of [...root.children]) if (element.tagName !== "STYLE") element.remove();
  const sized = (image) =>
    ["width", "height"].every((side, k) => Number(image.getAttribute(side)) === shown[k]);
  const above = [...document.images]
    .filter(
      (image) =>
        (image.alt === caption || sized(image)) &&
        image.compareDocumentPosition(root) & Node.DOCUMENT_POSITION_FOLLOWING,
    )
    .pop();
  if (!above) return;
  above.before(root);
  above.style.display = "none";
}
