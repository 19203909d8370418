"""Access: a copy of the person's data (GDPR Art. 15(3))."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.rights.base import Case, Right, set_aside, withheld


class Access(Right):
    """Everything about the person is disclosed; what is others' is withheld."""

    name = "access"
    article = "Art. 15"
    verb = "DISCLOSE"
    title = "All data of"
    writes = False

    def intents(self, case: Case) -> Iterator[Intent]:
        """Rows that are only seen, or shared, are disclosed too, without other people's identifiers (Art. 15(4))."""
        for finding in case.findings:
            decided = finding.ref in case.decisions
            aside = set_aside(case, finding) if decided or finding.review or finding.mention else None
            if aside is not None:
                yield aside
                continue
            fields = {n: withheld(case, finding, n) or Outcome("disclosed") for n in finding.row.values}
            yield Intent(finding.ref, "keep", fields)
