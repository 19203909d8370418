"""Whether a row answers a lookup: the database narrows, this decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice, product
from typing import Any

from dsr_desk.model.finding import Lookup, Mention
from dsr_desk.model.grams import Grams
from dsr_desk.model.identity import CONFIRMING, MENTIONED, SHORTEST_MENTION, normals, normals_of
from dsr_desk.model.names import spellings_of, split_words
from dsr_desk.model.values import Value, as_text

#: Letters that are written in more than one way, so that a narrowing pattern leaves them open.
_OPEN = re.compile(r"[^\x20-\x7e]+|ae|oe|ue|ss|aa|th|['`´]", re.IGNORECASE)
#: So many words of a name are looked for; with each more there is one more order of them.
_MOST_WORDS = 8
#: Up to so many mentions are tried as one expression.
_FEW_MENTIONS = 8
#: Several lists in one row can be read in so many ways together.
_MOST_READINGS = 10_000
_SEPARATORS = r"[\s().\-/\u00a0]*"


def holds(when: Mapping[str, Iterable[str]], values: Mapping[str, Value]) -> bool:
    """Whether a row meets a condition: equality as text, a list is any-of on either side; NULL meets none."""
    return all(_meets(values.get(name), set(allowed)) for name, allowed in when.items())


def _meets(value: Value, allowed: set[str]) -> bool:
    return as_text(value) in allowed or (type(value) is list and any(as_text(entry) in allowed for entry in _entries(value)))


def each(parts: Sequence[Value]) -> Iterable[tuple[Value, ...]]:
    """How the fields of a row can be read of which some are lists: with every entry of every list in turn."""
    if not any(type(part) is list for part in parts):
        return (tuple(parts),)
    return islice(product(*(_entries(p) if type(p) is list else (p,) for p in parts)), _MOST_READINGS)


def _entries(values: list[Value]) -> Iterator[Value]:
    for value in values:
        if type(value) is list:
            yield from _entries(value)
        elif value is not None:
            yield value


class Question:
    """A lookup made ready to be asked of many rows of one system; however many values it has, a row costs the same.

    ``region`` is the system's, for phone numbers. ``answers`` and ``told`` decide; ``patterns`` only narrows.
    """

    def __init__(self, lookup: Lookup, region: str | None = None) -> None:
        self.lookup = lookup
        self._region = region
        self._spans = ManyMentions(lookup, region) if lookup.mention else None

    @cached_property
    def _wanted(self) -> dict[Any, list[tuple[Value, ...]]]:
        """The form in which a value is compared → the values of that form; made when the first row comes, and often none does."""
        wanted: dict[Any, list[tuple[Value, ...]]] = {}
        for value in self.lookup.values:
            if self.lookup.kind is None:
                forms: Iterable[Any] = [tuple(map(as_text, value))] if None not in value else ()
            else:
                forms = normals(self.lookup.kind, value[0], self._region)
            for form in forms:
                wanted.setdefault(form, []).append(value)
        return wanted

    def answers(self, values: Mapping[str, Value]) -> bool:
        """Whether a row with these values is a hit."""
        lookup = self.lookup
        if lookup.when and not holds(lookup.when, values):
            return False
        if lookup.kind is None and self._spans is None:  # the most rows are asked this
            if tuple([as_text(values.get(f)) for f in lookup.fields]) in self._wanted:
                return True
            parts = [values.get(f) for f in lookup.fields]
            return list in map(type, parts) and self._any(parts)
        return self.says([values.get(f) for f in lookup.fields])

    def says(self, parts: Sequence[Value]) -> bool:
        """Whether the fields of the lookup, given alone and in its order, hold one of its values."""
        if self._spans is not None:
            return any(self._spans.named(text) for part in parts if (text := as_text(part)))
        if self.lookup.kind is None:
            return tuple(map(as_text, parts)) in self._wanted or self._any(parts)
        kind, wanted = self.lookup.kind, self._wanted
        return any(not wanted.keys().isdisjoint(normals_of(kind, some, self._region)) for some in each(parts))

    def _any(self, parts: Sequence[Value]) -> bool:
        return any(tuple(map(as_text, some)) in self._wanted for some in each(parts))

    def told(self, values: Mapping[str, Value]) -> list[tuple[Value, ...]]:
        """Which of the lookup's values a row that is a hit answers, in no order."""
        parts = [values.get(f) for f in self.lookup.fields]
        if self._spans is not None:
            return [v for part in parts if (text := as_text(part)) for v in self._spans.told(text)]
        if self.lookup.kind is None:
            texts = {tuple(map(as_text, some)): None for some in (parts, *each(parts))}
            return [v for form in texts for v in self._wanted.get(form, ())]
        forms = {form: None for some in each(parts) for form in normals_of(self.lookup.kind, some, self._region)}
        return [v for form in forms for v in self._wanted.get(form, ())]

    def patterns(self) -> list[tuple[str, ...]] | None:
        """Per value, the plain ASCII pieces that a matching text holds in this order, whatever stands between them.

        For SQL: ``LIKE '%piece%piece%'``, ignoring case. They hold for texts that are ASCII throughout (and for mentions in any
        text); every other text has to be read whatever they say, since ``Müller`` answers ``Muller``. ``None`` means that no
        pattern is safe: read every row in which the fields are not NULL. Only for lookups with a ``kind``; one that compares
        exactly needs no pattern.
        """
        kind = self.lookup.kind or ""
        values = [as_text(value[0]) or "" for value in self.lookup.values]
        if self.lookup.mention:
            pieces = [_unfolded(p) for value in values if (p := _pieces(kind, value, self._region)) is not None]
        else:
            pieces = [_spread(kind, p) for value in values if (p := _pieces(kind, value, self._region)) is not None]
        return pieces if all(pieces) else None


