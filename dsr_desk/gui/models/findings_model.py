"""What was found, as a list to look through and tick: system, collection, row, painted only where it is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dsr_desk.gui import theme
from dsr_desk.gui.models.findings_index import Block, Counts, FindingsIndex, Node
from dsr_desk.gui.widgets.counts import count, number
from dsr_desk.gui.widgets.delegate import GROUND, PARTS
from dsr_desk.gui.widgets.parts import Check, Chip, Fold, Gap, Part, Sign, Text, environment, spoken
from dsr_desk.gui.widgets.words import category_word, hop_word, name_of, special_word
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Finding, RowRef
from dsr_desk.model.mask import HIDDEN, is_special, mask
from dsr_desk.model.request import Decision

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
COL_WHAT: Final = 0
COL_SAYS: Final = 1
COL_CATEGORIES: Final = 2
COL_REACHED: Final = 3
_HEADS = ("System ▸ collection ▸ row", "What it says", "Categories", "How reached")
#: At most this many values and categories stand in a row.
_FEW = 2
#: So many letters of categories fit beside each other.
_LETTERS = 18


class FindingsModel(QAbstractTableModel):
    """A lazy model over ``FindingsIndex``. ``readonly``: no boxes, for a search without a request."""

    def __init__(self, *, readonly: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.index_ = FindingsIndex()
        self.readonly = readonly
        self.restricted: Mapping[RowRef, str] = {}
        self._staged: dict[int, Block] = {}
        self._chips: dict[tuple[str, str, bool], Sequence[Part]] = {}

    # -- what is shown ---------------------------------------------------------------------------------------------------

    def set_systems(
        self,
        systems: Mapping[str, System],
        takes: Callable[[Finding], bool] = lambda finding: finding.clear,
        locked: Callable[[Finding], bool] = lambda finding: False,
    ) -> None:
        """The catalog, which findings are ticked before anybody decides, and which nobody can tick."""
        self.beginResetModel()
        self.index_.takes, self.index_.locked = takes, locked
        self._staged, self._chips = {}, {}
        self.index_.set_systems(systems)
        self.endResetModel()

    def clear(self) -> None:
        """Forget all findings; what is unfolded stays so."""
        self.beginResetModel()
        self._staged = {}
        self.index_.clear()
        self.endResetModel()

    def add(self, findings: Sequence[Finding]) -> None:
        """More has been found, or something is known better."""
        self.stage(findings)
        self.publish()

    def stage(self, findings: Sequence[Finding]) -> None:
        """Take findings in without showing them yet: showing costs a repaint, and a search brings hundreds of slices."""
        groups: dict[int, tuple[Block, list[Finding]]] = {}
        for finding in findings:
            block = self.index_.block(finding)
            groups.setdefault(id(block), (block, []))[1].append(finding)
        for key, (block, group) in groups.items():
            self.index_.add(block, group)
            self._staged[key] = block

    def publish(self) -> None:
        """Show what was taken in. Costs what is new and what is seen, not what is there."""
        staged, self._staged = self._staged, {}
        for block in staged.values():
            block.publish()
            order = self.index_.order()
            grown = order.total - len(self.index_)
            if grown > 0:
                end = order.end_of(block)
                self.beginInsertRows(_TOP, end - grown, end - 1)
                self.index_.arrange(order)
                self.endInsertRows()
            else:
                self.index_.arrange(order)
        if staged:
            self._repaint()

    def unknown(self, findings: Sequence[Finding]) -> list[Finding]:
        """Those that are not shown, or shown as they were before."""
        return [f for f in findings if not self.index_.known(f)]

    def decide(self, decisions: Mapping[RowRef, Decision]) -> None:
        """What a person decided so far."""
        self.index_.decide(decisions)
        self._repaint()

    def restrict(self, restricted: Mapping[RowRef, str]) -> None:
        """Which rows a restriction covers now, each with the words for its chip."""
        self.restricted = restricted
        self._repaint()

    def filter(self, text: str, mark: str) -> None:
        """Show less: see ``FindingsIndex.filter``."""
        self.publish()
        self.beginResetModel()
        self.index_.filter(text, mark)
        self.endResetModel()

    def fold(self, row: int, open_: bool) -> bool:
        """Unfold or fold a system or collection; whether anything changed."""
        node = self.index_.node(row)
        if node.kind == "row":
            return False
        is_open = self.is_open(node)
        if is_open == open_:
            return False
        if node.kind == "system":
            (self.index_.open_systems.add if open_ else self.index_.open_systems.discard)(node.system)
        else:
            self.index_.blocks[node.system, node.collection].open = open_
        order = self.index_.order()
        grown = order.total - len(self.index_)
        if grown > 0:
            self.beginInsertRows(_TOP, row + 1, row + grown)
            self.index_.arrange(order)
            self.endInsertRows()
        elif grown < 0:
            self.beginRemoveRows(_TOP, row + 1, row - grown)
            self.index_.arrange(order)
            self.endRemoveRows()
        self.dataChanged.emit(self.index(row, 0), self.index(row, COL_REACHED))
        return True

    def reveal(self, ref: RowRef) -> int | None:
        """Unfold what hides a finding; its row, or ``None`` where the filter hides it."""
        block = self.index_.blocks.get((ref.system, ref.collection))
        if block is None:
            return None
        if not block.open or ref.system not in self.index_.open_systems:
            self.beginResetModel()
            block.open = True
            self.index_.open_systems.add(ref.system)
            self.index_.arrange()
            self.endResetModel()
        return self.index_.row_of(ref)

    def is_open(self, node: Node) -> bool:
        """Whether a system or collection is unfolded."""
        if node.kind == "system":
            return node.system in self.index_.open_systems
        return node.kind == "collection" and self.index_.blocks[node.system, node.collection].open

    def node(self, row: int) -> Node:
        """What stands in a row."""
        return self.index_.node(row)

    def counts(self) -> Counts:
        """The figures of the page."""
        return self.index_.counts()

    def _repaint(self) -> None:
        if len(self.index_):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.index_) - 1, COL_REACHED))

    # -- Qt --------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.index_)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == PARTS:
            return self.parts(self.index_.node(index.row()), index.column())
        if role == GROUND:
            return "sunken" if self.index_.node(index.row()).kind == "system" else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            node = self.index_.node(index.row())
            columns = range(len(_HEADS)) if index.column() == COL_WHAT else (index.column(),)
            return ", ".join(filter(None, (spoken(self.parts(node, c)) for c in columns)))
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == COL_WHAT and not self.readonly:
            return self.check_state(self.index_.node(index.row()))
        return None

    # -- cells -----------------------------------------------------------------------------------------------------------

    def check_state(self, node: Node) -> Qt.CheckState:
        """Nothing, some or all of what is below is ticked."""
        if node.finding is not None:
            return Qt.CheckState.Checked if self.index_.ticked(node.finding) else Qt.CheckState.Unchecked
        blocks = [b for (s, n), b in self.index_.blocks.items() if s == node.system and node.collection in ("", n)]
        ticked, every = sum(b.counts.ticked for b in blocks), sum(len(b.findings) for b in blocks)
        return (
            Qt.CheckState.Unchecked if not ticked else Qt.CheckState.Checked if ticked == every else Qt.CheckState.PartiallyChecked
        )

    def parts(self, node: Node, column: int) -> Sequence[Part]:
        """What a cell is made of."""
        match column:
            case 0:
                return self._what(node)
            case 1:
                return self._says(node)
            case 2:
                return self._categories(node)
        return self._reached(node)

    def _what(self, node: Node) -> Sequence[Part]:
        locked = node.finding is not None and self.index_.locked(node.finding)
        box: tuple[Part, ...] = () if self.readonly else (Check(self.check_state(node), not locked),)
        system = self.index_.systems.get(node.system)
        if node.kind == "system":
            label = Text(system.label if system else node.system, weight=theme.BOLD)
            sign = Sign(system.driver if system and system.driver in theme.SIGNS else "sql")
            where = (environment(system.environment),) if system else ()
            return Fold(self.is_open(node)), *box, sign, label, *where
        if node.finding is None:
            collection = self.index_.collection(node)
            block = self.index_.blocks[node.system, node.collection]
            return (
                Gap(24),
                Fold(block.open),
                *box,
                Text(collection.label if collection else node.collection, weight=theme.MEDIUM),
                Text(number(len(block)), "text2"),
            )
        return Gap(72 if not self.readonly else 48), *box, Text(self._key(node, node.finding), mono=True, size=theme.SMALL)

    def _key(self, node: Node, finding: Finding) -> str:
        """The key, masked where it identifies somebody."""
        collection = self.index_.collection(node)
        names = collection.key if collection and len(collection.key) == len(finding.ref.key) else ("",) * len(finding.ref.key)
        shown = []
        for name, value in zip(names, finding.ref.key, strict=True):
            field = collection.fields.get(name) if collection else None
            kind, category = (field.identity, field.category) if field else (None, None)
            hide = bool(category) and (category or "") != "user.unique_id"
            shown.append(mask(value, kind, category) if hide else value)
        return f"{names[0]} {shown[0]}".strip() if len(shown) == 1 else ",".join(shown)

    def _says(self, node: Node) -> Sequence[Part]:
        if node.kind == "system":
            found = sum(len(b) for (s, _), b in self.index_.blocks.items() if s == node.system)
            return (Text(count(found, "record"), weight=theme.MEDIUM),)
        collection = self.index_.collection(node)
        if node.finding is None:
            if collection and collection.keep:
                return (Text(f"kept on erasure, {collection.keep.ground}: {collection.keep.reason}", "text2", size=theme.SMALL),)
            return ()
        chips = self.marks(node.finding)
        return *chips, Text(said(node.finding, collection, self.index_.systems), mono=True, size=theme.SMALL)

    def marks(self, finding: Finding) -> list[Chip]:
        """Why a person must look at it, or that somebody did."""
        decision = self.index_.decisions.get(finding.ref)
        if decision is not None and not decision.include:
            return [Chip("left out", "plain", "excluded", outline=True)]
        chips = []
        if self.index_.special(finding):
            chips.append(Chip("special", "failed", "special"))
        if finding.ref in self.restricted:
            chips.append(Chip("restricted", "retained", "restriction"))
        if finding.access_only:
            chips.append(Chip("access-only", "test", "access-only"))
        if finding.shared:
            others = len(finding.other_owners)
            chips.append(
                Chip(f"shared with {others} other{'s' if others > 1 else ''}" if others else "shared", "retained", "shared")
            )
        if finding.mention:
            chips.append(Chip("mention", "changed", "mention"))
        chips += [Chip(why, "retained", "question") for why in finding.review]
        if finding.uncovered:
            chips.append(Chip(count(len(finding.uncovered), "unknown column"), "retained", "warning"))
        return chips

    def _categories(self, node: Node) -> Sequence[Part]:
        collection = self.index_.collection(node)
        if node.kind == "system" or collection is None:
            return ()
        with_special = node.finding is None or self.index_.special(node.finding)
        key = (node.system, node.collection, with_special)
        if key not in self._chips:
            self._chips[key] = _category_parts(collection, with_special)
        return self._chips[key]

    def _reached(self, node: Node) -> Sequence[Part]:
        if node.finding is None or not node.finding.via:
            return ()
        return (Text(hop_word(node.finding.via[-1], self.index_.systems), "text2", size=theme.SMALL),)


def _category_parts(collection: Collection, with_special: bool) -> Sequence[Part]:
    """The first categories of a collection as chips, special ones first, and how many more there are."""
    names = list(dict.fromkeys(f.category for f in collection.fields.values() if f.category and not is_special(f.category)))
    special = (
        sorted({f.category for f in collection.fields.values() if f.category and is_special(f.category)}) if with_special else []
    )
    chips = [Chip(special_word(c), "failed", "special") for c in special[:1]]
    for name in names:
        word = category_word(name)
        if len(chips) >= _FEW or (chips and sum(len(c.text) for c in chips) + len(word) > _LETTERS):
            break
        chips.append(Chip(word))
    more = len(names) + len(special) - len(chips)
    return *chips, *((Text(f"+{more}", "text2", size=theme.SMALL),) if more > 0 else ())


def said(finding: Finding, collection: Collection | None, systems: Mapping[str, System]) -> str:
    """The name and the first few personal values of a row, masked."""
    if collection is None:
        return ""
    name = name_of(finding.row, systems)
    shown = [name] if name else []
    parts = {f for kind, fields, *_ in collection.identity_fields() if kind == "name" for f in fields}
    fields = [f for f in collection.fields.values() if f.personal and f.name not in parts]
    fields.sort(key=lambda f: (f.identity not in ("email", "phone"), f.identity is None))
    for field in fields:
        if len(shown) == _FEW:
            break
        if field.name in collection.key and len(fields) > 1 and field.identity is None:
            continue
        text = mask(finding.row.values.get(field.name), field.identity, field.category)
        if text and text != HIDDEN:
            shown.append(text)
    return "  ".join(shown)
