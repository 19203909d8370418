"""Which bytes of a SQLite file are rows and index entries that stand there now, of which table, and which are left from earlier.

Live is what the trees lead to: the payload of their cells and of the overflow pages these name, up to its length. All else is
free pages, free space inside a page, the unused end of an overflow page, or a page of which the log has a newer one. File format:
https://sqlite.org/fileformat2.html sections 1.5 (free pages), 1.6 (cells), 1.7 (overflow) and 4 (log);
https://sqlite.org/walformat.html section 2 (how far the log is valid). Memory is a few bytes a page, however many rows there are.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from dsr_desk.drivers._sql.sqlite_file import read_at
from dsr_desk.model.cancel import Cancel

#: What the first page's tree is called; SQLite lists it nowhere.
SCHEMA = "sqlite_schema"
_FILE_HEADER = 100
_LOG_HEADER = 32
_FRAME_HEADER = 24
_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_UNKNOWN, _TREE, _FREE = 0, 1, 2


class NotReadableError(Exception):
    """The pages don't hang together as the format says, so nothing can be called live."""


class Pages:
    """The pages of a database as one transaction sees them. ``conn`` has to be inside that transaction until this is done with."""

    def __init__(self, file: Path, conn: Connection, cancel: Cancel) -> None:
        self._file, self._log_file, self._cancel = file, file.with_name(file.name + "-wal"), cancel
        header = read_at(file, 0, _FILE_HEADER)
        if len(header) < _FILE_HEADER:
            raise NotReadableError
        size = int.from_bytes(header[16:18], "big")
        self.size = 65536 if size == 1 else size
        self._usable = self.size - header[20]
        self._salts = b""
        #: Page → its newest frame in the log (from 1), where it has one that is valid.
        self._newest = self._frames() if header[18] == 2 else {}
        self._count = int(conn.exec_driver_sql("PRAGMA page_count").scalar_one())
        self._state = bytearray(self._count + 1)
        #: Page → the place of its table in ``_tables``, for pages of trees and those that continue one of their cells.
        self._owner = array("I", bytes(4 * (self._count + 1)))
        self._tables = [SCHEMA]
        self._used: array[int] | None = None
        self._at, self._image, self._starts = 0, b"", list[int]()
        self._free()
        self._walk(1, 0)
        for root, table in conn.exec_driver_sql("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage > 0").all():
            self._tables.append(str(table))
            self._walk(int(root), len(self._tables) - 1)

    def in_file(self, offset: int, length: int) -> str | None:
        """The table whose row or index entry holds so many bytes of the file from there on; ``None`` where none does."""
        page, at = offset // self.size + 1, offset % self.size
        return self._table(page, at, length) if page not in self._newest else None

    def replaced(self, offset: int) -> bool:
        """Whether the log has a newer page than the file at this place."""
        return offset // self.size + 1 in self._newest

    def in_log(self, offset: int, length: int) -> str | None:
        """The same for the log."""
        frame, at = divmod(offset - _LOG_HEADER, _FRAME_HEADER + self.size)
        if offset < _LOG_HEADER or at < _FRAME_HEADER:
            return None
        page = int.from_bytes(read_at(self._log_file, offset - at, 4), "big")
        return self._table(page, at - _FRAME_HEADER, length) if self._newest.get(page) == frame + 1 else None

    def still(self) -> bool:
        """Whether nobody began the log anew since: then what was said of it holds."""
        return not self._salts or self._log_state()[1] == self._salts

    # -- reading -----------------------------------------------------------------------------------------------------

    def _log_state(self) -> tuple[int, bytes]:
        """How many frames of the log are valid, and its salts, from the index that SQLite keeps beside it."""
        state = read_at(self._file.with_name(self._file.name + "-shm"), 0, 48)
        if len(state) < 48 or not state[12]:
            raise NotReadableError
        return struct.unpack_from("=I", state, 16)[0], state[32:40]

    def _frames(self) -> dict[int, int]:
        if not self._log_file.exists() or not self._log_file.stat().st_size:
            return {}
        valid, self._salts = self._log_state()
        newest = {}
        for frame in range(1, valid + 1):
            newest[int.from_bytes(read_at(self._log_file, self._frame_at(frame), 4), "big")] = frame
        return newest

    def _frame_at(self, frame: int) -> int:
        return _LOG_HEADER + (frame - 1) * (_FRAME_HEADER + self.size)

    def _page(self, page: int) -> bytes:
        if not 0 < page <= self._count:
            raise NotReadableError
        frame = self._newest.get(page)
        if frame is None:
            image = read_at(self._file, (page - 1) * self.size, self.size)
        else:
            image = read_at(self._log_file, self._frame_at(frame) + _FRAME_HEADER, self.size)
        if len(image) < self.size:
            raise NotReadableError
        return image

    # -- the trees ---------------------------------------------------------------------------------------------------

    def _free(self) -> None:
        """Mark the pages of the free list."""
        trunk = int.from_bytes(self._page(1)[32:36], "big")
        while trunk:
            self._mark(trunk, _FREE)
            following, count = struct.unpack_from(">II", image := self._page(trunk))
            if count > self.size // 4 - 2:
                raise NotReadableError
            for leaf in struct.unpack_from(f">{count}I", image, 8):
                self._mark(leaf, _FREE)
            trunk = following

    def _walk(self, root: int, table: int) -> None:
        """Mark every page of one tree as the table's."""
        todo = [root]
        while todo:
            page = todo.pop()
            self._mark(page, _TREE)
            self._owner[page] = table
            image = self._page(page)
            head = _head(page)
            if image[head] in (_INDEX_INTERIOR, _TABLE_INTERIOR):
                self._cancel.check()
                todo.append(int.from_bytes(image[head + 8 : head + 12], "big"))
                todo += (int.from_bytes(image[at : at + 4], "big") for at in _cells(image, head))
            elif image[head] not in (_INDEX_LEAF, _TABLE_LEAF):
                raise NotReadableError

    def _mark(self, page: int, state: int) -> None:
        if not 0 < page <= self._count or self._state[page]:
            raise NotReadableError
        self._state[page] = state

    # -- what is live ------------------------------------------------------------------------------------------------

    def _table(self, page: int, at: int, length: int) -> str | None:
        return self._tables[self._owner[page]] if self._live(page, at, length) else None

    def _live(self, page: int, at: int, length: int) -> bool:
        if not 0 < page <= self._count or self._state[page] == _FREE:
            return False
        if self._state[page] == _UNKNOWN:
            if self._used is None:
                self._used = self._chains()
            return at >= 4 and at + length <= 4 + self._used[page]
        if page != self._at:
            self._at, self._image = page, self._page(page)
            self._starts = sorted(_cells(self._image, _head(page)))
        before = bisect_right(self._starts, at) - 1
        if before < 0:
            return False
        begins, ends, _, _ = self._payload(self._image, _head(page), self._starts[before])
        return begins <= at and at + length <= ends

    def _payload(self, image: bytes, head: int, at: int) -> tuple[int, int, int, int]:
        """Of one cell: where its payload begins and ends in the page, how long it is in all, and its first overflow page."""
        kind = image[head]
        if kind == _TABLE_INTERIOR:
            return at, at, 0, 0
        if kind == _INDEX_INTERIOR:
            at += 4
        whole, at = _number(image, at)
        if kind == _TABLE_LEAF:
            _, at = _number(image, at)
        usable = self._usable
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if whole <= most:
            return at, at + whole, whole, 0
        least = (usable - 12) * 32 // 255 - 23
        here = least + (whole - least) % (usable - 4)
        here = here if here <= most else least
        return at, at + here, whole, int.from_bytes(image[at + here : at + here + 4], "big")

    def _chains(self) -> array[int]:
        """How many bytes of each overflow page are live; each belongs to the table of its cell."""
        used = array("I", bytes(4 * (self._count + 1)))
        for page in range(1, self._count + 1):
            if self._state[page] != _TREE:
                continue
            self._cancel.check()
            image, head = self._page(page), _head(page)
            for cell in _cells(image, head):
                begins, ends, whole, chained = self._payload(image, head, cell)
                left = whole - (ends - begins)
                while left:
                    if not 0 < chained <= self._count or self._state[chained] != _UNKNOWN or used[chained]:
                        raise NotReadableError
                    used[chained] = min(left, self._usable - 4)
                    self._owner[chained] = self._owner[page]
                    left -= used[chained]
                    chained = int.from_bytes(self._page(chained)[:4], "big")
        return used


def _head(page: int) -> int:
    """Where the header of a tree page begins: the first page has the file's before it."""
    return _FILE_HEADER if page == 1 else 0


def _cells(image: bytes, head: int) -> Iterator[int]:
    """Where the cells of a tree page begin."""
    count = int.from_bytes(image[head + 3 : head + 5], "big")
    pointers = head + (12 if image[head] in (_INDEX_INTERIOR, _TABLE_INTERIOR) else 8)
    if pointers + 2 * count > len(image):
        raise NotReadableError
    return iter(struct.unpack_from(f">{count}H", image, pointers))


def _number(image: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends (section 1.6, "varint")."""
    value = 0
    for place in range(at, at + 8):
        byte = image[place] if place < len(image) else 0
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | (image[at + 8] if at + 8 < len(image) else 0), at + 9
