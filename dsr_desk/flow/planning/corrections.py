"""Corrections (Art. 16): each told value is checked against every place it would go to, before anything is written anywhere.

What can't be written is a refusal of the plan, all at once: by format, type, length, emptiness and uniqueness. An identifier that
another person carries in any system is refused everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.planning.fit import fit
from dsr_desk.flow.planning.forms import UnfitError, insist_seen, kind_of, written
from dsr_desk.flow.searching.answers import condition
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field
from dsr_desk.model.finding import Finding, Hit, Lookup, RowRef
from dsr_desk.model.former import Former
from dsr_desk.model.identity import CONFIRMING, WEAK
from dsr_desk.model.plan import Refusal
from dsr_desk.model.request import Correction
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value, as_text
from dsr_desk.rights.base import Case, alike, not_theirs

#: How long after it was applied a rectification can be taken back: until then the old values lie sealed with the request.
UNDO_WINDOW = timedelta(days=30)
#: No told value is longer than this, in characters.
_LONGEST = 100_000


@dataclass
class Checked:
    """The corrections that can be written, each for one field of one row in its own type, and what is wrong with the others."""

    corrections: list[Correction] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, collection: Collection, name: str, why: str, cure: str) -> None:
        """Refuse one column, once."""
        refusal = Refusal(collection.system, collection.name, name, why, cure)
        if refusal not in self.refusals:
            self.refusals.append(refusal)


def given(pairs: Iterable[tuple[str, str]]) -> tuple[Correction, ...]:
    """Corrections as they were typed (where, value); ``UsageError`` for one that names no place."""
    made: dict[str, Correction] = {}
    for where, value in pairs:
        place = where.strip()
        parts = place.split("/")
        if not all(parts) or len(parts) not in (1, 3) or (len(parts) == 1 and not place.startswith("user")):
            raise UsageError(
                "A correction names no place.",
                "Write a data category (user.contact.email=NEW) or SYSTEM/COLLECTION/FIELD=NEW.",
            )
        if len(value) > _LONGEST or "\x00" in value:
            raise UsageError("A new value is too long, or holds a NUL.", f"Give at most {_LONGEST} characters.")
        made[place] = Correction(place, value.strip())
    return tuple(made.values())


def undoing(rows: Iterable[Former], ref: str) -> tuple[Correction, ...]:
    """What puts back what a rectification wrote over; ``RefusedError`` past the window, or where it wrote nothing."""
    mine = [f for f in rows if f.how == "given" and f.told]
    if not mine:
        raise RefusedError(
            f"{ref} has corrected nothing, so there is nothing to undo.", "See what it did.", f"dsr-desk report {ref}"
        )
    if datetime.now(UTC) > max(map(_at, mine)) + UNDO_WINDOW:
        raise RefusedError(
            f"{ref} was applied more than {UNDO_WINDOW.days} days ago and can't be undone.",
            "Open a new rectification with the values as they should be.",
        )
    return tuple(
        Correction(f"{f.row.system}/{f.row.collection}/{name}", value, f.row) for f in mine for name, value in f.before.items()
    )


def _at(former: Former) -> datetime:
    at = datetime.fromisoformat(former.at)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def checked(systems: Systems, case: Case, told: Iterable[Correction], earlier: Mapping[RowRef, Former], cancel: Cancel) -> Checked:
    """What of the told corrections can be written to the case's own rows.

    ``earlier`` is what a request that is undone wrote: a field that doesn't hold that any more is not put back.
    """
    out = Checked()
    names = sorted({f.ref.system for f in case.findings} - set(systems.by_hand()))
    schemas: dict[str, Schema] = {n: result(future) for n, future in systems.each(names, lambda d: d.schema())}
    places: dict[tuple[RowRef, str], _Place] = {}
    for correction in sorted(told, key=lambda c: (c.by_field, len(c.where))):  # what names the place more exactly counts
        found = list(_places(case, correction))
        places |= {(p.finding.ref, p.known.name): p for p in found}
        if not found:
            system, collection, name = correction.where.split("/") if correction.by_field else ("", "", correction.where)
            why = "no record that was found has such a field"
            out.refusals.append(Refusal(system, collection, name, why, "Name a category or a field of this person's records"))
    clear = [p for p in places.values() if not_theirs(case, p.finding) is None]
    for place in _unambiguous(out, clear):
        _one(out, systems, schemas, place, earlier)
    out.refusals += _taken(systems, schemas, case, out.corrections, cancel)
    # Rows that a person must look at first keep theirs as it was told: the right leaves them to that person.
    waiting = [p for p in places.values() if not_theirs(case, p.finding) is not None]
    out.corrections += [Correction(p.where, p.correction.value, p.finding.ref) for p in waiting]
    return out


@dataclass(frozen=True)
class _Place:
    """One field of one row that a correction is about."""

    correction: Correction
    finding: Finding
    collection: Collection
    known: Field

    @property
    def before(self) -> Value:
        return self.finding.row.values[self.known.name]

    @property
    def where(self) -> str:
        return f"{self.collection.system}/{self.collection.name}/{self.known.name}"

    @property
    def fixed(self) -> str:
        """Why the field can't be corrected, whatever it is to be; ``""`` where it can."""
        name = self.known.name
        if name in self.collection.key:
            return "it is part of the row's key"
        refers = any(name in r.fields for r in self.collection.references)
        return "it says whose the row is, or what it points to" if refers else ""


def _places(case: Case, correction: Correction) -> Iterator[_Place]:
    for finding in case.findings:
        collection = case.collection(finding)
        for name, known in collection.fields.items():
            if name in finding.row.values and not finding.access_only and correction.concerns(finding.row, known):
                yield _Place(correction, finding, collection, known)


