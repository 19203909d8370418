"""Records of a CSV, read so that each keeps exactly the characters it has in the file (RFC 4180, and what Excel writes)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from dsr_desk.errors import UnreachableError

#: No record is longer than this many characters; one that seems so has a quote that nobody closed.
LONGEST_RECORD = 16_000_000


class Grammar:
    """How records and fields are written: a delimiter, and a quote or ``""`` where nothing is quoted.

    Like Python's own ``csv``: a quote is special only at the start of a field, and doubled inside one.
    """

    def __init__(self, delimiter: str, quote: str) -> None:
        self.delimiter, self.quote = delimiter, quote
        d, q = re.escape(delimiter), re.escape(quote)
        bare = rf"[^{d}\r\n]*+"
        inside = rf"(?:[^{q}]++|{q}{q})*+{q}" if quote else ""
        one = rf"(?:{q}{inside}{bare}|(?!{q}){bare})" if quote else bare
        rest = rf"(?:{d}{one})*+(?:\r\n|\r|\n)?+\Z"
        self._field = re.compile(one)
        self._whole = re.compile(one + rest)
        self._closing = re.compile(inside + bare + rest)
        self._quoted = re.compile(rf"{q}({inside})") if quote else None

    def records(self, lines: Iterable[str], label: str) -> Iterator[tuple[int, int, str]]:
        """Row number and line number (both from 1) and the characters of every record, line end included.

        ``lines`` end with their own ``\\n``, ``\\r\\n`` or ``\\r``. ``UnreachableError`` names file and line where a quote
        is never closed, or where a NUL shows that this is no text.
        """
        source, quote = iter(lines), self.quote
        line = 0
        for row, text in enumerate(source, 1):
            line += 1
            if "\0" in text:
                raise UnreachableError(
                    f"{label}, line {line}: a NUL character.", "The file is damaged or no CSV. Save it again as CSV UTF-8."
                )
            if quote and quote in text and not self._whole.match(text):
                whole = self._gather(text, source, label, line)
                yield row, line, whole
                line += _line_ends(whole) - 1
            else:
                yield row, line, text

    def _gather(self, text: str, source: Iterator[str], label: str, line: int) -> str:
        parts, size = [text], len(text)
        for more in source:
            parts.append(more)
            size += len(more)
            if self._closing.match(more):
                return "".join(parts)
            if size > LONGEST_RECORD:
                break
        raise UnreachableError(
            f"{label}, line {line}: a quote is opened and never closed.",
            "Close it, or write quote: none under options: in the catalog if the file uses no quotes.",
        )

    def fields(self, raw: str) -> list[str]:
        """The fields of a record as they are written, quotes included, line end not."""
        body = raw[: len(raw) - len(line_end(raw))]
        if not self.quote or self.quote not in body:
            return body.split(self.delimiter)
        fields, at = [], 0
        while match := self._field.match(body, at):
            fields.append(match[0])
            at = match.end() + 1
            if at > len(body):
                break
        return fields

    def value(self, field: str) -> str:
        """What a written field says."""
        if self._quoted is None or not (match := self._quoted.match(field)):
            return field
        return match[1][:-1].replace(self.quote * 2, self.quote) + field[match.end() :]

    def written(self, value: str, instead_of: str) -> str:
        """A value as it is written in place of a field: quoted where the field was or where it must be.

        ``ValueError`` where it must be and this file has no quotes.
        """
        must = self.delimiter in value or "\n" in value or "\r" in value or bool(self.quote and value.startswith(self.quote))
        if must and not self.quote:
            raise ValueError("needs a quote")
        if must or (self.quote and instead_of.startswith(self.quote)):
            return self.quote + value.replace(self.quote, self.quote * 2) + self.quote
        return value

    def rewritten(self, raw: str, writes: Mapping[int, str]) -> str:
        """The record with other values at these positions; all other characters stay."""
        fields = self.fields(raw)
        fields += [""] * (max(writes) + 1 - len(fields))
        for position, value in writes.items():
            fields[position] = self.written(value, fields[position])
        if fields == [""]:  # an empty line would be no record at all
            if not self.quote:
                raise ValueError("needs a quote")
            fields = [self.quote * 2]
        return self.delimiter.join(fields) + line_end(raw)


def line_end(raw: str) -> str:
    """The line end of a record, ``""`` for a last one without."""
    if raw.endswith("\r\n"):
        return "\r\n"
    return raw[-1:] if raw.endswith(("\n", "\r")) else ""


def _line_ends(raw: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", raw)) or 1
