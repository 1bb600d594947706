"""The packages that only instructors need, and one sentence when they are missing."""

from importlib.util import find_spec

from workshop_utils.course.catalogue import CourseError

INSTALL = 'python -m pip install "lstm-workshop[lab,instructor]"'


def require(*modules: str) -> None:
    """Make sure that optional packages are here before work begins.

    Args:
        *modules: Names to be imported, for example ``"jupytext"``.

    Raises:
        CourseError: One is missing; the sentence gives the command that installs it.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise CourseError(
            f"This needs {', '.join(missing)}, which the notebooks themselves do not. "
            f"Install the extras with: {INSTALL}"
        )
