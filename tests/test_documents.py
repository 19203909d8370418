"""What the documents say: links lead somewhere, commands exist, and nothing fetches anything."""

import re
from pathlib import Path

import pytest

from dsr_desk.cli.arguments import parser

TOP = Path(__file__).parent.parent
DOCUMENTS = sorted(
    p for p in (*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"), *TOP.glob("packaging/*.md"), *TOP.glob("connectors/*.md"))
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(TOP).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target


def commands() -> list[str]:
    """The command lines of the README, without comments; what stands for something is filled in."""
    text = (TOP / "README.md").read_text("utf-8")
    block = text.split("## The command line", 1)[1].split("| exit status |", 1)[0]
    lines = [re.split(r"\s{2,}", line.strip())[0] for line in block.splitlines() if line.startswith("    dsr-desk ")]
    return [one for line in lines for one in _spelled_out(line)]


def _spelled_out(line: str) -> list[str]:
    line = line.replace("--include|--exclude", "--include").replace("[", "").replace("]", "").replace(" …", "")
    first, *others = (part.strip() for part in line.split("|"))
    group = " ".join(first.split()[:2])
    return [first, *(f"{group} {other}" for other in others)]


@pytest.mark.parametrize("command", commands())
def test_commands_of_the_readme_exist(command: str) -> None:
    values = {
        "KIND=VALUE": "email=a@b.org",
        "json,csv,html,xlsx,xml": "json",
        "WHERE=VALUE": "user.name=Ann",
        "ROW": "s/c/1",
        "TEXT": "why",
        "FILE": "f.pdf",
        "TASK": "t",
    }
    parser().parse_args([values.get(word, word) for word in command.split()[1:]])


def test_there_are_commands_and_documents() -> None:
    assert len(commands()) > 14
    assert len(DOCUMENTS) > 12


def test_the_picture_of_the_flow_names_every_stage() -> None:
    from dsr_desk.model.request import STAGES

    picture = (TOP / "docs" / "flow.svg").read_text("utf-8")
    assert all(f">{stage}</text>" in picture for stage in STAGES)
    assert "<script" not in picture
    assert re.findall(r"(?:href|src)=", picture) == []


def test_the_table_of_contents_of_the_flow_names_every_module() -> None:
    from dsr_desk import flow

    named = set(re.findall(r"``([a-z_]+)``|^([a-z]+)  ", flow.__doc__ or "", re.MULTILINE))
    folder = Path(flow.__file__).parent
    modules = {p.stem for p in folder.rglob("*.py") if "sample" not in p.parts} - {"__init__"} | {"sample"}
    assert {one or other for one, other in named} - {"module"} == modules
    rooms = {p.parent.name for p in folder.glob("*/__init__.py")} - {"sample"}
    assert set(re.findall(r"\*\*([a-z]+)\*\*", flow.__doc__ or "")) == rooms
