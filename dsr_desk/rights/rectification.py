"""Rectification: what is wrong about the person is put right (GDPR Art. 16)."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.finding import Finding
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.model.values import Value
from dsr_desk.rights.base import Case, Right, alike, not_theirs, whole


class Rectification(Right):
    """The fields that a correction names get the new value; everything else stays as it is."""

    name = "rectification"
    article = "Art. 16"
    verb = "CORRECT"
    title = "Correct data of"
    writes = True
    notice = "rectification"
    takes_all = False

    def intents(self, case: Case) -> Iterator[Intent]:
        """Rows that no correction concerns are left alone; of the others, those that are plainly the person's are corrected."""
        for finding in case.findings:
            told = _told(case, finding)
            if not told:
                yield whole(finding, "keep", _NOT)
            else:
                yield not_theirs(case, finding) or _correct(finding, told)


_NOT = Outcome("excluded", reason="Not to be corrected")


def _told(case: Case, finding: Finding) -> dict[str, Value]:
    collection = case.collection(finding)
    return {
        name: correction.value
        for correction in case.corrections
        for name, field in collection.fields.items()
        if name in finding.row.values and correction.concerns(finding.row, field)
    }


def _correct(finding: Finding, told: dict[str, Value]) -> Intent:
    values = {n: v for n, v in told.items() if not alike(v, finding.row.values[n]) or type(v) is not type(finding.row.values[n])}
    held = Outcome("excluded", reason="It holds this value already")
    fields = {n: Outcome("changed", "given") if n in values else held if n in told else _NOT for n in finding.row.values}
    return Intent(finding.ref, "change" if values else "keep", fields, values=values)
