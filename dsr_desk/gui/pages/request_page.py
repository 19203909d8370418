"""One request: its head, its nine stages, and the page of the stage that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk import rights
from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.actions import page_shortcut
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.stages import Yield, read_yields, searched, stage_views
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import plain_tip
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Chip, Sign, Text
from dsr_desk.gui.widgets.stepper import Stepper
from dsr_desk.gui.widgets.words import masked
from dsr_desk.model.catalog import System
from dsr_desk.model.due import days_left, left_in_words, long_date
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.request import Request
from dsr_desk.plugins import plugins
from dsr_desk.rights.base import Right

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

#: Which page shows a stage.
_PAGE_OF = {"receive": "receive", "identify": "receive", "search": "search", "review": "search", "plan": "plan", "approve": "plan"}
#: Below this width in px the stepper has one line.
_SHORT = 1180


@dataclass(frozen=True)
class _Read:
    request: Request
    yields: dict[str, Yield]


class RequestPage(QWidget):
    """``left``: back to the inbox. ``catalog_wanted`` asks for a field of the catalog. ``changed``: something was recorded."""

    left = Signal()
    catalog_wanted = Signal(str, str)
    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: Callable[[], Mapping[str, System]],
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems, self._today = desk, bridge, systems, today
        self._request: Request | None = None
        self._yields: dict[str, Yield] = {}
        self._shown = self._wanted = ""
        self._pages: dict[str, Any] = {}
        self.stepper = Stepper()
        self.banner = Banner()
        self._stack = QStackedWidget()
        self._layout()
        self.stepper.chosen.connect(self.show_stage)

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(theme.EDGE - 6, 4, theme.EDGE, 6)
        head.setSpacing(0)
        crumbs = QHBoxLayout()
        crumbs.setSpacing(4)
        self._back = Button("Requests", "quiet", small=True, tip="Back to the inbox (Alt+←)", on=self.left.emit)
        self._ref = PartsView((), 26)
        crumbs.addWidget(self._back)
        crumbs.addWidget(self._ref)
        crumbs.addStretch(1)
        title = QHBoxLayout()
        title.setContentsMargins(6, 0, 0, 0)
        title.setSpacing(10)
        self.title = PartsView((), 28)
        self._due = PartsView((), 28)
        self._more = Button("", sign="more", tip="More about this request", on=self._on_more)
        title.addWidget(self.title, 1)
        title.addWidget(self._due)
        title.addWidget(self._more)
        head.addLayout(crumbs)
        head.addLayout(title)
        head.addSpacing(8)
        stages = QHBoxLayout()
        stages.setContentsMargins(6, 0, 0, 0)
        stages.addWidget(self.stepper)
        head.addLayout(stages)
        column.addLayout(head)
        column.addWidget(Line())
        self.banner.hide()
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)

    # -- showing ---------------------------------------------------------------------------------------------------------

    def open(self, ref: str) -> None:
        """Open a request at its stage."""
        desk, self._wanted = self._desk, ref

        def read(_tell: object, _cancel: object) -> _Read:
            request = desk.request(ref)
            return _Read(request, read_yields(desk, request))

        self._bridge.run(read, on_done=self._on_opened, on_failed=self._on_failed)

    def _on_opened(self, read: _Read) -> None:
        if read.request.ref != self._wanted:  # another one was asked for meanwhile
            return
        self.banner.hide()
        if self._request is None or self._request.ref != read.request.ref:
            self._drop_pages()
        self._request = read.request
        self._take(read)
        stage = "report" if read.request.stage == "closed" else read.request.stage
        self.show_stage(stage)

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error, Button("Back to the inbox", small=True, on=self.left.emit))

    def refresh(self) -> None:
        """Read the request again, and stay where we are."""
        if self._request is None:
            return
        ref, desk = self._request.ref, self._desk

        def read(_tell: object, _cancel: object) -> _Read:
            request = desk.request(ref)
            return _Read(request, read_yields(desk, request))

        self._bridge.run(read, on_done=self._take, on_failed=self._on_failed)

    def _drop_pages(self) -> None:
        """Each request has pages of its own: what still runs for another one can then never be shown under this one's name."""
        for page in self._pages.values():
            page.blockSignals(True)
            self._stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages = {}

    def _take(self, read: _Read) -> None:
        if self._request is None or read.request.ref != self._request.ref:
            return
        self._request, self._yields = read.request, dict(read.yields)
        self._show_head()
        self.changed.emit()

    @property
    def right(self) -> type[Right] | None:
        """The right of this request; ``None`` for one that is no longer known."""
        return plugins(rights, Right).get(self._request.right) if self._request else None

    @property
    def request(self) -> Request | None:
        """The request that is shown."""
        return self._request

    @property
    def stage(self) -> str:
        """The stage whose page is shown."""
        return self._shown

    def _show_head(self) -> None:
        request = self._request
        if request is None:
            return
        right = self.right
        first = request.facts.identity[0] if request.facts.identity else ("name", "")
        more = len(request.facts.identity) - 1
        self._ref.show_parts([Sign("right", "text3", 11), Text(request.ref, "text2", size=theme.SMALL, mono=True)])
        self.title.show_parts(
            [
                Text(right.title if right else request.right, size=theme.TITLE, weight=theme.BOLD),
                Text(masked(*first) + (f" +{more}" if more > 0 else ""), size=18, mono=True),
                Chip(
                    f"{request.right.capitalize()} · {right.article if right else ''}",
                    "plain",
                    request.right if request.right in theme.SIGNS else "",
                ),
            ]
        )
        self._show_due(request)
        self.stepper.show_stages(stage_views(request, self._yields), self._shown)

    def _show_due(self, request: Request) -> None:
        if request.closed:
            self._due.show_parts([Sign("done", "verified"), Text(f"closed {request.closed[:10]}", weight=theme.MEDIUM)])
            return
        left = days_left(request.due, self._today())
        sign, tint = ("alert", "failed") if left < 0 else ("clock-alert", "retained") if left <= 7 else ("clock", "text")
        day = long_date(request.due.on).rsplit(" ", 1)[0]
        self._due.show_parts(
            [Sign(sign, tint), Text(left_in_words(request.due, self._today()), tint, theme.MEDIUM), Text(f"· due {day}", "text2")]
        )
        self._due.setToolTip(plain_tip(request.due.rule))
        self._due.setAccessibleDescription(request.due.rule)

    # -- stages ------------------------------------------------------------------------------------------------------------

    def show_stage(self, stage: str) -> None:
        """Show the page of a stage."""
        if self._request is None:
            return
        self._shown = stage
        page = self._page(_PAGE_OF.get(stage, stage))
        self._stack.setCurrentWidget(page)
        page.show_request(self._request)
        self._show_head()

    def go(self, stage: str, act: str = "") -> None:
        """Go on to a stage, and let its page do something at once (``make`` a plan, ``start`` applying)."""
        self.show_stage(stage)
        if act:
            getattr(self._page(_PAGE_OF.get(stage, stage)), act)()
        self.refresh()

    def _page(self, name: str) -> Any:
        if name not in self._pages:
            page = getattr(self, f"_make_{name}")()
            self._pages[name] = page
            self._stack.addWidget(page)
            page_shortcut(page, "")  # the window passes on the keys it knows
        return self._pages[name]

    def _make_receive(self) -> QWidget:
        from dsr_desk.gui.pages.receive_page import ReceivePage

        known = plugins(rights, Right)
        page = ReceivePage(self._desk, self._bridge, lambda name: known[name].article if name in known else "")
        page.changed.connect(lambda _: self.refresh())
        page.search_wanted.connect(self._on_search)
        page.left.connect(self.left)
        return page

    def _make_search(self) -> QWidget:
        from dsr_desk.gui.pages.search_page import SearchPage

        page = SearchPage(self._desk, self._bridge, self._systems)
        page.changed.connect(self._on_changed)
        page.searched.connect(self._on_searched)
        page.ambiguous.connect(self._on_ambiguous)
        page.plan_wanted.connect(lambda: self.go("plan", "make"))
        page.left.connect(self.left)
        return page

    def _make_which(self) -> QWidget:
        from dsr_desk.gui.pages.which_person_page import WhichPersonPage

        page = WhichPersonPage(self._desk, self._bridge, self._systems)
        page.chosen.connect(self._on_chosen)
        page.added.connect(self._on_chosen)
        return page

    def _make_plan(self) -> QWidget:
        from dsr_desk.gui.pages.plan_page import PlanPage

        page = PlanPage(self._desk, self._bridge, self._systems)
        page.approved.connect(lambda: self.go("apply", "start"))
        page.changed.connect(self.refresh)
        page.review_wanted.connect(lambda: self.show_stage("review"))
        page.identify_wanted.connect(lambda: self.show_stage("identify"))
        page.report_wanted.connect(lambda: self.go("report"))
        page.catalog_wanted.connect(self.catalog_wanted)
        return page

    def _make_apply(self) -> QWidget:
        from dsr_desk.gui.pages.apply_page import ApplyPage

        page = ApplyPage(self._desk, self._bridge, self._systems)
        page.changed.connect(self.refresh)
        page.verify_wanted.connect(lambda: self.go("verify", "search_again"))
        page.plan_wanted.connect(lambda: self.go("plan"))
        page.again_wanted.connect(lambda: self.go("plan", "make"))
        return page

    def _make_verify(self) -> QWidget:
        from dsr_desk.gui.pages.verify_page import VerifyPage

        page = VerifyPage(self._desk, self._bridge, self._systems)
        page.report_wanted.connect(lambda: self.go("report"))
        page.again_wanted.connect(lambda: self.go("plan", "make"))
        page.changed.connect(self.refresh)
        return page

    def _make_report(self) -> QWidget:
        from dsr_desk.gui.pages.report_page import ReportPage

        page = ReportPage(self._desk, self._bridge)
        page.changed.connect(self.refresh)
        return page

    # -- what the pages tell ------------------------------------------------------------------------------------------------

    def _on_search(self) -> None:
        self.show_stage("search")
        self._page("search").search()

    def _on_changed(self, request: Request) -> None:
        self._request = request
        self._show_head()

    def _on_searched(self, result: SearchResult) -> None:
        self._yields["search"] = searched(result)
        page = self._page("search")
        self._yields["review"] = Yield(page.panel.counts_text.replace(" records", "").replace(" record", ""))
        self._show_head()

    def _on_ambiguous(self, result: SearchResult) -> None:
        if self._request is None:
            return
        page = self._page("which")
        page.show_result(self._request, result)
        self._stack.setCurrentWidget(page)

    def _on_chosen(self, request: Request) -> None:
        self._request = request
        self.show_stage("search")
        self._page("search").search()

    def _on_more(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        menu = QMenu(self)
        menu.addAction(theme.icon("copy"), "Copy the reference", lambda: QGuiApplication.clipboard().setText(ref))
        menu.addAction(theme.icon("card"), "Facts of the case", lambda: self.show_stage("receive"))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def next_to_decide(self) -> None:
        """F8: the next thing to decide or mend on this page."""
        page = self._stack.currentWidget()
        for name in ("next_undecided", "next_refusal"):
            if (act := getattr(page, name, None)) is not None:
                act()
                return

    def again(self) -> None:
        """F5: search or check again."""
        page: Any = self._stack.currentWidget()
        for name in ("search", "search_again", "make"):
            if (act := getattr(page, name, None)) is not None:
                act()
                return
        self.refresh()

    def focus_filter(self) -> None:
        """Ctrl+F: the filter of this page."""
        panel = getattr(self._stack.currentWidget(), "panel", None)
        if panel is not None:
            panel.filter.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stepper.set_short(self.width() < _SHORT * theme.current().scale)
