"""The commands of reports, and the one that extends the period of a request."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dsr_desk.cli import shape, words
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk


def _report(desk: Desk, a: Namespace) -> Answer:
    formats = _formats(a)
    if a.first is not None or a.last is not None:
        return _period(desk, a, formats)
    if a.ref is None:
        raise UsageError("Neither a request nor a period was given.", "Name one: REF, or --from DAY --until DAY.")
    data = desk.report(a.ref)
    document: dict[str, Any] = {"request": a.ref, "headline": data.headline, "figures": dict(data.figures), "pdf": None}
    lines = [data.headline, data.summary, *map(_figure, data.figures)]
    if a.pdf is not None:
        document["pdf"] = str(desk.save_report(a.ref, a.pdf, a.paper))
    files = desk.report_files(a.ref, a.to, formats) if formats else []
    return 0, *_with_files(document, lines, files)


def _period(desk: Desk, a: Namespace, formats: list[str]) -> Answer:
    if a.ref is not None:
        raise UsageError("Both a request and a period were given.", "Give one of them.")
    if a.first is None or a.last is None:
        raise UsageError("A period has a first and a last day.", "Give both: --from 2026-01-01 --until 2026-06-30.")
    data = desk.period(a.first, a.last)
    document: dict[str, Any] = {"from": data.first, "until": data.last, "headline": data.headline, "summary": data.summary}
    document |= {"figures": dict(data.figures), "pdf": None}
    lines = [data.covers, data.headline, data.summary, *map(_figure, data.figures)]
    if a.pdf is not None:
        document["pdf"] = str(desk.save_period(a.first, a.last, a.pdf, a.paper))
    files = desk.period_files(a.first, a.last, a.to, formats) if formats else []
    return 0, *_with_files(document, lines, files)


def _formats(a: Namespace) -> list[str]:
    formats = [f.strip() for f in a.format.split(",") if f.strip()]
    if formats and a.to is None:
        raise UsageError("It was not said where the files go.", "Name a folder: --to DIR.")
    if a.to is not None and not formats:
        raise UsageError("It was not said what is written there.", "Name the formats: --format json,csv. A PDF goes to --pdf FILE.")
    return formats


def _figure(figure: tuple[str, int | None]) -> str:
    name, count = figure
    return f"  {name}: {'–' if count is None else count}"


def _with_files(document: dict[str, Any], lines: list[str], files: list[Path]) -> tuple[dict[str, Any], list[str]]:
    written = [document["pdf"] or "", *map(str, files)]
    return {**document, "files": [str(f) for f in files]}, [line for line in (*lines, *written) if line]


def _extend(desk: Desk, a: Namespace) -> Answer:
    changed = desk.extend(a.ref, a.reason, a.told or date.today())
    first = f"  The person was told on {changed.facts.extended_told}: the law wants that within the first month."
    return 0, shape.request(changed), [*words.request(changed), first]


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"report": _report, "request extend": _extend}
