"""The rights port: what a person may ask for. A right is one new file in this folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from dsr_desk.model.catalog import Catalog, Collection
from dsr_desk.model.finding import Finding, RowRef
from dsr_desk.model.plan import Intent
from dsr_desk.model.request import Decision


@dataclass(frozen=True)
class Case:
    """Everything a right may look at: the catalog, all findings, what a person decided, who the person is."""

    catalog: Catalog
    findings: Sequence[Finding]
    decisions: Mapping[RowRef, Decision]
    subjects: frozenset[RowRef]
    #: The identifiers that are this person's: kind → normal forms.
    identity: Mapping[str, frozenset[str]]

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
    #: Whether it writes to systems; one that only discloses ends with an export.
    writes: ClassVar[bool]

    @abstractmethod
    def intents(self, case: Case) -> Iterator[Intent]:
        """What should become of every field of every finding, one intent a finding, in the findings' order."""
