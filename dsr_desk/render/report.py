"""The printable reports of one request and over a period, as HTML that ``gui/pdf.py`` and a browser draw alike."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from dsr_desk.bundled import bundled
from dsr_desk.model.anchor import LetterData
from dsr_desk.model.report import PeriodData, ReportData

Paper = Literal["A4", "Letter"]

#: The longest text of one cell, in characters: a report is read, not mined.
LONGEST = 600
#: How many lines of a list are printed; the rest is counted, never dropped in silence.
MOST_LINES = 2_000

_FIGURE_CLASS = {"retained": "retained", "left out": "excluded", "by hand": "byhand", "withheld": "retained"}


def report_html(data: ReportData, page: Paper = "A4") -> str:
    """The whole report as one HTML document without links, pictures or scripts.

    Everything from ``data`` is escaped and freed of control and direction characters. ``page`` names the paper in its style.
    What a supervisory authority asks for stands on the first page (GDPR Art. 5(2), 12(3), 30).
    """
    return _drawn("report.html", data, page)


def period_html(data: PeriodData, page: Paper = "A4") -> str:
    """The whole report over a period as one HTML document, made as ``report_html`` makes one."""
    return _drawn("period.html", data, page)


def letter_html(data: LetterData, page: Paper = "A4") -> str:
    """The letter with a checkpoint as one HTML document, made as ``report_html`` makes one."""
    return _drawn("anchor.html", data, page)


def _drawn(template: str, data: ReportData | PeriodData | LetterData, page: Paper) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 2 MB, and most of the work needs no report

    environment = Environment(
        loader=FileSystemLoader(bundled("resources") / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters.update(count=count, grouped=grouped, figure_class=figure_class)
    return environment.get_template(template).render(r=data, page=page, most=MOST_LINES)


def report_footer(data: ReportData | PeriodData | LetterData) -> str:
    """The line at the foot of every page: the checkpoint that this report was written at."""
    lines = data.checkpoint.split("\n")
    root = lines[2] if len(lines) > 2 else data.checkpoint  # a signed note (C2SP tlog-checkpoint): name, size, root
    return f"Audit checkpoint {count(data.checkpoint_entry)} · {grouped(root, 12)}"


def count(number: int | None) -> str:
    """A count for people: thin spaces between thousands; ``–`` where the figure does not apply."""
    return "–" if number is None else f"{number:,}".replace(",", "\u2009")


def grouped(digest: str, most: int = 0) -> str:
    """A digest in groups of four; with ``most``, only its first so many characters and ``…``."""
    text = "".join(digest.split())
    shown = text[:most] if most else text
    groups = " ".join(shown[i : i + 4] for i in range(0, len(shown), 4))
    return groups + " …" if len(shown) < len(text) else groups


def figure_class(label: str, number: int | None) -> str:
    """The style of one of the large figures: by its word, *left over* green only at 0, and *late or overdue* red above it."""
    if label == "left over":
        return "verified" if number == 0 else "failed"
    if label == "late or overdue":
        return "failed" if number else "plain"
    return _FIGURE_CLASS.get(label, "plain")


def _printable(value: object) -> object:
    """Text without what a page can't show or what would turn it round; markup of the template itself is left alone."""
    if type(value) is not str:
        return value
    text = unicodedata.normalize("NFC", value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", "\ufffd", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({count(len(text))} characters)"
