"""A deck as an HTML page through nbconvert, which asks nothing of the internet.

nbconvert's own slides fetch reveal.js, RequireJS, jQuery, Mermaid and MathJax from
public servers. Here reveal.js lies beside the page, formulas are MathML, which
browsers draw themselves, and the other three are not needed.
"""

import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workshop_tools.editions import Notebook
from workshop_utils.lessons import CourseError

WIDTH, HEIGHT = 1280, 720
PICTURE, TALL = 480, 580
"""Pixels that a picture may be high, so that a sentence fits below it; and a tall one alone."""
REVEAL = "reveal.js"
"""The folder beside the decks that holds reveal.js."""
_NEEDED = (
    "LICENSE",
    "dist/reveal.css",
    "dist/reveal.js",
    "dist/theme/white.css",
    "dist/theme/fonts/source-sans-pro",
    "plugin/notes/notes.js",
)
_STYLE = """
.reveal { font-size: 26px; line-height: 1.4; }
.reveal .slides { text-align: left; }
.reveal .slides pre { box-sizing: border-box; }
.reveal .slides section { height: 100%; padding: 0; }
.reveal .slides section > section { padding: 16px 34px 0; box-sizing: border-box; }
.reveal .jp-RenderedHTMLCommon { font-size: 26px; line-height: 1.4; color: #1b1b1b;
    font-family: var(--r-main-font); padding: 0; margin: 0; }
.reveal .jp-RenderedHTMLCommon p, .reveal .jp-RenderedHTMLCommon ul,
.reveal .jp-RenderedHTMLCommon ol { margin: 0 0 .5em; }
.reveal .jp-RenderedHTMLCommon ul, .reveal .jp-RenderedHTMLCommon ol { padding-left: 1.3em; }
.reveal .slides h2, .reveal .slides h3 { text-transform: none; margin: 0 0 .45em; color: #12384f;
    border: 0; font-family: var(--r-heading-font); padding: 0; }
.reveal .jp-RenderedHTMLCommon h2 { font-size: 42px; line-height: 1.15; }
.reveal .jp-RenderedHTMLCommon h3 { font-size: 28px; line-height: 1.2; }
.reveal .slides blockquote { width: auto; margin: 0 0 .5em; padding: .4em .8em; font-style: normal;
    background: #f4f1e8; border-left: 6px solid #b8860b; box-shadow: none; }
.reveal .jp-RenderedHTMLCommon blockquote p:last-child { margin: 0; }
.reveal .jp-RenderedHTMLCommon table { font-size: 21px; line-height: 1.3; margin: 0 0 .5em; }
.reveal .jp-RenderedHTMLCommon th, .reveal .jp-RenderedHTMLCommon td { text-align: left;
    vertical-align: top; padding: .2em .5em; white-space: normal; max-width: none; }
.reveal .jp-Cell, .reveal .jp-InputArea, .reveal .jp-OutputArea { padding: 0; margin: 0;
    overflow: visible; }
.reveal .jp-Cell-inputWrapper, .reveal .jp-Cell-outputWrapper { margin: 0; display: block; }
.reveal .jp-CodeCell .jp-Cell-inputWrapper,
.reveal .jp-CodeCell .jp-Cell-outputWrapper { margin-bottom: 12px; }
.reveal .jp-RenderedHTMLCommon code { font-size: .82em; }
.reveal .jp-CodeCell .jp-InputArea-editor { margin: 0; border: 1px solid #ccc; }
.reveal .jp-CodeCell pre, .reveal div.jp-OutputArea-output > pre { font-size: 19px;
    line-height: 25px; width: 100%; margin: 0; padding: 4px 10px; white-space: pre-wrap;
    overflow: visible; max-height: none; }
.reveal .jp-OutputArea-output { margin: 0; background: #f4f6f8; overflow: visible; }
.reveal .celltag_small div.jp-OutputArea-output > pre { font-size: 15px; line-height: 20px; }
.reveal .celltag_picture .jp-OutputArea-output { background: none; text-align: center; }
.reveal .celltag_picture img { max-width: 1200px; max-height: PICTUREpx; width: auto; height: auto;
    margin: 0; }
.reveal .celltag_tall img { max-height: TALLpx; }
.reveal math { font-size: 1em; }
.reveal .jp-Collapser, .reveal .jp-InputPrompt, .reveal .jp-OutputPrompt { display: none; }
"""
_TEMPLATE = """\
{%- extends 'reveal/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_css -%}<style>STYLE</style>{%- endblock -%}
{%- block data_png scoped -%}
{%- set described = output | get_metadata('alt', 'image/png') -%}
<div class="jp-RenderedImage jp-OutputArea-output">
<img alt="{{ described | escape_html }}"
 src="data:image/png;base64,{{ output.data['image/png'] | replace('\\n', '') }}">
</div>
{%- endblock -%}
{%- block footer_js -%}
<script src="REVEAL/dist/reveal.js"></script>
<script src="REVEAL/plugin/notes/notes.js"></script>
<script>
Reveal.initialize({
  width: WIDTH, height: HEIGHT, margin: 0.02, center: false, hash: true,
  slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
});
</script>
{%- endblock -%}
"""


def template() -> str:
    """Return the template of a deck."""
    filled = _TEMPLATE.replace("STYLE", _STYLE).replace("REVEAL", REVEAL)
    for name, pixels in {
        "WIDTH": WIDTH,
        "HEIGHT": HEIGHT,
        "PICTURE": PICTURE,
        "TALL": TALL,
    }.items():
        filled = filled.replace(name, str(pixels))
    return filled


def page(deck: Notebook, title: str) -> str:
    """Return a deck as one HTML page; reveal.js must lie beside it.

    Args:
        deck: A notebook with ``slideshow`` metadata.
        title: The title of the page.
    """
    import nbformat
    from jinja2 import DictLoader

    exporter = _exporter_class()(
        extra_loaders=[DictLoader({"deck.html.j2": template()})],
        template_file="deck.html.j2",
        reveal_url_prefix=REVEAL,
        reveal_theme="white",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    named = {**deck, "metadata": {**deck["metadata"], "title": title}}
    made: Any
    made, _ = exporter.from_notebook_node(nbformat.from_dict(named))
    return str(made)


@cache
def _exporter_class() -> Any:
    """Return nbconvert's exporter of slides, taught to write formulas as MathML."""
    from jinja2 import pass_context
    from latex2mathml.converter import convert
    from nbconvert import SlidesExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class WithMathML(IPythonRenderer):  # type: ignore[misc]
        def inline_math(self, body: str) -> str:
            return str(convert(body))

        def block_math(self, body: str) -> str:
            return str(convert(body, display="block"))

    class Deck(SlidesExporter):  # type: ignore[misc]
        # Jinja hands the context to a filter that is marked so; the base class wants it.
        @pass_context
        def markdown2html(self, context: Any, source: str) -> str:  # noqa: ARG002
            renderer = WithMathML(escape=False, exclude_anchor_links=True)
            return str(MarkdownWithMath(renderer=renderer).render(source))

    return Deck


def put_reveal(folder: Path) -> None:
    """Copy what a deck needs of reveal.js beside the decks.

    Args:
        folder: The folder of the decks.

    Raises:
        CourseError: The package that carries reveal.js is missing.
    """
    spec = find_spec("sphinx_revealjs")
    if spec is None or spec.origin is None:
        raise CourseError("reveal.js is missing: install the package sphinx-revealjs.")
    source = Path(spec.origin).parent / "_static" / "revealjs"
    for name in _NEEDED:
        target = folder / REVEAL / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source / name, target)
