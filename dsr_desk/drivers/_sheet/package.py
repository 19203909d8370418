"""A workbook's zip (ECMA-376 part 2), unpacked within limits, so that what was checked is what is read."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from dsr_desk.errors import UnreachableError

#: The largest workbook file, what it may unpack to, and from which size on it may not be packed more tightly than that.
LARGEST_FILE = 256 << 20
LARGEST_UNPACKED = 1 << 30
_SUSPICIOUS_SIZE = 64 << 20
_TIGHTEST = 250
#: The most cells of one sheet, counted as rows times columns, because that is what memory holds.
MOST_CELLS = 20_000_000

_OLE = b"\xd0\xcf\x11\xe0"
_TOO_MUCH = "Split it into smaller workbooks, or remove empty formatted rows and columns."
_DAMAGED = "Open it in Excel and save it again."
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet: its name, the part that holds it, and what kind it is (``worksheet``, ``chartsheet`` …)."""

    name: str
    part: str
    kind: str


class Archive:
    """The parts of a zip by name. ``label`` is the file's name for messages."""

    def __init__(self, data: bytes, label: str) -> None:
        """``UnreachableError`` for what is no zip, would unpack to too much, or holds XML with a document type."""
        self.label = label
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self.infos = archive.infolist()
                self._insist_small(len(data))
                self.parts = {info.filename: archive.read(info) for info in self.infos}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise self.damaged() from None
        if len(self.parts) != len(self.infos):
            raise self.damaged()
        self._insist_plain()

    def damaged(self) -> UnreachableError:
        """The error for a file that is no sound workbook."""
        return UnreachableError(f"{self.label} is damaged or no workbook.", _DAMAGED)

    def xml(self, name: str) -> ElementTree.Element:
        """A part as a tree."""
        try:
            return ElementTree.fromstring(self.parts[name])  # noqa: S314  # no document type got this far, so no entities
        except (KeyError, ElementTree.ParseError):
            raise self.damaged() from None

    def readable(self) -> io.BytesIO:
        """The parts that a reader needs, as a zip that is packed lightly: unpacked it would stand in memory twice."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in self.parts.items():
                if name.endswith((".xml", ".rels")):
                    archive.writestr(name, data)
        out.seek(0)
        return out

    def packed(self, changed: Mapping[str, bytes]) -> bytes:
        """The workbook with other bytes for these parts; order, times and packing of every part as they were."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for info in self.infos:
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type, copy.external_attr, copy.create_system = (
                    info.compress_type,
                    info.external_attr,
                    info.create_system,
                )
                archive.writestr(copy, changed.get(info.filename, self.parts[info.filename]))
        return out.getvalue()

    def _insist_small(self, packed: int) -> None:
        unpacked = sum(info.file_size for info in self.infos)
        if unpacked > LARGEST_UNPACKED or (unpacked > _SUSPICIOUS_SIZE and unpacked > packed * _TIGHTEST):
            raise UnreachableError(f"{self.label} would unpack to {unpacked >> 20} MB, which is too much.", _TOO_MUCH)

    def _insist_plain(self) -> None:
        for name, data in self.parts.items():
            if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in data or b"\0" in data[:200]):
                raise self.damaged()


class Package(Archive):
    """An Excel workbook."""

    def __init__(self, data: bytes, label: str) -> None:
        """``UnreachableError`` for what is no workbook, is locked with a password, or would unpack to too much."""
        if data.startswith(_OLE):
            raise UnreachableError(
                f"{label} has a password or is in the old .xls format.",
                "Save it as .xlsx without a password, or deal with it by hand.",
            )
        super().__init__(data, label)
        self.workbook = self._target(self.relations(""), "/officeDocument")
        self.sheets = self._sheets()

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """What a part refers to: id → (kind, part or address, whether it lies outside)."""
        name = relations_of(part)
        if name not in self.parts:
            return {}
        found = {}
        for relation in self.xml(name):
            outside = relation.get("TargetMode") == "External"
            target = relation.get("Target", "")
            if not outside:
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
            found[relation.get("Id", "")] = (relation.get("Type", ""), target, outside)
        return found

    def shared_strings(self) -> str | None:
        """The part with the shared texts, if there is one."""
        kinds = self.relations(self.workbook).values()
        return next((t for kind, t, _ in kinds if kind.endswith("/sharedStrings") and t in self.parts), None)

    def _target(self, relations: Mapping[str, tuple[str, str, bool]], kind: str) -> str:
        target = next((t for k, t, outside in relations.values() if k.endswith(kind) and not outside), "")
        if target not in self.parts:
            raise self.damaged()
        return target

    def _sheets(self) -> tuple[SheetPart, ...]:
        relations = self.relations(self.workbook)
        found = []
        for element in self.xml(self.workbook).iter():
            if local(element) != "sheet":
                continue
            kind, part, _ = relations.get(_relation_id(element), ("", "", False))
            if part not in self.parts:
                raise self.damaged()
            found.append(SheetPart(element.get("name", ""), part, kind.rsplit("/", 1)[-1]))
        return tuple(found)


def relations_of(part: str) -> str:
    """The part that holds a part's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def local(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def _relation_id(element: ElementTree.Element) -> str:
    strict = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
    return element.get(_RELATIONSHIP, strict)


#: How a cell's address is spelt by every program, and by none.
_COLUMN, _ODD_COLUMN = re.compile(rb' r="([A-Z]{1,3})(?=\d)'), re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(?=\d)""")
_HIGH_ROW, _ODD_HIGH_ROW = re.compile(rb' r="[A-Z]*(\d{6,})'), re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*(\d{6,})""")
_ODD = (b"r='", b"r =", b"r= ", b"\tr", b"\nr", b"\rr")
_LOW = 99_999


def insist_bounded(xml: bytes, label: str, sheet: str) -> None:
    """``UnreachableError`` where a sheet's cells span more than ``MOST_CELLS``: two cells are enough for that.

    It looks at the addresses in the raw bytes, before anything reserves memory for what lies between them.
    """
    odd = any(spelling in xml for spelling in _ODD)
    width = max(map(_column, set((_ODD_COLUMN if odd else _COLUMN).findall(xml))), default=1)
    high = _ODD_HIGH_ROW if odd else _HIGH_ROW
    height = max(map(int, high.findall(xml)), default=_LOW)
    if height == _LOW and height * width > MOST_CELLS:
        height = max(map(int, re.findall(rb"""\sr\s*=\s*["'][A-Za-z]*(\d+)""", xml)), default=1)
    if height * width > MOST_CELLS:
        raise UnreachableError(f"{label}: the sheet {sheet} spans {height} rows and {width} columns, which is too much.", _TOO_MUCH)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def is_workbook(start: bytes) -> bool:
    """Whether a file that starts so is a zip or an old Office file, and so no CSV."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))
