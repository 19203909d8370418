"""Which entries have to be read for some lookups, as a filter (RFC 4515); whether one answers is decided by the desk itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ldap3.utils.conv import escape_filter_chars

from dsr_desk.drivers._ldap.attributes import COUNTRY, IA5, INTEGER, NAME, PRINTABLE, TELEPHONE, TEXT, Attributes
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value, as_text

#: Beyond so many values a filter costs a server more than it saves.
_MOST_VALUES = 500
_UUID = "1.3.6.1.1.16.1"
EVERY = "(objectClass=*)"
_MOST_PATTERNS = 20
_RULED = frozenset({"email", "phone", "name", "given_name", "family_name", "date_of_birth", "iban", "national_id"})
#: Syntaxes whose values read as they are written, so that a server's own equality takes no two texts apart that are one.
_AS_WRITTEN = frozenset({TEXT, IA5, INTEGER, NAME, PRINTABLE, TELEPHONE, COUNTRY})


def narrowed(questions: Sequence[Question], attributes: Attributes) -> str:
    """At least the entries that answer one of the questions; an empty text where all have to be read."""
    parts = [_one(question, attributes) for question in questions]
    if not parts or not all(parts):
        return ""
    return f"(|{''.join(part for part in parts if part)})"


def _one(question: Question, attributes: Attributes) -> str | None:
    lookup = question.lookup
    if lookup.mention or len(lookup.fields) != 1:
        return None
    (field,) = lookup.fields
    if lookup.kind is None or lookup.kind not in _RULED:
        return exactly(field, [value[0] for value in lookup.values], attributes)
    if lookup.kind == "email":
        return _address(field, question, attributes)
    return None


def exactly(field: str, values: Sequence[Value], attributes: Attributes) -> str | None:
    """The entries whose attribute has one of these values; ``None`` where a filter can't tell."""
    rule = attributes.rule(field)
    if field == "dn" or rule.syntax not in _AS_WRITTEN or not rule.equality or len(values) > _MOST_VALUES:
        return None
    texts = dict.fromkeys(text for value in values if (text := as_text(value)))
    if not texts or not all(map(_askable, texts)):
        return None
    if rule.syntax == INTEGER and not all(re.fullmatch("-?[0-9]{1,18}", text) for text in texts):
        return None
    return f"(|{''.join(f'({field}={escape_filter_chars(text)})' for text in texts)})"


def _askable(text: str) -> bool:
    """Whether a server can be asked for it: plain characters (others are prepared differently by different servers), no list."""
    return text.isascii() and text.isprintable() and text.strip() == text and len(text) < 1000 and text[0] != "["


def _address(field: str, question: Question, attributes: Attributes) -> str | None:
    """Only where every value is ASCII (IA5) and the server compares parts of it: an address stands whole in one value."""
    rule = attributes.rule(field)
    if rule.syntax != IA5 or rule.substring.lower() != "caseignoreia5substringsmatch":
        return None
    patterns = question.patterns()
    if not patterns or len(patterns) > _MOST_PATTERNS or not all(_askable(p) for pieces in patterns for p in pieces):
        return None
    wanted = ("*".join(["", *map(escape_filter_chars, pieces), ""]) for pieces in patterns)
    return f"(|{''.join(f'({field}={pattern})' for pattern in dict.fromkeys(wanted))})"


def one(key: Mapping[str, Value], attributes: Attributes) -> str:
    """At least the entry with this key; a part that a filter can't tell is left open."""
    parts = [_key_part(name, as_text(value) or "", attributes) for name, value in key.items()]
    return f"(&{''.join(parts)})"


def _key_part(name: str, text: str, attributes: Attributes) -> str:
    if re.fullmatch("[A-Za-z][A-Za-z0-9;-]*", name) is None:
        return EVERY
    if attributes.rule(name).syntax == _UUID and re.fullmatch("[0-9a-fA-F-]{36}", text):
        return f"({name}={text})"
    return exactly(name, [text], attributes) or f"({name}=*)"


def naming(dn: str, uids: Sequence[str], attributes: Attributes) -> str:
    """The entries that name an entry by its name or, as groups of Unix do, by its ``uid``; empty where none can."""
    parts = [f"({name}={escape_filter_chars(dn)})" for name in attributes.naming]
    parts += [f"(memberUid={escape_filter_chars(uid)})" for uid in uids if attributes.has("memberUid")]
    return f"(|{''.join(parts)})" if parts else ""
