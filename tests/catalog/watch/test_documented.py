"""Every code of a problem stands in ``docs/watch.md``, and every documented one is used."""

from __future__ import annotations

import re
from pathlib import Path

import dsr_desk.catalog
from dsr_desk.catalog.explain import _CODES

ROOT = Path(dsr_desk.catalog.__file__).parent
#: What is written in place of each key of the catalog.
BY_KEY = "catalog."


def test_the_codes_are_those_that_are_documented() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in ROOT.rglob("*.py"))
    used = set(re.findall(r'\bcode ?= ?"([a-z_.]+)"', source))
    used |= {*_CODES.values(), "catalog.wrong_value"}
    used |= {code for pair in re.findall(r'code = "([a-z_]+)" if \w+ else "([a-z_]+)"', source) for code in pair}
    text = (ROOT.parent.parent / "docs" / "watch.md").read_text(encoding="utf-8")
    table = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    documented = {code for cell in table for code in re.findall(r"`([a-z_.]+)`", cell)} - {BY_KEY}
    assert used == documented
