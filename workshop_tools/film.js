// What is filmed for the README: gates of the explorer are moved one after another, with a rest
// after each. Each call of `nextFrame` moves a little and says for how many milliseconds the
// frame is shown; after the last frame it says 0.
const MOVES = [
  ["forget", 0, 6],
  ["input", 0, -6],
  ["input", -6, 0],
  ["forget", 6, 0],
];
const FRAMES = 10,
  SHORT = 90,
  REST = 1800;

const frames = (function* () {
  for (const [gate, first, last] of MOVES) {
    const slider = document.querySelector(`input[aria-label^="${gate} gate"]`);
    slider.focus();
    for (let frame = 1; frame <= FRAMES; frame += 1) {
      slider.value = first + ((last - first) * frame) / FRAMES;
      slider.dispatchEvent(new Event("input"));
      yield frame === FRAMES ? REST : SHORT;
    }
  }
})();
const nextFrame = () => frames.next().value || 0;
