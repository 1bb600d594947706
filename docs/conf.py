"""The settings of the web site; ``make site`` builds it.

Sphinx reads the pages from ``build/site-source``, where ``workshop site`` has laid them
out. Nothing is executed, and a page asks for nothing from outside.
"""

import sys
from pathlib import Path

import matplotlib

ROOT = Path(__file__).resolve().parent.parent
# The docstrings of this clone, whatever else is installed.
sys.path.insert(0, str(ROOT))

from workshop_tools.site.hooks import source_of  # noqa: E402
from workshop_utils.cli.repository_url import read_slug  # noqa: E402

_slug = read_slug(ROOT)

project = "The LSTM workshop"
author = "the LSTM workshop contributors"
project_copyright = f"{author}. Code: MIT. Prose and figures: CC BY 4.0"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.linkcode",
    "workshop_tools.site.hooks",
]

# The stored outputs are shown as they are.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

html_math_renderer = "mathml"
linkcode_resolve = source_of
# A list of a page's names is short enough without the name of the class.
toc_object_entries_show_parents = "hide"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
# The types stand in the signature; shapes, as in "(timesteps, units): ...", are no types.
napoleon_attr_annotations = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Class attributes", "Attributes")]
python_maximum_signature_line_length = 88
# The reference of other packages is not at hand offline; our own names must be found.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!workshop_utils\b).*"),
    # Types of a room's own modules that it does not export, in signatures.
    (r"py:class", r"workshop_utils\.\w+\.\w+\.\w+"),
]

html_theme = "sphinx_book_theme"
html_title = "LSTM workshop"
html_logo = html_favicon = "_static/logo.svg"
html_context = {"default_mode": "auto"}
# A font for formulas, for machines that have none: Matplotlib brings it.
_fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
html_static_path = ["_static", str(_fonts / "STIXGeneral.ttf"), str(_fonts / "LICENSE_STIX")]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "repository_url": _slug.home,
    "repository_branch": _slug.ref,
    "use_repository_button": True,
    "use_issues_button": True,
    "use_download_button": False,
    "launch_buttons": {"colab_url": "https://colab.research.google.com"},
    "logo": {"text": "LSTM workshop", "alt_text": "To the first page"},
    # The search field stands in the sidebar; the theme would show it above, too.
    "navbar_persistent": [],
    "home_page_in_toc": True,
    "show_toc_level": 2,
}
