"""The recovery sheet: the code of the root key, what it is for and where to keep it, on one page to print."""

from __future__ import annotations

from dataclasses import dataclass, field

from dsr_desk.bundled import bundled


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on it: the workspace's name, folder and trail, who made it, the day in words, and the code."""

    name: str
    folder: str
    log: str
    operator: str
    day: str
    code: str = field(repr=False)


def recovery_html(sheet: Sheet) -> str:
    """The sheet as one HTML document. It loads nothing from anywhere."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(bundled("resources") / "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("recovery.html").render(r=sheet)
