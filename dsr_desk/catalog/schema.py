"""The JSON Schema of a catalog file, for editors. ``python -m dsr_desk.catalog.schema FILE`` writes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from dsr_desk.catalog.document import ABSENT
from dsr_desk.catalog.shape import REFERENCE_KINDS, SystemFile

FILE = "catalog.schema.json"


def catalog_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of one file in ``catalog/``."""
    schema = SystemFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "DSR Desk catalog file"
    # A connector gives the driver, and a file that names one may say which of its collections and fields are absent.
    schema["required"] = ["system"]
    schema["anyOf"] = [{"required": ["driver"]}, {"required": ["connector"]}]
    for holder, key in ((schema, "collections"), (schema["$defs"]["CollectionShape"], "fields")):
        entries = holder["properties"][key]
        entries["additionalProperties"] = {"anyOf": [entries["additionalProperties"], {"const": ABSENT}]}
    reference = schema["$defs"]["ReferenceShape"]
    reference["oneOf"] = [{"required": [kind]} for kind in REFERENCE_KINDS]
    _tidy(schema)
    return schema


def schema_text() -> str:
    """The schema as it stands in ``resources/catalog.schema.json``."""
    return json.dumps(catalog_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any) -> None:
    """Takes out what pydantic adds and no editor needs: titles made of key names, and null where a key may simply be left out."""
    if isinstance(node, list):
        for part in node:
            _tidy(part)
    elif isinstance(node, dict):
        properties = node.get("properties")
        for name, info in properties.items() if isinstance(properties, dict) else ():
            info.pop("title", None)
            if info.get("default", 0) is None:
                del info["default"]
            if name != "erase":
                _without_null(info)
        for part in node.values():
            _tidy(part)


def _without_null(info: dict[str, Any]) -> None:
    forms = [form for form in info.pop("anyOf", ()) if form != {"type": "null"}]
    if len(forms) == 1:
        info |= {**forms[0], **info}
    elif forms:
        info["anyOf"] = forms


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
