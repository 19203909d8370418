"""Word, Excel, PowerPoint (ECMA-376) and OpenDocument (ISO 26300): zips of XML, read part by part within limits."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO
from xml.etree import ElementTree

from dsr_desk.drivers._texts.gathered import Gathered, UnreadError

#: What a document may unpack to, of how many parts it may be, and from which size on it may not be packed more tightly than that.
MOST_UNPACKED = 256 << 20
MOST_PARTS = 10_000
_SUSPICIOUS_SIZE = 32 << 20
_TIGHTEST = 200

_OWN = ("word/", "xl/", "ppt/", "docProps/", "customXml/", "[Content_Types].xml", "content.xml", "meta.xml")
_BREAKS = frozenset(("br", "cr", "line-break", "tab"))
_BLOCKS = frozenset(("p", "h", "si", "c", "row", "tr", "comment", "creator", "title", "lastModifiedBy", "Company", "Manager"))
#: Attributes that people write, or that name them: authors of comments and changes, texts of pictures, addresses of links.
_TOLD = frozenset(("author", "creator", "userId", "name", "descr", "title", "tooltip", "alt", "href", "displayName"))
_PACKED = ("embeddings/", "media/", "Object ")


def is_office(data: BinaryIO) -> bool:
    """Whether a zip is such a document, by the parts that it lists."""
    try:
        with zipfile.ZipFile(data) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return any(name.startswith(_OWN) for name in names[:MOST_PARTS])


def read_office(data: BinaryIO, packed: int, out: Gathered) -> None:
    """Every part: body, headers, footers, notes, comments, what a change took out, properties, and documents put inside."""
    try:
        with zipfile.ZipFile(data) as archive:
            infos = archive.infolist()
            _insist_small(infos, packed)
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    _part(info.filename, archive.read(info), out)
                elif any(word in info.filename for word in _PACKED) and not info.is_dir() and "media/" not in info.filename:
                    out.inner(info.filename.rsplit("/", 1)[-1], archive.read(info))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, ElementTree.ParseError):
        raise UnreadError("it is damaged") from None
    except RuntimeError:  # zipfile's word for a part that has a password
        raise UnreadError("it has a password") from None


def _insist_small(infos: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    tight = unpacked > _SUSPICIOUS_SIZE and unpacked > packed * _TIGHTEST
    if unpacked > MOST_UNPACKED or len(infos) > MOST_PARTS or tight:
        raise UnreadError("it unpacks to too much")


def _part(name: str, xml: bytes, out: Gathered) -> None:
    parser = ElementTree.XMLParser(target=_Texts(name, out))  # noqa: S314  # a document type is refused before it is read
    parser.feed(xml)
    parser.close()
    out.add("\n")


class _Texts:
    """What a part's elements say, in order."""

    def __init__(self, name: str, out: Gathered) -> None:
        self._out = out
        self._properties = name in ("docProps/core.xml", "meta.xml")
        self._in = ""
        self._shared = False

    def doctype(self, *_: str | None) -> None:
        """Entities are defined in one, and no word processor writes it."""
        raise UnreadError("it declares entities")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Attributes that are told, and the end of a line."""
        self._in = _local(tag)
        if self._in == "c":
            self._shared = attributes.get("t") == "s"
        told = [value for key, value in attributes.items() if _local(key) in _TOLD]
        if self._in == "Relationship" and attributes.get("TargetMode") == "External":
            told.append(attributes.get("Target", ""))
        if self._in in _BREAKS:
            self._out.add("\t" if self._in == "tab" else "\n")
        self._out.line(*told)

    def data(self, text: str) -> None:
        """Text; but not the number of a shared text, which is none of the sheet's own."""
        if self._in == "v" and self._shared:
            return
        if self._properties and self._in == "title":
            self._out.title += text.strip()
        if self._properties and self._in in ("creator", "initial-creator"):
            self._out.author += text.strip()
        self._out.add(text)

    def end(self, tag: str) -> None:
        """The end of a line."""
        self._in = ""
        if _local(tag) in _BLOCKS:
            self._out.add("\n")

    def close(self) -> None:
        """Nothing is left over."""


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
