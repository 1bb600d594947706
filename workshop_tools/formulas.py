r"""TeX as MathML: browsers show it themselves, without a script and without anything from outside.

The converter is latex2mathml. It lets a command pass that it does not know, which a
reader would then see as ``\name``; here that is an error.
"""

import html
import re

from workshop_utils.learning.lessons import CourseError

# A formula; or code or a script, which holds none, whatever dollar signs it has.
_FORMULA = re.compile(
    r"(?P<code><(script|style|pre|code)\b.*?</\2>)|\$(?P<tex>[^$\s<](?:[^$<]*[^$\s<])?)\$",
    re.DOTALL,
)


def as_mathml(tex: str, *, block: bool = False) -> str:
    r"""Write a formula as MathML.

    Args:
        tex: The formula without its dollar signs, for example ``h_t = \tanh(C_t)``.
        block: Whether it stands on a line of its own.

    Raises:
        CourseError: The formula is not complete, or uses what the converter does not know.
    """
    from latex2mathml.converter import convert

    try:
        made = str(convert(tex, display="block" if block else "inline"))
    except Exception as error:
        raise CourseError(f"The formula {tex!r} cannot be shown: {error!r}.") from error
    unknown = re.search(r"\\[A-Za-z]+", made)
    if unknown is not None:
        raise CourseError(f"The formula {tex!r} cannot be shown: {unknown[0]} is not known.")
    return made


def with_formulas(page: str) -> str:
    """Return HTML with each formula between dollar signs as MathML; code and scripts stay."""

    def written(found: re.Match[str]) -> str:
        return found[0] if found["code"] else as_mathml(html.unescape(found["tex"]))

    return _FORMULA.sub(written, page)
