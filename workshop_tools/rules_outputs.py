"""Rules about what is stored under the cells: pictures, errors, paths, and people's words."""

import re
from collections.abc import Iterator

from workshop_tools.editions import tags
from workshop_tools.outputs import Output, joined
from workshop_tools.rules import Page, Problem, Rule, rule

RULES: list[Rule] = []
SHORTEST_ALT = 20
FEWEST_ALT_WORDS = 6
MOST_TWEETS = 40
MOST_CAPTION_WORDS = 25
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)]) ", re.MULTILINE)
_PATH = re.compile(
    r"(?<![\w./:])/(?:home|root|tmp|usr|var|opt|mnt|etc|work|Users|private)/\w"
    r"|\b[A-Z]:\\(?:Users|Program|Windows)|site-packages|ipykernel_\d"
)
# Words that a description may have, and that say nothing of what is to be seen.
_EMPTY_WORDS = re.compile(
    r"an?|and|are|as|by|can|charts?|diagrams?|display(?:ed|s)?|drawings?|figures?|for|from|graphs?"
    r"|here|illustration|images?|in|is|it|of|on|pictures?|plots?|seen?|show(?:ing|n|s)?|that|the"
    r"|there|this|to|visualisation|we|which|with|you"
)
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
# "@user" is what mask_handles leaves in place of a handle.
_HANDLE = re.compile(r"(?<![\w@/.])@(?!user\b)\w+")


def texts(output: Output) -> list[str]:
    """Return everything in an output that is read as text."""
    if "text" in output:
        return [joined(output["text"])]
    return [
        joined(value)
        for kind, value in output.get("data", {}).items()
        if kind.startswith("text/") and isinstance(joined(value), str)
    ]


def _all_texts(page: Page) -> Iterator[tuple[int, str]]:
    for position, cell in page.code:
        for output in cell["outputs"]:
            for text in texts(output):
                yield position, text


@rule(RULES)
def alt_text(page: Page) -> Iterator[Problem]:
    """Every picture has an alt text of at most 25 words, which follows it as a caption."""
    for position, cell in page.code:
        followers = [*cell["outputs"][1:], {}]
        for output, after in zip(cell["outputs"], followers, strict=False):
            if "image/png" not in output.get("data", {}):
                continue
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            if len(alt) < SHORTEST_ALT:
                yield position, f"a picture without an alt text of {SHORTEST_ALT} characters"
                continue
            if len(alt.split()) > MOST_CAPTION_WORDS:
                yield position, f"a caption of {len(alt.split())} words; at most 25: {alt[:50]!r}"
            if "$" in alt:
                yield position, "an alt text with $, which JupyterLab typesets as a formula"
            if not any(alt in text for text in texts(after)):
                yield position, "a picture whose alt text does not follow as a caption"


@rule(RULES)
def telling_alt(page: Page) -> Iterator[Problem]:
    """A description says what its picture shows, and no two pictures have the same one."""
    seen: dict[str, str] = {}
    for position, cell in page.code:
        for output in cell["outputs"]:
            image = output.get("data", {}).get("image/png")
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            if image is None or len(alt) < SHORTEST_ALT:
                continue
            words = re.findall(r"[^\W_]+", alt.lower())
            telling = [word for word in words if not _EMPTY_WORDS.fullmatch(word)]
            if len(telling) < FEWEST_ALT_WORDS:
                yield position, f"a description that says little: {alt!r}; say what is to be seen"
            picture = joined(image)
            if seen.setdefault(alt, picture) != picture:
                yield position, f"two pictures with the same description: {alt[:60]!r}"


@rule(RULES)
def no_error_output(page: Page) -> Iterator[Problem]:
    """No output is an error or went to the error stream."""
    for position, cell in page.code:
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                yield position, f"an error: {output['ename']}: {output['evalue']}"
            elif output.get("name") == "stderr":
                first = joined(output["text"]).strip().splitlines()[:1]
                yield position, f"text on the error stream: {''.join(first)[:60]!r}"


@rule(RULES)
def no_absolute_path(page: Page) -> Iterator[Problem]:
    """No path of one machine stands in a source or an output."""
    sources = [(position, cell["source"]) for position, cell in enumerate(page.cells)]
    for position, text in [*sources, *_all_texts(page)]:
        found = _PATH.search(text)
        if found:
            yield position, f"a path of one machine: {text[found.start() : found.start() + 40]!r}"


@rule(RULES)
def no_memory_address(page: Page) -> Iterator[Problem]:
    """No output shows a memory address, which is another one in each run."""
    for position, text in _all_texts(page):
        if _ADDRESS.search(text):
            yield position, "a memory address; print something that has a meaning"


@rule(RULES)
def no_bare_table(page: Page) -> Iterator[Problem]:
    """Tables are printed with to_string(): Colab and pandas store HTML that differs."""
    for position, cell in page.code:
        for output in cell["outputs"]:
            if "<table" in joined(output.get("data", {}).get("text/html", "")):
                yield position, "a table as HTML; use print(frame.to_string())"


@rule(RULES)
def no_handle(page: Page) -> Iterator[Problem]:
    """No output names an account: handles of tweets are masked."""
    for position, text in _all_texts(page):
        found = _HANDLE.search(text)
        if found:
            yield position, f"a handle: {found[0][:3]}...; show tweets through mask_handles"


def tweets_shown(page: Page) -> int:
    """Count the tweets that a notebook shows.

    Cells that print texts of tweets carry the tag ``shows-tweets``, and print each
    text on a line of its own that begins with a bullet or a number; these lines are counted.

    Args:
        page: The notebook.
    """
    return sum(
        len(_BULLET.findall(text))
        for position, text in _all_texts(page)
        if "shows-tweets" in tags(page.cells[position])
    )


@rule(RULES)
def shown_tweets_are_bullets(page: Page) -> Iterator[Problem]:
    """A cell tagged shows-tweets prints each tweet as a bullet, so that they can be counted."""
    for position, cell in page.code:
        if "shows-tweets" in tags(cell):
            printed = [text for output in cell["outputs"] for text in texts(output)]
            if not any(_BULLET.search(text) for text in printed):
                yield position, "tagged shows-tweets, and no line begins with a bullet"
