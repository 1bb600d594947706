// Where a state is its own next state: found between places where the difference turns its sign.
// `holds` says whether states nearby come back to it.
function restsOf(next, low = -1.0001, high = 1.0001) {
  const off = (state) => next(state) - state;
  const found = [];
  const cuts = 400;
  for (let k = 0; k < cuts; k += 1) {
    let [a, b] = [k, k + 1].map((cut) => low + ((high - low) * cut) / cuts);
    if (off(a) > 0 === off(b) > 0) continue;
    const holds = off(a) > 0;
    for (let halving = 0; halving < 60; halving += 1) {
      const middle = (a + b) / 2;
      if (off(middle) > 0 === off(a) > 0) a = middle;
      else b = middle;
    }
    const at = (a + b) / 2;
    const slope = (next(at + 1e-6) - next(at - 1e-6)) / 2e-6;
    found.push({ at: Math.abs(at) < 1e-9 ? 0 : at, holds: holds && slope > -1 });
  }
  return found;
}
