"""The settings of the web site; ``make site`` builds it from the files where they lie."""

import sys
from pathlib import Path

import matplotlib

ROOT = Path(__file__).resolve().parent.parent
# The docstrings of this clone, whatever else is installed.
sys.path.insert(0, str(ROOT))

from workshop_tools.repository_url import read_slug  # noqa: E402
from workshop_tools.site import PAGES  # noqa: E402

_slug = read_slug(ROOT)

project = "The LSTM workshop"
author = "the LSTM workshop contributors"
project_copyright = f"{author}. Code: MIT. Prose and figures: CC BY 4.0"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
extensions += ["sphinx.ext.viewcode", "workshop_tools.site"]
root_doc = "README"
include_patterns = list(PAGES)
exclude_patterns = ["**/.ipynb_checkpoints"]

# The stored outputs are shown as they are.
nb_execution_mode = "off"
# For `make links`: an address that only stands for yours, this machine, and publishers, who
# refuse every program.
linkcheck_ignore = [".*lstm-workshop/lstm-workshop", r"https?://(localhost|127\.|doi\.org)"]
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
nb_code_prompt_show = "Show {type}"
nb_code_prompt_hide = "Hide {type}"
myst_enable_extensions = ["attrs_block", "dollarmath"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]

html_math_renderer = "mathml"
toc_object_entries_show_parents = "hide"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
napoleon_use_rtype = False
python_maximum_signature_line_length = 88

html_theme = "sphinx_book_theme"
html_title = "LSTM workshop"
html_logo = html_favicon = "_static/logo.svg"
html_context = {"default_mode": "auto"}
# A font for formulas, for machines that have none: Matplotlib brings it.
_fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
html_static_path = ["_static", str(_fonts / "STIXGeneral.ttf"), str(_fonts / "LICENSE_STIX")]
html_static_path += ["../workshop_tools/page.css", "../workshop_tools/page.js"]
html_css_files = ["page.css", "site.css"]
html_js_files = [("page.js", {"defer": "defer"})]
html_copy_source = False
html_show_sphinx = False
# A picture is no link: a live drawing may take its place.
html_scaled_image_link = False
html_theme_options = {
    "repository_url": _slug.home,
    "repository_branch": _slug.ref,
    "use_repository_button": True,
    "use_issues_button": True,
    "use_download_button": False,
    "logo": {"text": "LSTM workshop", "alt_text": "To the first page"},
    # The search field stands in the sidebar; the theme would show it above, too.
    "navbar_persistent": [],
    "home_page_in_toc": True,
    "show_toc_level": 2,
    # The first page gives the explorer its whole width.
    "secondary_sidebar_items": {"**": ["page-toc"], "README": []},
}
