"""Are two rows one person: what contradicts, what confirms, and what proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Row
from dsr_desk.model.identity import CONFIRMING, WEAK, normals, normals_of
from dsr_desk.model.match import each, holds
from dsr_desk.model.names import names_agree
from dsr_desk.model.values import as_text

#: Reasons for a review, as they stand in ``review`` of a finding.
NAME_DIFFERS = "name differs"
BIRTH_DIFFERS = "date of birth differs"
PHONE_ALONE = "phone alone"
SECOND_RECORD = "another record of its kind"
NO_OWNER = "no owner"

#: Kinds that prove nothing alone.
_NOTHING_ALONE = CONFIRMING | WEAK


def identifiers(row: Row, collection: Collection) -> Iterable[tuple[str, str, str]]:
    """What the row says of who it is: kind, value as written, fields joined by ``+``. NULL and blank say nothing.

    A list says each of its entries.
    """
    for kind, fields, when, _ in collection.identity_fields():
        if when and not holds(when, row.values):
            continue
        for some in each([row.values.get(f) for f in fields]):
            text = " ".join(t for t in map(as_text, some) if t).strip()
            if text:
                yield kind, text, "+".join(fields)


Said = Callable[[Row, Collection], Iterable[tuple[str, str, str]]]
Forms = Callable[[str, str, str | None], frozenset[str]]


def torn(said: Iterable[tuple[str, str, str]], forms: Forms, region: str | None) -> frozenset[str]:
    """The kinds of which a record that is nobody's account says different values: those of who wrote a message and who got it.

    They are shown and lead nowhere: a shared address would lead to everybody who ever wrote to it.
    """
    common: dict[str, frozenset[str]] = {}
    for kind, value, _ in said:
        known = forms(kind, value, region)
        one = len(known) == 1 or kind != "email"  # a header may name many
        common[kind] = common.get(kind, known) & known if one else frozenset()
    return frozenset(kind for kind, alike in common.items() if not alike)


class Person:
    """What is known of the person the search is about, to hold other rows against it."""

    def __init__(self, given: Iterable[tuple[str, str]], said: Said, forms: Forms) -> None:
        """``said`` and ``forms`` answer as ``identifiers`` and ``identity.normals`` do, and may remember what they answered."""
        self._said, self._forms = said, forms
        self.names: list[str] = []
        self.births: set[str] = set()
        #: Kinds that prove something → their normal forms.
        self.strong: dict[str, set[str]] = {}
        for kind, value in given:
            self._add(kind, value)

    def learn(self, said: Iterable[tuple[str, str, str]], region: str | None) -> None:
        """Take over what one of the person's own rows says: its ``identifiers``."""
        for kind, value, _ in said:
            self._add(kind, value, region)

    def _add(self, kind: str, value: str, region: str | None = None) -> None:
        if kind == "name":
            self.names.append(value)
        elif kind == "date_of_birth":
            self.births |= self._forms(kind, value, None)
        elif kind not in _NOTHING_ALONE:
            self.strong.setdefault(kind, set()).update(self._forms(kind, value, region))

    def contradictions(self, row: Row, collection: Collection) -> tuple[str, ...]:
        """What about the row speaks against its being this person."""
        if not (self.names or self.births):
            return ()
        names, births = self._confirming(row, collection)
        against = []
        if names and self.names and not any(names_agree(a, b) for a in names for b in self.names):
            against.append(NAME_DIFFERS)
        if births and self.births and not births & self.births:
            against.append(BIRTH_DIFFERS)
        return tuple(against)

    def bears(self, row: Row, collection: Collection) -> bool:
        """Whether the row has the person's name or date of birth, and neither speaks against it."""
        names, births = self._confirming(row, collection)
        alike = bool(births & self.births) or any(names_agree(a, b) for a in names for b in self.names)
        return alike and not self.contradictions(row, collection)

    def confirms(self, row: Row, collection: Collection, region: str | None) -> bool:
        """Whether the row shares a name, a date of birth or an identifier that isn't weak."""
        names, births = self._confirming(row, collection)
        if births & self.births or any(names_agree(a, b) for a in names for b in self.names):
            return True
        return any(
            normals_of(kind, some, region) & self.strong.get(kind, set())
            for kind, fields, when, _ in collection.identity_fields()
            if holds(when, row.values)
            for some in each([row.values.get(f) for f in fields])
        )

    def _confirming(self, row: Row, collection: Collection) -> tuple[list[str], set[str]]:
        names: list[str] = []
        births: set[str] = set()
        for kind, value, fields in self._said(row, collection):
            if kind == "name":
                names.append(value)
            elif kind == "date_of_birth":
                single = row.values.get(fields) if "+" not in fields else value
                births |= normals(kind, value if isinstance(single, list) else single)
        return names, births
