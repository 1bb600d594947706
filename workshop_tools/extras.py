"""The packages that only instructors need, and one sentence when they are missing."""

from importlib.util import find_spec

from workshop_utils.learning.lessons import CourseError


def require(*modules: str, extras: str = "lab,instructor") -> None:
    """Make sure that optional packages are here before work begins.

    Args:
        *modules: Names to be imported, for example ``"jupytext"``.
        extras: The extras of the package that bring them.

    Raises:
        CourseError: One is missing; the sentence gives the command that installs it.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise CourseError(
            f"This needs {', '.join(missing)}, which the notebooks themselves do not. "
            f'Install the extras with: python -m pip install "lstm-workshop[{extras}]"'
        )
