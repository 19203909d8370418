"""The condition under which a document is written: that it is, to the byte, the one that was read a moment ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def unchanged(document: Mapping[str, Any]) -> dict[str, Any]:
    """A filter for this document as it is: each field with its value, and no field more.

    Compared by expressions, since a query's own equality reaches into lists and takes a missing field for an empty one. The
    program sends values as literals only, never an expression that somebody's data could write. The number is told in both: there
    are servers that forget the first condition over the second, and would delete another document with the same values.
    """
    same: list[Any] = [{"$eq": [{"$size": {"$objectToArray": "$$ROOT"}}, len(document)]}]
    said = [name for name in document if name and not name.startswith("$") and "." not in name]
    same += [{"$eq": [f"${name}", {"$literal": document[name]}]} for name in said]
    if len(said) < len(document):  # names that no expression can say
        same.append({"$eq": ["$$ROOT", {"$literal": dict(document)}]})
    return {"_id": {"$eq": document["_id"]}, "$expr": {"$and": same}}
