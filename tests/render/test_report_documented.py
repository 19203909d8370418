"""docs/report.md names every part of the documents, and the commands that it shows are ones."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from dsr_desk.cli.arguments import parser
from dsr_desk.model.report import PeriodData, ReportData
from dsr_desk.render.report_files import PERIOD, REPORT

PAGE = (Path(__file__).parents[2] / "docs" / "report.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (dsr-desk .*)$", PAGE, re.MULTILINE)


def test_every_part_of_the_documents_is_named() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {f.name for kind in (ReportData, PeriodData) for f in fields(kind)} <= named
    assert f"`{REPORT}`" in PAGE and f"`{PERIOD}`" in PAGE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_typed(command: str) -> None:
    assert parser().parse_args(shlex.split(command)[1:]).verb in ("report", "request extend")
