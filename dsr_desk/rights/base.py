"""The rights port: what a person may ask for. A right is one new file in this folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from dsr_desk.model.catalog import Catalog, Collection
from dsr_desk.model.finding import Finding, RowRef
from dsr_desk.model.former import Former
from dsr_desk.model.identity import normals
from dsr_desk.model.plan import Action, Intent, Outcome
from dsr_desk.model.request import Correction, Decision
from dsr_desk.model.values import Value, as_text

#: Strategies of a manual outcome: what a person is asked to do with the row in place of deciding whose it is.
BY_HAND = "by hand"
REVIEW = "review"


@dataclass(frozen=True)
class Case:
    """Everything a right may look at: the catalog, all findings, what a person decided, who the person is."""

    catalog: Catalog
    findings: Sequence[Finding]
    decisions: Mapping[RowRef, Decision]
    subjects: frozenset[RowRef]
    #: The identifiers that are this person's: kind → normal forms.
    identity: Mapping[str, frozenset[str]]
    #: The ground that the request was made on.
    ground: str = ""
    #: New values of a rectification, each for one field of one row, in the column's own type.
    corrections: Sequence[Correction] = ()
    #: What a restriction wrote over, for the request that ends it: by the row as it lies now.
    former: Mapping[RowRef, Former] = field(default_factory=dict)
    #: Of these rows, those that another request restricts, too: row → that request's reference.
    also: Mapping[RowRef, str] = field(default_factory=dict)

    def collection(self, finding: Finding) -> Collection:
        """What the catalog says of the finding's collection."""
        return self.catalog.collection(finding.ref.system, finding.ref.collection)


class Right(ABC):
    """One right of the data subject: findings in, intents out, no input or output."""

    #: The word on the command line.
    name: ClassVar[str]
    #: The article of the GDPR.
    article: ClassVar[str]
    #: The verb of its button and of its typed confirmation (``ERASE 14``).
    verb: ClassVar[str]
    #: The title of a request, before the masked identifier: ``Erase all data of``.
    title: ClassVar[str]
    #: What a request for it is called in a sentence; ``""``: a request for its name.
    called: ClassVar[str] = ""
    #: Whether it writes to systems; one that only discloses ends with an export.
    writes: ClassVar[bool]
    #: The grounds on which it can be asked for: paragraph → plain words.
    grounds: ClassVar[Mapping[str, str]] = {}
    #: Whether one that only discloses ends with an export; else with what people did about it.
    exports: ClassVar[bool] = True
    #: What recipients are told of where it changes rows (Art. 19); ``""`` where they need not be.
    notice: ClassVar[str] = ""
    #: Whether a person can ask for it straight away; else it follows from an earlier request.
    asked: ClassVar[bool] = True
    #: Whether it is about all data, so that what stays or is left out makes the answer a partial one.
    takes_all: ClassVar[bool] = True

    @abstractmethod
    def intents(self, case: Case) -> Iterator[Intent]:
        """What should become of every field of every finding, one intent a finding, in the findings' order."""


def set_aside(case: Case, finding: Finding) -> Intent | None:
    """What keeps a finding out of a right's hands: a person left it out, must still look at it, or it is only seen.

    ``None`` where the right may go on: the finding is plainly this person's, or a person included it.
    """
    decision = case.decisions.get(finding.ref)
    if decision is not None:
        return None if decision.include else whole(finding, "keep", Outcome("excluded", reason=decision.reason))
    if finding.review or finding.shared or finding.mention:
        reason = _why(finding)
        return whole(finding, "manual", Outcome("manual", reason=reason))
    return seen_only(finding) if finding.access_only else None


def not_theirs(case: Case, finding: Finding) -> Intent | None:
    """What keeps a finding out of the hands of a right that writes told values: it changes the person's own records only."""
    aside = set_aside(case, finding)
    if aside is None and finding.access_only:
        return seen_only(finding)
    if aside is None and finding.mention:
        return whole(finding, "keep", Outcome("excluded", reason="Somebody else's record that mentions this person"))
    return aside


