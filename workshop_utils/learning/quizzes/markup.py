r"""The little Markdown that a quiz may hold: code, bold, emphasis, and formulas.

A formula stays between its dollar signs: the page that shows it typesets it. All
other characters are only text, whatever they are: ``<b>`` is shown and makes nothing.
"""

import html
import re

# Code first: nothing inside it is marked. A formula begins and ends without a blank,
# so that "$5 and $6" is none.
_PIECE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\$(?P<formula>[^$\s](?:[^$]*[^$\s])?)\$"
    r"|\*\*(?P<bold>[^*]+)\*\*"
    r"|\*(?P<emphasis>[^*\s](?:[^*]*[^*\s])?)\*"
)


def as_html(text: str) -> str:
    """Return a paragraph as HTML of no element but code, b, em and span, without attributes."""
    parts = []
    end = 0
    for found in _PIECE.finditer(text):
        parts += [_literal(text[end : found.start()]), _marked(found)]
        end = found.end()
    return "".join([*parts, _literal(text[end:])])


def as_plain(text: str) -> str:
    """Return a paragraph without its marks, for places that show characters only.

    A formula is its source.
    """
    return _PIECE.sub(lambda found: as_plain(found[found.lastindex or 0]), text)


def _marked(found: re.Match[str]) -> str:
    inner = found[found.lastindex or 0]
    if found["code"]:
        return f"<code>{html.escape(inner)}</code>"
    if found["formula"]:
        return f"${html.escape(inner)}$"
    element = "b" if found["bold"] else "em"
    return f"<{element}>{as_html(inner)}</{element}>"


def _literal(text: str) -> str:
    """Escape what is no markup; a lone dollar sign or backslash must begin no formula."""
    return re.sub(r"[$\\]", r"<span>\g<0></span>", html.escape(text))
