"""The package as JSON: every value exactly as it was read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo
from dsr_desk.model.values import to_json
from dsr_desk.render.files import Draft

FORMAT = "dsr-desk/package/v1"

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_draft(name: str, findings: Sequence[Disclosed], about: PackageInfo) -> Draft:
    """One UTF-8 JSON document (RFC 8259). A withheld field has its reason under ``withheld`` and no ``value``."""
    document = {
        "format": FORMAT,
        "reference": about.reference,
        "controller": about.controller,
        "address": about.address,
        "right": about.right,
        "received": about.received,
        "made": about.made,
        "not_searched": [{"system": title, "why": why} for title, why in about.not_searched],
        "waiting": [{"what": what, "why": why} for what, why in about.waiting],
        "records": [_record(d) for d in findings],
    }
    return document_draft(name, document, "All data, exactly, for other programs")


def document_draft(name: str, document: Any, what: str) -> Draft:
    """Any document as JSON; read back, it has to be the same."""

    def check(data: bytes) -> None:
        if _whole(json.loads(data.decode("utf-8"))) != _whole(document):
            raise ValueError("the document says something else")

    return Draft(name, dumps(document), what, check)


def dumps(document: Any) -> bytes:
    """JSON in UTF-8, a key a line. Halves of characters, which UTF-8 can't hold, stand as their escapes."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", text).encode("utf-8") + b"\n"


def _record(d: Disclosed) -> dict[str, Any]:
    return {
        "system": d.system,
        "system_title": d.system_title,
        "collection": d.collection,
        "collection_title": d.collection_title,
        "purpose": d.purpose,
        "legal_basis": d.legal_basis,
        "recipients": list(d.recipients),
        "until": d.until,
        "note": d.note,
        "fields": [_field(f) for f in d.fields],
    }


def _field(f: DisclosedField) -> dict[str, Any]:
    told: dict[str, Any] = {"name": f.name, "title": f.title, "category": f.category, "source": f.source}
    return told | ({"withheld": f.withheld} if f.withheld else {"value": to_json(f.value)})


def _whole(value: Any) -> Any:
    """The value with two halves of a character that stand side by side joined, as every JSON reader joins them."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if isinstance(value, list):
        return [_whole(v) for v in value]
    if isinstance(value, dict):
        return {_whole(k): _whole(v) for k, v in value.items()}
    return value
