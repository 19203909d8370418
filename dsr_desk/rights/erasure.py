"""Erasure: the right to be forgotten (GDPR Art. 17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, date, datetime
from typing import Any, ClassVar

from dsr_desk.model.catalog import Collection, Erase, Field, Keep, Period
from dsr_desk.model.finding import Finding
from dsr_desk.model.identity import normals
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.model.values import Value
from dsr_desk.rights.base import Case, Right, seen_only, set_aside

NEVER = "never"


class Erasure(Right):
    """Every field of the person is erased, unless the catalog keeps it on a ground."""

    name = "erasure"
    article = "Art. 17"
    verb = "ERASE"
    title = "Erase all data of"
    writes = True
    notice = "erasure"
    grounds: ClassVar[Mapping[str, str]] = {
        "17(1)(a)": "no longer necessary for its purpose",
        "17(1)(b)": "consent withdrawn",
        "17(1)(c)": "objection under Art. 21",
        "17(1)(d)": "unlawfully processed",
        "17(1)(e)": "a legal obligation to erase",
        "17(1)(f)": "collected from a child for an online service",
    }

    def intents(self, case: Case) -> Iterator[Intent]:
        """Delete, redact or keep, as the catalog says for each collection."""
        for finding in case.findings:
            aside = set_aside(case, finding)
            if aside is not None:
                yield aside
            elif finding.access_only:
                yield seen_only(finding)
            elif finding.mention:
                yield _mention(case.collection(finding), finding)
            else:
                yield _erase(case.collection(finding), finding)


def _erase(collection: Collection, finding: Finding) -> Intent:
    if collection.on_erase == "delete":
        gone = Outcome("erased", "delete")
        return Intent(finding.ref, "delete", dict.fromkeys(finding.row.values, gone))
    if collection.on_erase is None:
        reason = "The catalog does not say what erasure does here (on_erase)"
        return Intent(finding.ref, "manual", dict.fromkeys(finding.row.values, Outcome("manual", reason=reason)), reason=reason)
    keeping = _kept(collection.keep, finding) if collection.keep else None
    fields: dict[str, Outcome] = {}
    erase: dict[str, tuple[str, Mapping[str, Value]]] = {}
    for name in finding.row.values:
        field = collection.fields.get(name)
        personal = field is not None and field.personal_in(finding.row.values)
        fields[name], how = _field(collection, field, name, keeping, personal)
        if how is not None:
            erase[name] = (how.strategy, how.params)
    return Intent(finding.ref, "change" if erase else "keep", fields, erase)


def _field(
    collection: Collection, field: Field | None, name: str, keeping: Outcome | None, personal: bool
) -> tuple[Outcome, Erase | None]:
    """What becomes of a field. ``personal`` is whether it is in this row: a value column may be a phone in some rows only."""
    if field is None:
        return Outcome("manual", reason="The catalog does not know this column"), None
    elsewhere = field.personal and not personal
    if field.erase is not None and field.erase.strategy != "keep" and not elsewhere:
        return Outcome("erased", field.erase.strategy), field.erase
    if keeping is not None:
        return (keeping if personal or collection.on_erase == "keep" else Outcome("not personal")), None
    if name in collection.key and personal:
        return Outcome("retained", "key", reason="Key of a row that stays"), None
    return Outcome("manual", reason=_NO_ERASE) if personal else Outcome("not personal"), None


_NO_ERASE = "The catalog does not say how to erase this field (erase)"


def _kept(keep: Keep, finding: Finding) -> Outcome:
    until, reason = _until(keep, finding), keep.reason
    if keep.field is not None and not until:
        reason = f"{reason}. {keep.field} holds no date, so no end can be told"
    return Outcome("retained", "keep", keep.ground, until, reason)


def _until(keep: Keep, finding: Finding) -> str:
    """The end date as ISO text; ``never`` beyond the calendar; ``""`` where it ends with its owner, or none can be told."""
    if keep.until is not None:
        return keep.until.isoformat()
    if keep.field is None:
        return ""
    start = _date(finding.row.values.get(keep.field))
    if start is None:
        return ""
    return _plus(start, keep.plus) if keep.plus else start.isoformat()


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value).date()  # noqa: DTZ006  # a day, not an instant
        except (ValueError, OverflowError, OSError):
            return None
    try:
        return date.fromisoformat(min(normals("date_of_birth", value), default=""))
    except ValueError:
        return None


def _plus(start: date, period: Period) -> str:
    try:
        if period.unit in ("days", "weeks"):
            days = period.count * (7 if period.unit == "weeks" else 1)
            return date.fromordinal(start.toordinal() + days).isoformat()
        months = start.year * 12 + start.month - 1 + period.count * (12 if period.unit == "years" else 1)
        year, month = divmod(months, 12)
        if year > MAXYEAR:
            return NEVER
        for day in range(start.day, 27, -1):
            try:
                return date(year, month + 1, day).isoformat()
            except ValueError:
                continue
        return date(year, month + 1, start.day).isoformat()
    except (ValueError, OverflowError):
        return NEVER


def _mention(collection: Collection, finding: Finding) -> Intent:
    """Somebody else's text that names the person: only the name goes, the text stays theirs.

    From a file or a message no name can be taken: whoever includes it has it deleted whole, where the catalog says so.
    """
    if collection.whole:
        return _erase(collection, finding)
    named = {m.field for m in finding.mentions}
    fields = {
        name: Outcome("erased", "mention") if name in named else Outcome("excluded", reason="Somebody else's record")
        for name in finding.row.values
    }
    spans = {n: [(m.start, m.end) for m in finding.mentions if m.field == n] for n in named}
    return Intent(finding.ref, "change", fields, {n: ("mention", {"spans": spans[n]}) for n in named})