def _pieces(kind: str, value: str, region: str | None) -> tuple[str, ...] | None:
    if kind in CONFIRMING:
        if kind == "date_of_birth":
            return ()
        words = sorted(split_words(" ".join(_name_words(value))), key=len)
        return tuple(p for p in _OPEN.split(words[-1]) if p) if words else None
    if kind == "email":
        # The domain may be stored as punycode or not, so only an ASCII one is part of the pattern.
        forms = normals("email", value)
        if not forms:
            return None
        local, _, domain = min(forms).rpartition("@")
        whole = f"{local}@{domain}" if domain.isascii() else f"{local}@"
        return tuple(p for p in re.split(r"[^\x20-\x7e]+", whole) if p)
    if kind == "phone":
        digits = min(normals("phone", value, region), default="")
        # A national spelling has no country code, which has three digits at most.
        return tuple(digits[-max(1, min(6, len(digits) - 3)) :]) if digits else None
    if kind in ("iban", "national_id"):
        return tuple(min(normals(kind, value), default="")) or None
    return tuple(p for p in re.split(r"[^\x20-\x7e]+", value) if p)


def _unfolded(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces without the ASCII letters that are also the other case of one that isn't: ``İ``, ``K`` (Kelvin), ``ſ``."""
    return tuple(part for piece in pieces for part in re.split("[iks]", piece, flags=re.IGNORECASE) if part)


def _spread(kind: str, pieces: tuple[str, ...]) -> tuple[str, ...]:
    """A name letter by letter, since an apostrophe may stand after any of them."""
    return tuple("".join(pieces)) if kind in CONFIRMING else pieces


class ManyMentions:
    """The values of a lookup for mentions, in free texts. Few are tried one after the other, many are looked up first."""

    def __init__(self, lookup: Lookup, region: str | None) -> None:
        self._kind, self._region = lookup.kind or "", region
        self._values = [v for v in lookup.values if as_text(v[0])]
        self._texts = [(as_text(v[0]) or "").strip() for v in self._values]
        self._each: dict[int, re.Pattern[str] | None] = {}
        few = len(self._values) <= _FEW_MENTIONS
        self._all = mention_pattern([(self._kind, text) for text in self._texts], region) if few else None
        self._grams = None if few else self._tables()

    def named(self, text: str) -> bool:
        """Whether the text names any of them."""
        if self._grams is None:
            return self._all is not None and self._all.search(text) is not None
        return next(self.told(text), None) is not None

    def told(self, text: str) -> Iterator[tuple[Value, ...]]:
        """Those that the text names."""
        for number in range(len(self._values)) if self._grams is None else self._grams.may(text):
            pattern = self._pattern(number)
            if pattern is not None and pattern.search(text):
                yield self._values[number]

    def _pattern(self, number: int) -> re.Pattern[str] | None:
        if number not in self._each:
            self._each[number] = mention_pattern([(self._kind, self._texts[number])], self._region)
        return self._each[number]

    def _tables(self) -> Grams:
        grams = Grams()
        for number, text in enumerate(self._texts):
            if self._kind not in MENTIONED or len(text) < SHORTEST_MENTION:
                continue
            pieces = _pieces(self._kind, text, self._region) or ()
            if self._kind == "phone":
                grams.digits(number, "".join(pieces))
            elif self._kind in ("iban", "national_id"):
                grams.compact(number, max(re.split(r"[^\x21-\x7e]+", "".join(pieces)), key=len))
            elif (start := _start(self._kind, text)) and len(start) >= SHORTEST_MENTION:
                grams.starts_word(number, start)
            else:
                grams.within(number, max(pieces, key=len, default=""))
        return grams


def _start(kind: str, value: str) -> str:
    """The plain ASCII characters with which a mention begins, where a word begins; of a name, its longest word."""
    if kind in CONFIRMING:
        words = _name_words(value)
        longest = max(words, key=len, default="")
        return _OPEN.split(longest)[0] if longest.isalpha() else ""
    if kind == "email":
        value = min(normals("email", value), default="")
    first = re.split(r"[^\x20-\x7e]+", value)[0]
    return first if first[:1].isalnum() else ""


def mention_pattern(values: Iterable[tuple[str, str]], region: str | None = None) -> re.Pattern[str] | None:
    """One expression that finds any of these identifiers (kind, value) in free text, as whole words.

    Group names are ``k0_email``, ``k1_name`` …; ``None`` where nothing is long enough to be looked for.
    """
    alternatives: list[str] = []
    for kind, value in values:
        if kind not in MENTIONED or len(value.strip()) < SHORTEST_MENTION:
            continue
        for pattern in _spellings(kind, value.strip(), region):
            alternatives.append(f"(?P<k{len(alternatives)}_{kind}>{pattern})")
    return re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None


def mentions(text: str, field: str, pattern: re.Pattern[str]) -> Iterator[Mention]:
    """Where the text names the person."""
    for match in pattern.finditer(text):
        kind = (match.lastgroup or "_").split("_", 1)[1]
        yield Mention(field, kind, match.start(), match.end())


def _spellings(kind: str, value: str, region: str | None) -> Iterator[str]:
    if kind == "email":
        for form in sorted(normals("email", value)):
            both = {unicodedata.normalize(n, form) for n in ("NFC", "NFD")} | _punycode(form)
            yield rf"(?<![\w.+-])(?:{'|'.join(map(re.escape, sorted(both)))})(?!\w|[.-]\w)"
    elif kind == "phone":
        digits = min(normals("phone", value, region), default="")
        if len(digits) < SHORTEST_MENTION:
            return
        yield rf"(?<![\d+])(?:\+|00)?{_SEPARATORS.join(digits)}(?!\d)"
        national = _national(value, region)
        if national:
            yield rf"(?<![\d+])(?:0{_SEPARATORS})?{_SEPARATORS.join(national)}(?!\d)"
    elif kind == "name":
        words = [_letters(w) for w in _name_words(value)]
        orders = {(*words[at:], *words[:at]) for at in range(len(words))}
        for order in sorted(orders):
            joined = r"[\s,.\-\u2010-\u2015]+".join(order)
            yield rf"(?<!\w){joined}(?!\w)"
    elif kind in ("iban", "national_id"):
        compact = min(normals(kind, value), default="")
        joined = r"[\s.\-/]*".join(map(re.escape, compact))
        yield rf"(?<!\w){joined}(?!\w)"
    else:
        yield rf"(?<!\w){re.escape(value)}(?!\w)"


_DIGRAPHS = {"ae": "ä", "oe": "ö", "ue": "ü"}
_VARIANTS = {
    "ä": "ä|ae|a\u0308|a",
    "ö": "ö|oe|o\u0308|o",
    "ü": "ü|ue|u\u0308|u",
    "ß": "ß|ss",
    "'": "['’ʼ`´]?",
    "’": "['’ʼ`´]?",
}


def _name_words(value: str) -> list[str]:
    """The words of a name with their apostrophes, the first few of them."""
    words = re.split(r"[\s,.;()\[\]\"/\-\u2010-\u2015]+", unicodedata.normalize("NFC", value))
    return [w for w in words if split_words(w)][:_MOST_WORDS]


def _punycode(address: str) -> set[str]:
    """The address with its domain as it travels (RFC 3492), where that differs."""
    local, _, domain = address.rpartition("@")
    with suppress(UnicodeError):
        return {f"{local}@{domain.encode('idna').decode('ascii')}"}
    return set()


def _letters(word: str) -> str:
    out = []
    for char in re.findall(r"ae|oe|ue|ss|.", word.lower()):
        if char in _DIGRAPHS:
            out.append(f"(?:{char}|{_DIGRAPHS[char]}|{char[0]}\u0308)")
        elif char == "ss":
            out.append("(?:ss|ß)")
        elif char in _VARIANTS:
            out.append(f"(?:{_VARIANTS[char]})")
        elif char.isascii():
            out.append(re.escape(char))
        elif unicodedata.combining(char):
            out.append(f"{re.escape(char)}?")
        else:
            decomposed = unicodedata.normalize("NFD", char)
            spellings = dict.fromkeys((char, decomposed, *spellings_of(char), decomposed[0]))
            out.append(f"(?:{'|'.join(map(re.escape, spellings))})")
    return "".join(out)


def _national(value: str, region: str | None) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return ""
    digits = str(phonenumbers.national_significant_number(parsed))
    return digits if len(digits) >= 6 else ""
