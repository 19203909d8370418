"""Pages that a person can read and print: self-contained, without script, picture or anything from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Any

from dsr_desk.bundled import bundled
from dsr_desk.render.files import Draft
from dsr_desk.render.shown import visible


def page_draft(name: str, what: str, template: str, values: Sequence[str], **more: Any) -> Draft:
    """A page of ``resources/templates``; ``values`` is what its elements of class ``v`` have to say, in this order."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 2 MB, and most of the work needs no page

    environment = Environment(
        loader=FileSystemLoader(bundled("resources") / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    page = environment.get_template(template).render(**more)
    return Draft(name, page.encode("utf-8"), what, _check_of(list(values)))


def _check_of(expected: list[str]) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        reader = _Reader()
        reader.feed(data.decode("utf-8"))
        reader.close()
        if reader.values != expected:
            raise ValueError("the page says something else")

    return check


def _finalize(value: object) -> object:
    """Everything from data as it can be seen; what a macro drew already is."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


class _Reader(HTMLParser):
    """Collects the text of every element of class ``v``, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "v" in (dict(attrs).get("class") or "").split():
            self._open = tag
            self.values.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.values[-1] += data
