"""The right column of a plan: how much where, which digest, who stands by it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.four_eyes import ask_words, before_you, waits_for
from dsr_desk.gui.models.wording import Systems, clock, day, grouped, moment
from dsr_desk.gui.widgets.button import Button, Kind
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.export_form import ExportForm
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line, Pane
from dsr_desk.gui.widgets.parts import Chip, Sign, Text
from dsr_desk.gui.widgets.plan_figures import PlanFigures
from dsr_desk.gui.widgets.typed_words import TypedWords
from dsr_desk.model.plan import Plan
from dsr_desk.model.result import Approval, Approvals


class ApprovePane(Pane):
    """``approved``: the words were typed and the button pressed. ``review``, ``go_on``, ``again``: the other buttons.

    ``export`` carries the chosen formats of a plan that only discloses, and whether they are encrypted; ``report`` goes there.
    """

    approved = Signal()
    review = Signal()
    go_on = Signal()
    again = Signal()
    export = Signal(list, bool)
    report = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What will happen", wide=round(320 * max(1.0, theme.current().scale)), parent=parent)
        self._plan: Plan | None = None
        self._phrase = ""
        self._locked = ""
        self._eyes = Approvals((), 1, True, ())
        self.figures = PlanFigures()
        self.body.addWidget(self.figures)
        self._layout_digest()
        self.body.addStretch(1)
        self._below_line = QVBoxLayout()
        self._below_line.setSpacing(7)
        self._below_line.addWidget(Line())
        self.foot.addLayout(self._below_line)
        self._layout_approve()
        self._layout_formats()
        self._layout_foot()

    # -- layout

    def _layout_digest(self) -> None:
        row = QHBoxLayout()
        row.addWidget(Label("Plan", size=theme.SMALL, tint="text2"))
        self._digest = Label(mono=True, size=theme.SMALL, elide=True)
        row.addWidget(self._digest, 1)
        self._copy = Button("Copy", "quiet", sign="copy", small=True, on=self._on_copy)
        row.addWidget(self._copy)
        self.body.addLayout(row)
        self._made = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.body.addWidget(self._made)

    def _layout_approve(self) -> None:
        self._approve_title = Label("Approve", size=theme.PANE, weight=theme.BOLD)
        self._below_line.addWidget(self._approve_title)
        self._who = PartsView()
        self._below_line.addWidget(self._who)
        self._stripe = PartsView()
        self._below_line.addWidget(self._stripe)
        self._mixed = Label("Test and production systems are mixed here.", size=theme.SMALL, tint="retained", wrap=True)
        self._below_line.addWidget(self._mixed)
        self._ask = PartsView()
        self._below_line.addWidget(self._ask)
        self.words = TypedWords("Type the words to approve")
        self.words.textChanged.connect(self._show_typed)
        self.words.refused.connect(self._show_typed)
        self._below_line.addWidget(self.words)
        self._below = Label(size=theme.SMALL, tint="text2", wrap=True)
        self._below_line.addWidget(self._below)

    def _layout_formats(self) -> None:
        self.formats = ExportForm()
        self.formats.changed.connect(self._show_typed)
        self._below_line.addWidget(self.formats)

    def _layout_foot(self) -> None:
        self.main = _Wide("Approve the plan", "danger", sign="erasure", on=self._on_main)
        self._below_line.addWidget(self.main)
        row = QHBoxLayout()
        self.back = Button("Back to review", on=self.review.emit)
        row.addWidget(self.back)
        row.addStretch(1)
        self._again = Button("Plan it again", "quiet", sign="refresh", on=self.again.emit)
        row.addWidget(self._again)
        self._below_line.addLayout(row)

    # -- showing

    def show_plan(
        self,
        plan: Plan,
        systems: Systems,
        phrase: str,
        approvals: Sequence[Approval],
        locked: str,
        run: str = "",
        eyes: Approvals | None = None,
    ) -> None:
        """Show the figures of a plan; ``locked``: why it can't be approved now (``""``: it can); ``run``: how a run of it ended.

        ``eyes``: who stands by it and who is still asked. Without it one approval is enough, and is whoever's sits here.
        """
        self._run = run
        self._eyes = eyes if eyes is not None else Approvals(tuple(approvals), 0 if approvals else 1, not approvals, ())
        self._plan, self._phrase, self._locked, self._approvals = plan, phrase, locked, tuple(approvals)
        self._reads = rights.reads_only(plan.right)
        self.figures.show_plan(plan, systems)
        self._show_digest(plan)
        self._show_approve(plan, systems)
        self.words.clear_words()
        self._show_typed()

    def _show_digest(self, plan: Plan) -> None:
        self._digest.setText(grouped(plan.digest, 20) if plan.digest else "none while a refusal is open")
        self._copy.setVisible(bool(plan.digest))
        expires, made = moment(plan.expires), moment(plan.made)
        same = expires and made and expires.date() == made.date()
        ends = f"expires {'at' if same else day(plan.expires).rpartition(' ')[0] + ','} {clock(plan.expires)}" if expires else ""
        self._made.setText(" · ".join(filter(None, (f"Made {clock(plan.made)}", ends))))

    def _show_approve(self, plan: Plan, systems: Systems) -> None:
        touched = list(dict.fromkeys(s.ref.system for s in plan.steps if s.changes))
        production = [s for s in touched if s not in systems or systems[s].environment == "production"]
        word = "SYSTEM IS" if len(touched) == 1 else "SYSTEMS ARE"
        self._stripe.show_parts((Chip(f"{len(production)} OF {len(touched)} {word} PRODUCTION", "stripe"),) if production else ())
        self._mixed.setVisible(not self._reads and 0 < len(production) < len(touched))
        small = theme.SMALL
        self._ask.show_parts(
            (
                Text("Type", size=small),
                Text(self._phrase, weight=theme.MEDIUM, size=small, mono=True),
                Text(f"to approve {plan.request}", size=small),
            )
        )
        if self._approvals:
            told = "; ".join(f"{a.by} approved at {clock(a.at)}, entry {a.entry}" for a in self._approvals)
            self._who.show_parts((Sign("done", "verified"), Text(told, size=theme.SMALL)))
        else:
            self._who.show_parts((Sign("person", "text2"), Text(before_you(self._eyes), "text2", size=theme.SMALL)))
        for widget in (self._ask, self.words, self._stripe):
            widget.setVisible(not self._reads and self._eyes.mine and self._eyes.missing > 0 and bool(self._phrase))
        self._stripe.setVisible(not self._reads and bool(production))
        self._who.setVisible(not self._reads)
        hands_over = rights.discloses(plan.right)
        self._approve_title.setText("Hand over" if hands_over else "Nothing to approve" if self._reads else "Approve")
        self.formats.setVisible(hands_over)
        self.formats.show_right(plan.right)
        self._again.setVisible(self._run != "applied")

    def _show_typed(self) -> None:
        if self._plan is None:
            return
        if self._reads:
            self._show_reading(self._plan)
            return
        if not self._eyes.missing:
            if self._run:
                self.main.turn("Go to apply", "primary", "next")
                self._say("Approved, and a run has begun. The next page says how far it is.", "verified")
            else:
                self.main.turn("Apply the approved plan", *self._kind(self._plan))
                self._say("Approved, and nothing is written yet.", "verified")
            self.main.set_off("")
            return
        if not self._eyes.mine:
            self.main.turn("Apply the approved plan", *self._kind(self._plan))
            self.main.set_off(waits_for(self._eyes))
            self._say(self.main.reason, "retained")
            return
        typed = self.words.text().strip() == self._phrase
        self.words.setEnabled(not self._locked)
        words = rights.button_words(self._plan, self._phrase)
        if self._eyes.missing > 1:
            self.main.turn(ask_words(self._eyes, words), "primary", "next")
        else:
            self.main.turn(words, *self._kind(self._plan))
        self.main.set_off(self._locked or ("" if typed else f"Type {self._phrase} first."))
        if self.words.came_at_once and not typed:
            self._say("Type the words: pasting is refused, so that the number is read.", "failed")
        elif typed and not self._locked:
            self._say(f"Your key signs {grouped(self._plan.digest[:8])}.", "verified")
        else:
            self._say(self._locked)

    def _show_reading(self, plan: Plan) -> None:
        """A right that writes nothing: files for the person, or tasks for somebody here."""
        if not rights.discloses(plan.right):
            self.main.turn("Go to the report and its tasks", "primary", "next")
            self.main.set_off(self._locked)
            self._say(self.main.reason or "Nothing is written for this right: a person looks at each decision and records it.")
            return
        self.main.turn("Save the person’s data…", "primary", "save")
        self.main.set_off(self._locked or ("" if self.formats.formats else "Choose at least one format."))
        self._say(self.main.reason or "With the information of Art. 15. Each file is opened again and compared.")

    @staticmethod
    def _kind(plan: Plan) -> tuple[Kind, str]:
        """Red only where something is gone for good."""
        return ("danger" if rights.takes_away(plan) else "primary"), rights.look(plan.right).sign

    def _say(self, text: str, tint: str = "text2") -> None:
        self._below.setText(text)
        self._below.set_tint(tint)
        self._below.setVisible(bool(text))

    @property
    def said(self) -> str:
        """The sentence below the field: why it is off, or what comes next."""
        return self._below.text()

    # -- acts

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._plan.digest if self._plan else "")

    def _on_main(self) -> None:
        if self._reads and self._plan is not None:
            if rights.discloses(self._plan.right):
                self.export.emit(self.formats.formats, self.formats.encrypt)
            else:
                self.report.emit()
        elif not self._eyes.missing:
            self.go_on.emit()
        else:
            self.approved.emit()


class _Wide(Button):
    """A button as wide as the pane, that can change what it is."""

    def turn(self, text: str, kind: Kind, sign: str) -> None:
        """Another act."""
        self.become(kind)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(text)
        self.set_sign(sign)
