"""What a workbook may not hold if rows are to be erased from it: parts that keep copies of rows, or act on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsr_desk.drivers._sheet.package import Package

#: Part names, and what people call what is in them.
_PARTS = (
    (r"xl/vba|xl/macrosheets/|xl/dialogsheets/", "macros"),
    (r"xl/charts/|xl/chartsheets/|xl/chartEx", "charts"),
    (r"xl/pivot(Tables|Cache)/", "pivot tables"),
    (r"xl/slicer|xl/timeline", "slicers"),
    (r"xl/media/", "pictures"),
    (r"xl/externalLinks/", "links to other workbooks"),
    (r"xl/embeddings/|xl/activeX/|xl/ctrlProps/", "embedded objects or form controls"),
    (r"xl/threadedComments/|xl/persons/", "threaded comments"),
    (r"xl/(queryTables/|connections\.xml|model/|customData/)", "data connections"),
    (r"xl/revisions/|xl/worksheets/.*userNames", "a record of shared changes"),
    (r"xl/richData/", "linked data types"),
    (r"_xmlsignatures/", "a digital signature"),
    (r"xl/drawings/(?!.*\.vml$|_rels/)", "drawings"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _PARTS)
_NOTE = re.compile(rb'ObjectType\s*=\s*["\'](\w+)["\']')


def forbidden(package: Package) -> list[str]:
    """The names of all that forbids writing to this workbook, once each."""
    names = list(dict.fromkeys(_all(package)))
    return [n for n in names if n != "drawings"] if {"charts", "pictures"} & set(names) else names


def _all(package: Package) -> Iterator[str]:
    if b"macroEnabled" in package.parts.get("[Content_Types].xml", b""):
        yield "macros"
    for part, data in package.parts.items():
        for pattern, name in _PATTERNS:
            if pattern.match(part):
                yield name
        if part.endswith(".vml") and any(kind != b"Note" for kind in _NOTE.findall(data)):
            yield "embedded objects or form controls"
    for sheet in package.sheets:
        if sheet.kind != "worksheet":
            yield "charts" if sheet.kind == "chartsheet" else "macros"
        elif b"<sheetProtection" in package.parts[sheet.part]:
            yield "a protected sheet"
