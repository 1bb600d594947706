"""Rules about what is stored under the cells: pictures, errors, paths, and people's words."""

import itertools
import re
from collections.abc import Iterable, Iterator

from workshop_tools.editions import tags
from workshop_tools.outputs import Output, described
from workshop_tools.rules import Page, Problem

FEWEST_ALT_WORDS = 6
MOST_TWEETS = 40
MOST_CAPTION_WORDS = 25
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)]) ", re.MULTILINE)
# Words that a description may have, and that say nothing of what is to be seen.
_EMPTY_WORDS = re.compile(
    r"an?|and|are|as|by|can|charts?|diagrams?|display(?:ed|s)?|drawings?|figures?|for|from|graphs?"
    r"|here|illustration|images?|in|is|it|of|on|pictures?|plots?|seen?|show(?:ing|n|s)?|that|the"
    r"|there|this|to|visualisation|we|which|with|you"
)
# What no output may hold, and what is wrong with it.
_PATH = re.compile(
    r"(?<![\w./:])/(?:home|root|tmp|usr|var|opt|mnt|etc|work|Users|private)/\w"
    r"|\b[A-Z]:\\(?:Users|Program|Windows)|site-packages|ipykernel_\d"
)
_UNWANTED = {
    _PATH: "a path of one machine",
    re.compile(r"\bat 0x[0-9a-fA-F]{6,}"): "a memory address, another one in each run",
    re.compile("<table"): "a table as HTML, which Colab changes; use print(frame.to_string())",
    # "@user" is what mask_handles leaves in place of a handle.
    re.compile(r"(?<![\w@/.])@(?!user\b)\w+"): "a handle; show tweets through mask_handles",
}


def printed(outputs: Iterable[Output]) -> str:
    """Return everything in outputs that is read as text."""
    texts = []
    for output in outputs:
        data = output.get("data", {})
        texts += [output.get("text", ""), *(data[kind] for kind in data if "text/" in kind)]
    return "\n".join(texts)


def alt_text(page: Page) -> Iterator[Problem]:
    """A picture has a telling alt text of at most 25 words, in its file too and as a caption."""
    seen: dict[str, str] = {}
    for position, cell in page.code:
        for output, after in itertools.pairwise([*cell["outputs"], {}]):
            if "image/png" not in output.get("data", {}):
                continue
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            picture = output["data"]["image/png"]
            words = re.findall(r"[^\W_]+", alt.lower())
            if sum(not _EMPTY_WORDS.fullmatch(word) for word in words) < FEWEST_ALT_WORDS:
                yield position, f"an alt text that says little: {alt!r}; say what is to be seen"
            if len(alt.split()) > MOST_CAPTION_WORDS:
                yield position, f"a caption of {len(alt.split())} words; at most 25: {alt[:50]!r}"
            if "$" in alt:
                yield position, "an alt text with $, which JupyterLab typesets as a formula"
            if described(picture) not in (None, alt):
                yield position, f"the picture of another figure, {described(picture)!r}"
            if alt not in printed([after]):
                yield position, "a picture whose alt text does not follow as a caption"
            if seen.setdefault(alt, picture) != picture:
                yield position, f"two pictures with the same alt text: {alt[:60]!r}"


def no_error_output(page: Page) -> Iterator[Problem]:
    """No output is an error or went to the error stream."""
    for position, cell in page.code:
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                yield position, f"an error: {output['ename']}: {output['evalue']}"
            elif output.get("name") == "stderr":
                first = output["text"].strip().splitlines()[:1]
                yield position, f"text on the error stream: {''.join(first)[:60]!r}"


def unwanted_text(page: Page) -> Iterator[Problem]:
    """No output holds a handle, a memory address, an HTML table or a path; no source a path."""
    for position, cell in enumerate(page.cells):
        if found := _PATH.search(cell["source"]):
            yield position, f"{_UNWANTED[_PATH]} in the source: {found[0][:5]!r}..."
        for pattern, wrong in _UNWANTED.items():
            if found := pattern.search(printed(cell.get("outputs", []))):
                yield position, f"{wrong}: {found[0][:5]!r}..."


def tweets_shown(page: Page) -> dict[int, int]:
    """Count the tweets that each cell tagged ``shows-tweets`` prints, by its position.

    Each stands on a line that begins with a bullet or a number.
    """
    return {
        position: len(_BULLET.findall(printed(cell["outputs"])))
        for position, cell in page.code
        if "shows-tweets" in tags(cell)
    }


def shown_tweets_are_bullets(page: Page) -> Iterator[Problem]:
    """A cell tagged shows-tweets prints each tweet as a bullet, so that they can be counted."""
    for position, number in tweets_shown(page).items():
        if not number:
            yield position, "tagged shows-tweets, and no line begins with a bullet"
