"""What a report says, before it is drawn: everything a regulator asks for, and no value of the subject's."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReportSystem:
    """One line of *what was done, system by system*.

    ``figures`` stand in the order of the report's ``columns``; one of ``None`` is printed as a dash (does not apply).
    """

    title: str
    environment: str
    figures: tuple[int | None, ...]
    guarantee: str
    state: str


@dataclass(frozen=True, slots=True)
class ReportKept:
    """One line of *what was kept, and why*: ``what`` counts and names (``6 Orders, Web shop``)."""

    what: str
    ground: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class ReportPerson:
    """Who did what when: ``act`` in the past tense, ``key`` the key id, ``entry`` the trail entry."""

    act: str
    name: str
    key: str
    at: str
    entry: int


@dataclass(frozen=True, slots=True)
class ReportField:
    """What became of one field of one collection, counted: ``Orders · note``, ``erased``, 12 records.

    ``special``: it holds one of the special categories (Art. 9).
    """

    where: str
    outcome: str
    records: int
    detail: str = ""
    special: bool = False


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A part that only some reports have. A head is its words and its width in per cent; whole numbers are counts."""

    title: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class ReportData:
    """A whole report. Dates are already written out for people (``Mon 2 Nov 2026``).

    ``figures`` are the large ones of the first page, ``columns`` those that are told system by system. ``tables`` stand between
    what the report can't say and who did what: only where there is something to tell.
    """

    reference: str
    controller: str
    address: str
    subject: str
    right: str
    article: str
    title: str
    received: str
    due: str
    due_rule: str
    answered: str
    in_time: str
    identity_check: str
    ground: str
    decision: str
    decision_reason: str
    headline: str
    summary: str
    figures: tuple[tuple[str, int | None], ...]
    columns: tuple[str, ...]
    systems: tuple[ReportSystem, ...]
    not_searched: tuple[tuple[str, str], ...]
    kept_title: str
    kept: tuple[ReportKept, ...]
    fields: tuple[ReportField, ...]
    people: tuple[ReportPerson, ...]
    limits: tuple[str, ...]
    residue: tuple[str, ...]
    identifiers: tuple[tuple[str, str, str], ...]
    plan_digest: str
    checkpoint: str
    checkpoint_entry: int
    log: str
    verify_command: str
    operators: str
    made: str
    status: str = ""
    tasks: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    tables: tuple[ReportTable, ...] = ()
    #: What to know before anything else: ``DSR Desk refuses to change these records until …``.
    notice: str = ""
    #: Whether the person was asked for more to confirm who they are (Art. 12(6)), and whether the period was extended (Art. 12(3)).
    identity_asked: str = ""
    extension: str = ""
    #: SHA-256 (hex) of the verifier that evidence bundles carry; ``""`` where there is none.
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class PeriodData:
    """A report over all requests that came in between two days. It holds counts, codes and references, and nobody's data.

    ``first`` and ``last`` are ISO dates; ``covers`` says them in words. ``figures`` are the large ones of the first page.
    """

    controller: str
    address: str
    first: str
    last: str
    covers: str
    made: str
    headline: str
    summary: str
    figures: tuple[tuple[str, int | None], ...]
    tables: tuple[ReportTable, ...]
    limits: tuple[str, ...]
    checkpoint: str
    checkpoint_entry: int
    log: str
    verify_command: str
    verifier: str = ""

    @property
    def title(self) -> str:
        """What it is called on paper."""
        return "Report on the requests of a period"
