"""The page that plays an animation: one picture, patches of what changes, and three buttons.

It needs nothing from outside and nothing of a notebook, so that JupyterLab, Colab
and a plain HTML page play it alike. It never starts by itself, which is what readers
who ask for less motion need. Where scripts are taken out, a sentence is left.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

#: What is left of the player where no script runs.
WITHOUT_SCRIPTS = (
    "The pictures play one after another where scripts run: in JupyterLab and Colab after you "
    "run the cell, and on the workshop's HTML pages."
)

# JupyterLab takes key presses for itself unless an element asks it not to.
_PAGE = """<div class="lstm-workshop-player" data-lm-suppress-shortcuts="true">
<p>@WITHOUT@</p>
<script>
(() => {
  const film = @FILM@;
  const kind = ".lstm-workshop-player";
  const own = document.currentScript && document.currentScript.closest(kind);
  const root = own || document.querySelector(kind + ":not([data-ready])");
  root.dataset.ready = "yes";
  const make = (tag, parent, attributes, css) => {
    const element = parent.appendChild(document.createElement(tag));
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.style.cssText = css;
    return element;
  };
  root.textContent = "";
  const wide = "width:100%;height:auto;display:block;margin:0;";
  const stage = make("div", root, {}, `position:relative;max-width:${film.width}px;`);
  // Take over the still picture above, where it is in the same page.
  const above = [...document.images].filter((image) =>
    image.src.replace(/%0A|\\s/g, "") === film.still &&
    image.compareDocumentPosition(root) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  if (above) above.parentNode.insertBefore(root, above);
  const still = above ? stage.appendChild(above) : make("img", stage, { src: film.still }, "");
  still.style.cssText = wide;
  const patch = make("div", stage, {}, "position:absolute;inset:0;background-size:100% 100%;");
  const bar = make("div", root, { role: "group", "aria-label": "Animation" }, "margin:.4em 0;");
  const button = (words, action) => {
    const look = "font:inherit;padding:.2em .8em;margin-right:.4em;min-width:5.5em;";
    const made = make("button", bar, { type: "button" }, look);
    made.textContent = words;
    made.addEventListener("click", action);
    return made;
  };
  let now = film.first, timer = 0;
  const show = (k) => {
    now = k;
    still.alt = film.alts[k];
    patch.style.backgroundImage = film.patches[k] ? `url(${film.patches[k]})` : "none";
    place.textContent = `${k + 1} of ${film.alts.length}: ${film.names[k]}`;
    note.textContent = film.notes[k];
    back.disabled = k === 0;
    next.disabled = k === film.alts.length - 1;
  };
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    words.setAttribute("aria-live", "polite");
  };
  const start = () => {
    words.setAttribute("aria-live", "off");
    play.textContent = "Pause";
    show(next.disabled ? 0 : now + 1);
    timer = setInterval(() => {
      if (!root.isConnected || next.disabled) return pause();
      show(now + 1);
      if (next.disabled) pause();
    }, film.milliseconds);
    if (next.disabled) pause();
  };
  const step = (by) => () => { pause(); show(now + by); };
  const back = button("Back", step(-1));
  const play = button("Play", () => (timer ? pause() : start()));
  const next = button("Next", step(1));
  const words = make("div", root, { "aria-live": "polite" }, "");
  const place = make("strong", words, {}, "");
  const note = make("div", words, {}, "");
  show(now);
})();
</script>
</div>
"""


@dataclass(frozen=True)
class Film:
    """What the player shows, ready to be written into a page.

    Attributes:
        still: Address of the picture that is shown where nothing plays.
        patches: For each picture the address of what differs from the still one, or None.
        names: Name of each picture.
        alts: Description of each picture.
        notes: What a description says that the others do not.
        first: Which picture is shown before anything is pressed.
        width: Shown width in CSS pixels.
        milliseconds: How long a picture stays while the player runs.
    """

    still: str
    patches: Sequence[str | None]
    names: Sequence[str]
    alts: Sequence[str]
    notes: Sequence[str]
    first: int
    width: int
    milliseconds: int


def page(film: Film) -> str:
    """Return the player with everything it shows, as a piece of HTML.

    Args:
        film: What it shows.
    """
    # A text must neither end the script ("</script>") nor open a comment in it ("<!--").
    data = json.dumps(film.__dict__, ensure_ascii=False).replace("<", "\\u003c")
    return _PAGE.replace("@WITHOUT@", WITHOUT_SCRIPTS).replace("@FILM@", data)
