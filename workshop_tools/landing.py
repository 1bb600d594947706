"""The first page of the site: the question, the visitor's own sentence, and the six questions.

The classifier of notebook 06 is exported into the site's folder while it is built, and never
anywhere else: it is loaded from the artifacts folder, or trained as notebook 05 trains it.
"""

from __future__ import annotations

import base64
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from workshop_tools import lesson_files
from workshop_tools.repository_url import read_slug
from workshop_utils.figures.drawing import png_bytes, shown_size
from workshop_utils.figures.live import reading
from workshop_utils.learning.lessons import LESSONS
from workshop_utils.runtime.storage import write_text

MODEL = Path("_static", "sentiment_model.js")
"""Where the exported model lies in the site."""


def write(root: Path, site: Path) -> None:
    """Write ``index.html`` and the model that it reads with into a site that is built.

    Args:
        root: The repository.
        site: The folder of the site.
    """
    from jinja2 import Environment, PackageLoader

    told = tomllib.loads(files("workshop_tools").joinpath("landing.toml").read_text("utf-8"))
    threshold, is_real, first = export(site / MODEL, told["first"])
    drawing = reading.reading_still(first, threshold)
    place = {"caption": told["caption"], "shown": shown_size(drawing.figure)}
    templates = Environment(loader=PackageLoader("workshop_tools", ""), autoescape=True)
    page = templates.get_template("landing.html.j2").render(
        told=told,
        steps=_steps(root, told["questions"]),
        buttons=_buttons(root),
        still=base64.b64encode(png_bytes(drawing.figure, told["caption"])).decode("ascii"),
        alt=drawing.alt,
        is_real=is_real,
        reader=with_model(
            reading.reader_page(first, threshold, told["examples"], place), MODEL.as_posix()
        ),
    )
    write_text(site / "index.html", page, noted=False)


def export(path: Path, text: str) -> tuple[float, bool, dict[str, Any]]:
    """Write the classifier as a classic script; return threshold, origin and a first reading.

    A classic script, unlike data that are fetched, loads from a plain folder, too.
    """
    from workshop_utils.sentiment import page_export
    from workshop_utils.sentiment.classifier import SentimentClassifier

    classifier = SentimentClassifier.load_or_train()
    model = json.dumps(page_export.for_page(classifier), ensure_ascii=False, separators=(",", ":"))
    write_text(path, f"window.lstmWorkshopModel = {model};\n", noted=False)
    first = page_export.reading(page_export.rounded(classifier), text)
    return classifier.threshold, classifier.record.is_real, first


def with_model(page: str, place: str) -> str:
    """Return HTML whose sentence readers find the exported model at a place beside the page."""
    return page.replace(
        'class="lstm-workshop-live"', f'class="lstm-workshop-live" data-model="{place}"'
    )


def _steps(root: Path, questions: dict[str, str]) -> list[dict[str, str]]:
    """Return number, question, title and page of each core notebook, with its picture."""
    steps = []
    for lesson in LESSONS:
        page = lesson_files.full_path(lesson, root).relative_to(root).with_suffix(".html")
        steps.append(
            {
                "number": lesson.number,
                "question": questions[lesson.number],
                "title": lesson_files.title_of(lesson, root),
                "page": page.as_posix(),
            }
        )
    return steps


def _buttons(root: Path) -> list[tuple[str, str]]:
    """Return words and target of the three ways in."""
    slug = read_slug(root)
    first = LESSONS[0]
    place = lesson_files.learner_path(first, root).relative_to(root).as_posix()
    page = lesson_files.full_path(first, root).relative_to(root).with_suffix(".html")
    binder = f"https://mybinder.org/v2/gh/{slug.repository}/{slug.ref}?urlpath=lab/tree/{place}"
    return [
        ("Read the first notebook", page.as_posix()),
        ("Open in Colab", slug.colab(first)),
        ("Try it here", binder),
    ]