def marked(finding: Finding, told: Mapping[str, Value], strategy: str, other: Outcome, already: str) -> Intent:
    """A row in which ``told`` is to stand (field → value), ``other`` being the outcome of all its other fields.

    What is there already is not written again; the reason of a row that holds all of it is then ``already``.
    """
    values = {n: v for n, v in told.items() if n not in finding.row.values or not alike(v, finding.row.values[n])}
    flag = Outcome("changed", strategy) if values else replace(other, strategy=strategy, reason=already)
    rest = other if values else replace(other, reason=already)
    fields = {name: flag if name in told else rest for name in (*finding.row.values, *told)}
    return Intent(finding.ref, "change" if values else "keep", fields, values=values)


def alike(told: Value, found: Value) -> bool:
    """Whether a field holds a told value, in whatever form its system gives it back: ``true`` as ``1``, ``7.5`` as ``7.50``."""
    if told is None or found is None:
        return told is found
    if isinstance(told, bool) or isinstance(found, bool):
        return _truth(told) is not None and _truth(told) == _truth(found)
    if as_text(told) == as_text(found):
        return True
    if isinstance(told, datetime) or isinstance(found, datetime):
        return _moment(told) is not None and _moment(told) == _moment(found)
    numbers = (int, float, Decimal)
    return bool(isinstance(told, numbers) and isinstance(found, numbers) and told == found)


def _truth(value: Value) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get((as_text(value) or "").lower())


def _moment(value: Value) -> datetime | None:
    try:
        return value if isinstance(value, datetime) else datetime.fromisoformat(as_text(value) or "")
    except ValueError:
        return None


def seen_only(finding: Finding) -> Intent:
    """What becomes of a row that the person may see and not erase (``accessed_by``), whatever somebody decided."""
    return whole(finding, "keep", Outcome("excluded", reason="Somebody else's record that this person may see"))


def whole(finding: Finding, action: Action, outcome: Outcome) -> Intent:
    """The same outcome for every field of a row."""
    return Intent(finding.ref, action, dict.fromkeys(finding.row.values, outcome), reason=outcome.reason)


def _why(finding: Finding) -> str:
    if finding.review:
        return f"To be reviewed: {', '.join(finding.review)}"
    if finding.mention:
        return "Somebody else's record that mentions this person"
    owners = len(finding.other_owners)
    return f"Shared with {owners} other{'s' if owners > 1 else ''}" if owners else "Shared, or without an owner"


def withheld(case: Case, finding: Finding, name: str) -> Outcome | None:
    """Why a field may not be shown to this person: it is somebody else's (Art. 15(4)), or a person must look first.

    ``None`` where it may be shown.
    """
    collection = case.collection(finding)
    field = collection.fields.get(name)
    value = finding.row.values.get(name)
    if field is None:
        return Outcome("manual", reason="The catalog does not know this column")
    if value is None:
        return None
    others = Outcome("withheld", ground="15(4)", reason="Somebody else's")
    for reference in collection.references:
        if name in reference.fields and case.catalog.collection(reference.system, reference.collection).subject:
            target = RowRef(
                reference.system, reference.collection, tuple(as_text(finding.row.values.get(f)) or "" for f in reference.fields)
            )
            return None if target in case.subjects else others
    if finding.clear:
        return None
    identity, category = field.identity_in(finding.row.values), field.category_in(finding.row.values) or ""
    if identity or category.startswith(_IDENTIFYING):
        forms = case.identity.get(identity or "") or frozenset().union(*case.identity.values(), frozenset())
        kind = identity or ("name" if category.startswith("user.name") else "text")
        return None if normals(kind, value) & forms else others
    decision = case.decisions.get(finding.ref)
    if field.mentions or category.startswith("user.content"):
        included = decision is not None and decision.include
        return None if included else Outcome("manual", reason="Free text that others have a share in: to be read first")
    return None


#: Categories that say who somebody is (fideslang keys).
_IDENTIFYING = ("user.name", "user.contact.email", "user.contact.phone", "user.unique_id", "user.government_id", "user.account")
