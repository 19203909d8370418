"""Automated decisions: a human looks at what a machine alone decided about the person (GDPR Art. 22)."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.catalog import Automated
from dsr_desk.model.finding import Finding
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.rights.base import REVIEW, Case, Right, not_theirs, whole


class AutomatedDecisions(Right):
    """Each decision with its logic and effect, for a person to look at anew (Art. 22(3)). Nothing is written."""

    name = "automated-decisions"
    article = "Art. 22"
    verb = "REVIEW"
    called = "a look at automated decisions"
    title = "Review decisions about"
    writes = False
    exports = False

    def intents(self, case: Case) -> Iterator[Intent]:
        """Rows of collections that the catalog calls ``automated``; all others are left out."""
        for finding in case.findings:
            automated = case.collection(finding).automated
            if automated is None:
                yield whole(finding, "keep", Outcome("excluded", reason="No decision that a machine takes alone"))
            else:
                yield not_theirs(case, finding) or _decision(finding, automated)


def _decision(finding: Finding, automated: Automated) -> Intent:
    effect = f" Effect: {automated.effect.rstrip('.')}." if automated.effect else ""
    reason = f"Logic: {automated.logic.rstrip('.')}.{effect}"
    return whole(finding, "manual", Outcome("manual", REVIEW, reason=reason))
