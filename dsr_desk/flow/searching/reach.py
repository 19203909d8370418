"""From identifiers to findings: a pure function over the catalog and what the systems answered so far.

It is run again after every wave of answers, from the start, and asks for what it still needs (``Answers.needed``); when nothing
is needed any more its result stands. The moves are those of the search: who (identifiers → the person's subject rows), what
(everything owned, downwards), who else they are (identifiers on own rows → who, again), and last the mentions in free text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dsr_desk.flow.searching.answers import Answers, Group
from dsr_desk.flow.searching.owners import Edge, Graph
from dsr_desk.flow.searching.people import NO_OWNER, PHONE_ALONE, SECOND_RECORD, Person, torn
from dsr_desk.flow.searching.rivals import Kind, by_kind, kind_of, rivals_among, settle
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Candidate, Finding, Hop, Identifier, Mention, NotFollowed, Row, RowRef
from dsr_desk.model.identity import CONFIRMING, MENTIONED, SHORTEST_MENTION, WEAK
from dsr_desk.model.match import mention_pattern, mentions
from dsr_desk.model.values import as_text


@dataclass(frozen=True)
class Ask:
    """What a search starts from.

    ``subjects`` are rows a person said are the subject; ``confirmed`` are rows that came for review and were confirmed. ``off``
    are identifiers (kind, value) that were switched off; ``others`` are rows known to be somebody else, to whom nothing leads.
    ``thorough`` never lets an index answer: it is the search that proves an erasure. ``line`` is the person's in a list of people.
    """

    given: tuple[tuple[str, str], ...]
    subjects: frozenset[RowRef] = frozenset()
    confirmed: frozenset[RowRef] = frozenset()
    off: frozenset[tuple[str, str]] = frozenset()
    others: frozenset[RowRef] = frozenset()
    thorough: bool = False
    line: int = 0


@dataclass
class Reached:
    """What a search has reached. ``own`` are the rows that are plainly this person's."""

    identity: list[Identifier] = field(default_factory=list)
    findings: dict[RowRef, Finding] = field(default_factory=dict)
    ambiguous: list[Candidate] = field(default_factory=list)
    not_followed: list[NotFollowed] = field(default_factory=list)
    subjects: list[RowRef] = field(default_factory=list)
    own: dict[RowRef, None] = field(default_factory=dict)


