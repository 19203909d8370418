"""The package as XML, for other programs: its form is in ``resources/package.xsd``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo
from dsr_desk.model.values import Value, to_json
from dsr_desk.render import words
from dsr_desk.render.files import Draft
from dsr_desk.render.information import rights_of, said_of
from dsr_desk.render.shown import text_of, visible

NAMESPACE = "urn:dsr-desk:package:v1"

#: What no XML document may hold, however it is written (XML 1.0, section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NOT_FINITE = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}


@dataclass
class _Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[_Element] | str = field(default_factory=list)


def xml_draft(name: str, findings: Sequence[Disclosed], about: PackageInfo) -> Draft:
    """One UTF-8 document (XML 1.0), well-formed whatever the data holds.

    A value says its type. A text with characters that XML can't hold is written as a JSON string (RFC 8259) and says so:
    ``<value type="text" written="json">``. A withheld field has its reason, and no value.
    """
    root = _Element("package", {"xmlns": NAMESPACE}, [*_about(about), _Element("records", {}, [_record(d) for d in findings])])
    data = '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_written(root)) + "\n"
    return Draft(name, data.encode("utf-8"), "All data, exactly, for other programs (XML)", _check_of(root))


def _about(about: PackageInfo) -> Iterator[_Element]:
    told = {"reference": about.reference, "controller": about.controller, "address": about.address, "right": about.right}
    told |= {"received": about.received, "made": about.made}
    yield _Element("about", {}, [_text(name, text) for name, text in told.items()])
    missing = [_Element("system", _named(title=title), visible(why)) for title, why in about.not_searched]
    yield _Element("not-searched", {}, missing)
    waits = [_Element("part", _named(what=what), visible(why)) for what, why in about.waiting]
    if waits:
        yield _Element("waiting", {}, waits)
    if about.informs:
        systems = [
            _Element(
                "system",
                _named(name=s.system, title=s.title, records=str(s.records)),
                [
                    _Element("said", _named(what=one.what, article=one.article), visible(line))
                    for one in said_of(s)
                    for line in one.lines
                ],
            )
            for s in about.systems
        ]
        rights = [_Element("right", _named(name=name), visible(text)) for name, text in rights_of(about)]
        yield _Element("information", {}, [*systems, *rights])


def _record(d: Disclosed) -> _Element:
    attributes = _named(system=d.system, system_title=d.system_title, collection=d.collection, collection_title=d.collection_title)
    said = {"purpose": d.purpose, "legal-basis": d.legal_basis or "", "until": d.until, "note": d.note}
    head = [_text(name, text) for name, text in said.items() if text]
    head += [_text("recipient", r) for r in d.recipients]
    return _Element("record", attributes, [*head, *map(_field, d.fields)])


def _field(f: DisclosedField) -> _Element:
    attributes = _named(name=f.name, title=f.title, category=f.category or "", source=f.source or "")
    inner = _text("withheld", words.withheld(f.withheld)) if f.withheld else _value(f.value)
    return _Element("field", attributes, [inner])


def _value(value: Value) -> _Element:
    kind, text = _typed(value)
    if _FORBIDDEN.search(text):
        return _Element("value", {"type": kind, "written": "json"}, json.dumps(text))
    return _Element("value", {"type": kind}, text)


def _typed(value: Value) -> tuple[str, str]:
    """What the value is, and its text: as XML Schema writes numbers, dates and times; lists and objects as JSON."""
    match value:
        case None:
            return "null", ""
        case bool():
            return "boolean", "true" if value else "false"
        case int():
            return "integer", str(value)
        case float() | Decimal():
            return "number", str(value) if math.isfinite(value) else _NOT_FINITE[str(float(value))]
        case datetime():
            return "datetime", value.isoformat()
        case date():
            return "date", value.isoformat()
        case time():
            return "time", value.isoformat()
        case bytes() | bytearray() | memoryview():
            return "base64", text_of(value)
        case list() | tuple() | dict():
            return "json", json.dumps(to_json(value))
    return "text", str(value)


def _named(**attributes: str) -> dict[str, str]:
    return {name.replace("_", "-"): visible(text) for name, text in attributes.items() if text}


def _text(name: str, text: str) -> _Element:
    return _Element(name, {}, visible(text))


def _written(element: _Element, depth: int = 0) -> Iterator[str]:
    """Piece by piece. A carriage return is written by its number: a reader takes a bare one for a line feed (section 2.11)."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    if isinstance(element.content, str):
        yield f"{' ' * depth}<{element.name}{attributes}>{escape(element.content, {chr(13): '&#13;'})}</{element.name}>\n"
        return
    yield f"{' ' * depth}<{element.name}{attributes}>\n"
    for inner in element.content:
        yield from _written(inner, depth + 1)
    yield f"{' ' * depth}</{element.name}>\n"


def _check_of(root: _Element) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        try:
            back = ElementTree.fromstring(data)  # noqa: S314  # our own bytes, which hold no entity
        except ElementTree.ParseError:
            raise ValueError("the document is not well-formed") from None
        if not _same(back, root):
            raise ValueError("the document says something else")

    return check


def _same(back: Any, element: _Element) -> bool:
    attributes = {name: value for name, value in element.attributes.items() if name != "xmlns"}
    if back.tag != f"{{{NAMESPACE}}}{element.name}" or back.attrib != attributes:
        return False
    if isinstance(element.content, str):
        return len(back) == 0 and (back.text or "") == element.content
    return len(back) == len(element.content) and all(map(_same, back, element.content))
