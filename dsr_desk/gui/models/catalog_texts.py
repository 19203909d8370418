"""The catalog files that are open: each a text with its own undo, what it was when it was opened, and whether it may be changed."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument

from dsr_desk.catalog.document import LARGEST_FILE
from dsr_desk.gui.widgets.yaml_view import paper, text_of

_ELSEWHERE = "A connector’s file is changed where it lies, not here: write what differs into the system’s own file."
_ODD = "It holds characters or line ends that this editor can’t keep. Change it in another one."
_LONG = "It is longer than a catalog file may be, and only its beginning was read."


@dataclass
class OpenFile:
    """One file: ``was`` are the bytes that were read (``None``: it is new), ``locked`` why it can't be changed here."""

    name: str
    document: QTextDocument
    was: bytes | None
    locked: str = ""

    @property
    def text(self) -> str:
        """What stands in it now."""
        return text_of(self.document)

    @property
    def changed(self) -> bool:
        """Whether something was typed that isn't saved."""
        return self.document.isModified()


class CatalogTexts(QObject):
    """All files of one workspace's catalog. What was typed stays while others are read again, and while the page is made anew."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: dict[str, OpenFile] = {}

    @staticmethod
    def of(folder: Path, keeper: QObject) -> CatalogTexts:
        """Those of a workspace, kept by something that outlives its pages."""
        found = next((t for t in keeper.findChildren(CatalogTexts) if t.objectName() == str(folder)), None)
        if found is None:
            found = CatalogTexts(keeper)
            found.setObjectName(str(folder))
        return found

    def read(self, files: Mapping[str, str], raw: Mapping[str, bytes]) -> None:
        """The files as they are on the disk now. One that somebody types in is left as it is; saving it will tell."""
        for name, text in files.items():
            known, was = self._files.get(name), raw.get(name)
            if known is not None and (known.changed or known.was == was is not None):
                continue
            document = known.document if known is not None else paper("")
            document.setPlainText(text)
            document.setModified(False)
            self._files[name] = OpenFile(name, document, was, _ELSEWHERE if was is None else _why_not(was, text_of(document)))
        for name in [n for n, f in self._files.items() if n not in files and not f.changed]:
            del self._files[name]

    def get(self, name: str) -> OpenFile | None:
        """A file by its name (``catalog/shop.yaml``)."""
        return self._files.get(name)

    def saved(self, name: str, data: bytes, text: str) -> None:
        """A file was written with this text; what was typed since is not saved."""
        file = self._files[name]
        file.was = data
        file.document.setModified(file.text != text)

    def forget(self, name: str) -> None:
        """Drop what was typed; the next reading shows what is on the disk."""
        self._files.pop(name, None)

    def changed(self) -> dict[str, str]:
        """What was typed and is not saved: text by file."""
        return {name: f.text for name, f in self._files.items() if f.changed}


def _why_not(data: bytes, text: str) -> str:
    """Why a file can't be written back from its text byte for byte; ``""`` where it can."""
    if len(data) > LARGEST_FILE:
        return _LONG
    plain = data.removeprefix(codecs.BOM_UTF8)
    windows = plain.count(b"\r\n")
    one_end = windows in (0, plain.count(b"\n")) and plain.count(b"\r") == windows
    same = text.encode("utf-8", "surrogatepass") == plain.replace(b"\r\n", b"\n")
    return "" if one_end and same else _ODD