class Reach:
    """One evaluation. Make it, call ``run`` once."""

    def __init__(self, graph: Graph, answers: Answers, ask: Ask) -> None:
        self.graph = graph
        self.answers = answers
        self.ask = ask
        self.out = Reached()
        self.person = Person(ask.given, answers.identifiers, answers.normals)
        self.own = self.out.own
        self.reviewed: dict[RowRef, tuple[str, ...]] = {}
        self._line = (ask.line,) if ask.line else ()
        #: The person's own subject rows.
        self._people: dict[RowRef, None] = {}
        #: Kind of an identifier → the forms that are known.
        self._known: dict[str, set[str]] = {}
        self._queue: list[Identifier] = []
        #: Kind and value of an identifier → the rows that have it.
        self._hit: dict[tuple[str, str], list[Row]] = {}

    def run(self) -> Reached:
        """Everything that can be reached with the answers there are."""
        for kind, value in self.ask.given:
            self._know(Identifier(kind, value, followed=(kind, value) not in self.ask.off))
        self._chosen()
        if not self._given():
            return self.out
        self._widen()
        self._below_reviewed()
        if self.graph.mentioning and all(group.system in self.answers.slow for group in self.answers.needed):
            self._mentions()
        self.out.subjects = list(self._people)
        return self.out

    # -- who ---------------------------------------------------------------------------------------------------------

    def _chosen(self) -> None:
        for ref in sorted(self.ask.subjects, key=str):
            key = self.graph.catalog.collection(ref.system, ref.collection).key
            for row in self.answers.ask(Group(ref.system, ref.collection, key), ref.key):
                self._join(row, (Hop("given", "row"),), weak=False, sure=True)

    def _given(self) -> bool:
        """Find the person from what was given; ``False`` where it leads to several people or only to candidates."""
        given = [i for i in self.out.identity if i.followed]
        leading = [i for i in given if i.kind not in CONFIRMING]
        if not leading and not self.own:
            for identifier in given:
                self._candidates(a for hit in self._hits(identifier) for a in self._owners(hit))
            return False
        leads = {i: self._leads(i) for i in sorted(leading, key=lambda i: i.kind in WEAK)}
        if len({anchor for anchors in leads.values() for anchor in anchors}) <= 1:
            for identifier, anchors in leads.items():
                self._follow(identifier, anchors)
            return True
        rivals = rivals_among([a for a in anchors if self.graph.is_subject(self.answers.rows[a])] for anchors in leads.values())
        waiting: list[Identifier] = []
        for identifier, anchors in leads.items():
            disputed = {kind: refs for kind, refs in by_kind(anchors).items() if kind in rivals}
            settled = {kind: settle(kind, rivals[kind], self.ask.subjects, self._bears) for kind in disputed}
            if all(settled.values()):
                allowed = frozenset().union(*settled.values()) if settled else frozenset[RowRef]()
                self._follow(identifier, [a for a in anchors if kind_of(a) not in rivals or a in allowed])
                self._leave(identifier, [a for a in anchors if kind_of(a) in rivals and a not in allowed])
            else:
                waiting.append(identifier)
        return self._resolve(waiting, leads, rivals)

    def _bears(self, ref: RowRef) -> bool:
        row = self.answers.rows[ref]
        return self.person.bears(row, self.graph.collection(row))

    def _resolve(self, waiting: list[Identifier], leads: Mapping[Identifier, list[RowRef]], rivals: Mapping[Kind, object]) -> bool:
        """Settle what led to several people with what is known by now; ask where that doesn't."""
        if not waiting:
            return True
        if self.own:
            self._widen()
        unsettled: list[RowRef] = []
        for identifier in waiting:
            for kind in rivals:
                refs = [r for r in leads[identifier] if kind_of(r) == kind]
                if refs and len([r for r in refs if r in self.own]) != 1:
                    unsettled += refs
        if unsettled and not self.ask.subjects:
            self._candidates(r for i in waiting for r in leads[i] if kind_of(r) in rivals)
            return False
        for identifier in waiting:
            self._follow(identifier, [r for r in leads[identifier] if r in self.own or kind_of(r) not in rivals])
            self._leave(identifier, [r for r in leads[identifier] if r not in self.own and kind_of(r) in rivals])
        return True

    def _candidates(self, refs: Iterable[RowRef]) -> None:
        known = {c.row.ref for c in self.out.ambiguous}
        for ref in refs:
            if ref not in known:
                known.add(ref)
                self.out.ambiguous.append(Candidate(self.answers.rows[ref]))

    def _leads(self, identifier: Identifier) -> list[RowRef]:
        """The people an identifier leads to, straight hits before those of rows with several owners."""
        sure: dict[RowRef, None] = {}
        torn: dict[RowRef, None] = {}
        for hit in self._hits(identifier):
            owners = self._owners(hit)
            into = torn if len(owners) > 1 else sure
            into.update(dict.fromkeys(sorted(owners, key=self._order) if len(owners) > 1 else owners))
        return [a for a in sure or torn if a not in self.ask.others]

    def _follow(self, identifier: Identifier, anchors: Iterable[RowRef]) -> None:
        hop = Hop("found" if identifier.origin else "given", identifier.kind, identifier.origin)
        for ref in sorted(anchors, key=self._order):
            if ref not in self.own:
                self._join(self.answers.rows[ref], (hop,), weak=identifier.kind in WEAK)
        for hit in self._hits(identifier):
            if not self._owners(hit):
                self._find(hit, (hop,), shared=True, review=(NO_OWNER,))

    def _leave(self, identifier: Identifier, anchors: list[RowRef]) -> None:
        if anchors:
            self.out.not_followed.append(NotFollowed(replace(identifier, followed=False), tuple(anchors)))

    def _hits(self, identifier: Identifier) -> list[Row]:
        asked = (identifier.kind, identifier.value)
        hits = self._hit.get(asked)
        if hits is None:
            groups = self.graph.carriers.get(identifier.kind, ())
            which = 1 if self.ask.thorough else 0
            hits = [row for group in groups for row in self.answers.ask(group[which], (identifier.value,))]
            self._hit[asked] = hits
        return hits

    # -- who else they are -------------------------------------------------------------------------------------------

    def _join(self, row: Row, via: tuple[Hop, ...], *, weak: bool, sure: bool = False) -> None:
        """Take a row as the person's own, or hold it for review where something speaks against it."""
        if row.ref in self.own:
            return
        reasons = () if sure or row.ref in self.ask.confirmed else self._doubts(row, weak)
        if reasons:
            if row.ref not in self.reviewed:
                self.reviewed[row.ref] = reasons
                self._find(row, via, review=reasons)
            return
        self.reviewed.pop(row.ref, None)
        self.own[row.ref] = None
        if self.graph.is_subject(row):
            self._people[row.ref] = None
        self._find(row, via, review=())
        self._learn(row)
        self._descend(row)

    def _doubts(self, row: Row, weak: bool) -> tuple[str, ...]:
        collection = self.graph.collection(row)
        doubts = self.person.contradictions(row, collection)
        if not doubts and weak and self.own and not self.person.confirms(row, collection, self._region(row)):
            doubts = (PHONE_ALONE,)
        if self.graph.is_subject(row) and any(kind_of(o) == kind_of(row.ref) for o in self._people):
            doubts = (*doubts, SECOND_RECORD)
        return doubts

    def _learn(self, row: Row) -> None:
        """The identifiers on one of the person's own rows join the identity."""
        ways = self.graph.ways(row)
        if not ways.telling:
            return
        said = self.answers.identifiers(row, self.graph.collection(row))
        is_person = not ways.owned or self.graph.is_subject(row)
        if is_person:
            self.person.learn(said, ways.region)
        several = frozenset() if ways.owned or self.graph.is_subject(row) else torn(said, self.answers.normals, ways.region)
        for kind, value, fields in said:
            if kind in CONFIRMING and not is_person:
                continue  # the name on an order may be the one it was sent to
            off = (kind, value) in self.ask.off or kind in several
            self._know(Identifier(kind, value, row.ref, fields, followed=not off), ways.region)

    def _know(self, identifier: Identifier, region: str | None = None) -> None:
        forms = self.answers.normals(identifier.kind, identifier.value, region)
        known = self._known.setdefault(identifier.kind, set())
        if forms and forms <= known:
            return
        known |= forms
        self.out.identity.append(identifier)
        if identifier.origin and identifier.followed and identifier.kind not in CONFIRMING:
            self._queue.append(identifier)

    def _widen(self) -> None:
        """Look up every identifier that was found, until nothing new appears."""
        while self._queue:
            identifier = self._queue.pop(0)
            anchors = self._leads(identifier)
            elsewhere = self._somebody_else(anchors)
            if elsewhere:
                self._leave(identifier, elsewhere)
                index = self.out.identity.index(identifier)
                self.out.identity[index] = replace(identifier, followed=False)
            else:
                self._follow(identifier, anchors)

    def _somebody_else(self, anchors: list[RowRef]) -> list[RowRef]:
        """Those of the anchors that are another person: a second row of a kind of which the person has one."""
        others = []
        for kind, refs in by_kind(anchors).items():
            if not self.graph.is_subject(self.answers.rows[refs[0]]):
                continue
            mine = {o for o in self._people if kind_of(o) == kind}
            strangers = [r for r in refs if r not in mine and r not in self.ask.confirmed]
            if strangers and (mine or len(strangers) > 1):
                others += strangers
        return others

    # -- what --------------------------------------------------------------------------------------------------------

    def _descend(self, top: Row) -> None:
        """Everything owned, downwards, and what is only seen, as leaves."""
        own, findings = self.own, self.out.findings
        queue: deque[tuple[Row, bool]] = deque([(top, False)])
        while queue:
            row, shared = queue.popleft()
            ways = self.graph.ways(row)
            for child, via in self._along(row, ways.down):
                ref = child.ref
                if ref in own or (ref in findings and not self._heavier(findings[ref], shared)):
                    continue
                lead = self.graph.ways(child)
                if lead.subject and self.graph.is_subject(child):
                    if not shared:
                        self._join(child, via, weak=False)
                    continue
                others = self._other_owners(child)
                torn = shared or bool(others)
                self._find(child, via, shared=torn, other_owners=others)
                if not torn:
                    own[ref] = None
                    if lead.telling:
                        self._learn(child)
                if lead.down or lead.seen:
                    queue.append((child, torn))
            if ways.seen and not shared:
                for leaf, via in self._along(row, ways.seen):
                    if leaf.ref not in own and leaf.ref not in findings:
                        self._find(leaf, via, access_only=True)

    def _heavier(self, finding: Finding, shared: bool) -> bool:
        """Whether reaching a row again says more than the finding there is: that was only seen, shared, or had no owner."""
        return finding.access_only or NO_OWNER in finding.review or (finding.shared and not shared)

    def _along(self, row: Row, edges: Iterable[Edge]) -> Iterator[tuple[Row, tuple[Hop]]]:
        """The rows that these edges lead to from a row."""
        for edge in edges:
            for question in edge.questions(row):
                via = (Hop(edge.rule, edge.detail, row.ref),)
                for found in self.answers.ask(*question):
                    yield found, via

    def _other_owners(self, row: Row) -> tuple[RowRef, ...]:
        others = [o for o in self._owners(row) if o not in self.own]
        return tuple(sorted(others, key=self._order)) if others else ()

    def _below_reviewed(self) -> None:
        """A row that was hit, but belongs to a person held for review, is shown with the same reasons."""
        for identifier in self.out.identity if self.reviewed else ():
            if not identifier.followed or identifier.kind in CONFIRMING:
                continue
            for hit in self._hits(identifier):
                reasons = {r for o in self._owners(hit) for r in self.reviewed.get(o, ())}
                if reasons and hit.ref not in self.out.findings:
                    rule = "found" if identifier.origin else "given"
                    self._find(hit, (Hop(rule, identifier.kind, identifier.origin),), review=tuple(sorted(reasons)))

    # -- mentions ----------------------------------------------------------------------------------------------------

    def _mentions(self) -> None:
        wanted = [i for i in self.out.identity if i.followed and i.kind in MENTIONED and len(i.value) >= SHORTEST_MENTION]
        for collection, fields in self.graph.mentioning:
            for name in fields:
                for identifier in wanted:
                    group = Group(collection.system, collection.name, (name,), identifier.kind, mention=True)
                    for row in self.answers.ask(group, (identifier.value,)):
                        self._mention(row, collection, fields, wanted)

    def _mention(self, row: Row, collection: Collection, fields: tuple[str, ...], wanted: list[Identifier]) -> None:
        known = self.out.findings.get(row.ref)
        if known is not None and known.mentions:
            return
        pattern = mention_pattern([(i.kind, i.value) for i in wanted], self._region(row))
        spans: list[Mention] = []
        for name in fields:
            text = as_text(row.values.get(name))
            if text and pattern:
                spans += mentions(text, name, pattern)
        if known is not None:
            self.out.findings[row.ref] = replace(known, mentions=tuple(spans))
        else:
            hop = Hop("mention", "+".join(sorted({m.field for m in spans})))
            self._find(row, (hop,), mention=True, mentions=tuple(spans))

    # -- small things ------------------------------------------------------------------------------------------------

    def _find(
        self,
        row: Row,
        via: tuple[Hop, ...],
        *,
        shared: bool = False,
        access_only: bool = False,
        mention: bool = False,
        review: tuple[str, ...] = (),
        other_owners: tuple[RowRef, ...] = (),
        mentions: tuple[Mention, ...] = (),
    ) -> None:
        ways = self.graph.ways(row)
        self.out.findings[row.ref] = Finding(
            row,
            via,
            access_only,
            shared,
            mention,
            review,
            other_owners,
            mentions,
            () if row.values.keys() <= ways.fields else tuple([name for name in row.values if name not in ways.fields]),
            ways.subject and self.graph.is_subject(row),
            self._line,
        )

    def _owners(self, row: Row) -> frozenset[RowRef]:
        return self.graph.anchors(row, self.answers)

    def _region(self, row: Row) -> str | None:
        return self.graph.ways(row).region

    def _order(self, ref: RowRef) -> tuple[int, tuple[str, ...]]:
        return self.graph.order[ref.system, ref.collection], ref.key
