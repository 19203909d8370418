"""The table of drivers in docs/catalog.md names every driver, and nothing that is none."""

from __future__ import annotations

import re
from pathlib import Path

from dsr_desk import drivers
from dsr_desk.catalog.read import read_catalog
from dsr_desk.drivers.base import Driver
from dsr_desk.drivers.rest import RestDriver
from dsr_desk.plugins import plugins

PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text("utf-8")


def test_every_driver_has_its_row() -> None:
    table = PAGE.split("\n## Drivers\n")[1].split("\n### ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(plugins(drivers, Driver))


def test_links_within_the_page_lead_somewhere() -> None:
    heads = {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in re.findall(r"^##+ (.*)$", PAGE, re.M)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= heads
    others = set(re.findall(r"\]\(([\w-]+\.md)\)", PAGE))
    assert others and all((Path(__file__).parents[2] / "docs" / name).is_file() for name in others)


def test_the_example_of_a_web_service_is_a_good_file(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "rest.md").read_text("utf-8")
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "helpdesk.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], "utf-8")
    read = read_catalog(tmp_path)
    assert read.catalog is not None and not read.problems
    assert not list(RestDriver.wrong(read.catalog.systems["helpdesk"]))