def _unambiguous(out: Checked, places: Iterable[_Place]) -> Iterator[_Place]:
    """The places, but for rows in which a category stands in several columns that don't hold the same."""
    by_row: dict[tuple[RowRef, str], list[_Place]] = {}
    for place in places:
        by_row.setdefault((place.finding.ref, place.correction.where), []).append(place)
    for several in by_row.values():
        values = {as_text(p.before) for p in several}
        if len(several) == 1 or (len(values) == 1 and None not in values):
            yield from several
            continue
        names = [p.known.name for p in several]
        free = [p.where for p in several if not p.fixed]
        cure = f"Correct each field by itself: {', '.join(free)}" if free else "Correct it in the system itself"
        out.refuse(several[0].collection, ", ".join(names), "it stands over several columns, which can't all become this", cure)


def _one(out: Checked, systems: Systems, schemas: Mapping[str, Schema], place: _Place, earlier: Mapping[RowRef, Former]) -> None:
    collection, known, name = place.collection, place.known, place.known.name
    live = schemas[collection.system].collections.get(collection.name)
    column = (live.columns.get(name) if live else None) or Column(name, "any")
    try:
        if place.fixed:
            raise UnfitError(place.fixed, "Correct it in the system itself")
        if place.correction.row is not None:
            value = _put_back(place, earlier)
        else:
            region = systems.catalog.systems[collection.system].region
            text = str(place.correction.value)
            insist_seen(known, place.finding.row.values, text)
            form = written(kind_of(known, place.finding.row.values), text, place.before, region) if text else text
            value = fit(column, form, place.before)
    except UnfitError as unfit:
        out.refuse(collection, name, unfit.why, unfit.cure)
        return
    out.corrections.append(Correction(place.where, value, place.finding.ref))


def _put_back(place: _Place, earlier: Mapping[RowRef, Former]) -> Value:
    former = earlier.get(place.finding.ref)
    name = place.known.name
    if former is None or name not in former.told or not alike(former.told[name], place.before):
        raise UnfitError("it no longer holds what the correction wrote", "Leave the row out, or correct it anew")
    return place.correction.value


# -- uniqueness ------------------------------------------------------------------------------------------------------------


def _taken(
    systems: Systems, schemas: Mapping[str, Schema], case: Case, corrections: Iterable[Correction], cancel: Cancel
) -> list[Refusal]:
    """The corrections whose value somebody else's record has, where it must be the person's alone."""
    mine = {f.ref for f in case.findings if not_theirs(case, f) is None}
    rows = {f.ref: f for f in case.findings}
    asked: dict[str, dict[_Question, list[tuple[Correction, Collection, str]]]] = {}
    for correction in corrections:
        if correction.value is None or correction.row is None:
            continue
        finding = rows[correction.row]
        collection = case.collection(finding)
        name = correction.where.rpartition("/")[2]
        if alike(correction.value, finding.row.values[name]):
            continue
        for question in (
            *_carried(systems, collection.fields[name], finding, correction.value),
            *_unique(schemas[collection.system].collections.get(collection.name), collection, finding, name, correction.value),
        ):
            asked.setdefault(question.system, {}).setdefault(question, []).append((correction, collection, name))
    names = [n for n in systems.catalog.systems if n in asked]

    def job(driver: Driver) -> list[Hit]:
        return systems.find(driver, [q.lookup for q in asked[driver.system.name]], cancel)

    refusals: dict[Refusal, None] = {}
    for system, future in systems.each(names, job):
        questions = list(asked[system])
        hits: list[Hit] = result(future)
        for hit in hits:
            question = questions[hit.lookup]
            for correction, collection, name in asked[system][question]:
                if hit.row.ref != correction.row and not (question.identity and hit.row.ref in mine):
                    refusals[_refused(collection, name, question, hit.row.ref)] = None
    return list(refusals)


@dataclass(frozen=True)
class _Question:
    """Whether a value stands somewhere: as an identifier (``identity`` names its kind), or in a column that must be unique."""

    system: str
    collection: str
    fields: tuple[str, ...]
    values: tuple[str, ...]
    identity: str = ""
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def lookup(self) -> Lookup:
        return Lookup(self.collection, self.fields, (self.values,), self.identity or None, when=dict(self.when))


def _carried(systems: Systems, known: Field, finding: Finding, value: Value) -> Iterator[_Question]:
    kind = known.identity_in(finding.row.values)
    if kind is None or kind in CONFIRMING | WEAK:
        return  # many have the same name, and a family one phone
    by_hand = set(systems.by_hand())
    for collection in systems.catalog.collections():
        for other, fields, when, _ in collection.identity_fields():
            if other == kind and collection.system not in by_hand:
                told = (as_text(value) or "",)
                yield _Question(collection.system, collection.name, fields, told, kind, condition(when))


def _unique(live: LiveCollection | None, collection: Collection, finding: Finding, name: str, value: Value) -> Iterator[_Question]:
    for columns in live.unique if live else ():
        after = {**finding.row.values, name: value}
        if name in columns and all(after.get(c) is not None for c in columns):
            yield _Question(collection.system, collection.name, columns, tuple(as_text(after[c]) or "" for c in columns))


def _refused(collection: Collection, name: str, question: _Question, other: RowRef) -> Refusal:
    there = f"{other.system}/{other.collection}"
    if question.identity:
        why = f"another person's record already carries this {question.identity} ({there})"
        cure = "Find out whose it is; a record that is this person's can be included with a reason"
    else:
        why, cure = "it must be unique, and another record has this value", "Give another value"
    return Refusal(collection.system, collection.name, name, why, cure)
