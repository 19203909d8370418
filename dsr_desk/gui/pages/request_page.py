"""One request: its head, its nine stages, and the page of the stage that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.actions import page_shortcut
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.stages import Yield, read_yields, searched
from dsr_desk.gui.models.standing import Standing, read_standing
from dsr_desk.gui.request_acts import RequestActs
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.request_head import RequestHead
from dsr_desk.gui.widgets.standing_bar import StandingBar
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.request import Request

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
    standing: Standing


def _read(desk: Desk, ref: str) -> _Read:
    request = desk.request(ref)
    return _Read(request, read_yields(desk, request), read_standing(desk, request))


def _opened(desk: Desk, ref: str) -> _Read:
    desk.view(ref)
    return _read(desk, ref)


class RequestPage(QWidget):
    """``left``: back to the inbox. ``catalog_wanted`` asks for a field of the catalog. ``changed``: something was recorded.

    ``trail_wanted`` asks for the entries about a request.
    """

    left = Signal()
    catalog_wanted = Signal(str, str)
    trail_wanted = Signal(str)
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
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._request: Request | None = None
        self._yields: dict[str, Yield] = {}
        self._shown = self._wanted = ""
        self._pages: dict[str, Any] = {}
        self.head = RequestHead(today)
        self.banner = Banner()
        self.standing = StandingBar()
        self.acts = RequestActs(desk, bridge, self)
        self._stack = QStackedWidget()
        self._layout()
        self._connect()

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(Line())
        self.banner.hide()
        column.addWidget(self.banner)
        column.addWidget(self.standing)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.head.left.connect(self.left)
        self.head.chosen.connect(self.show_stage)
        self.head.more_wanted.connect(self._on_more)
        self.standing.release_wanted.connect(self.acts.release)
        self.standing.lift_wanted.connect(self.acts.lift)
        self.standing.undo_wanted.connect(self.acts.undo)
        self.standing.open_wanted.connect(self.open)
        self.standing.plan_wanted.connect(lambda: self.go("plan", "make"))
        self.acts.changed.connect(self._on_acted)
        self.acts.opened.connect(self.open)
        self.acts.failed.connect(lambda error: self.banner.show_error(error, Button("Hide", small=True, on=self.banner.hide)))
        self.acts.said.connect(self._on_said)

    # -- showing ---------------------------------------------------------------------------------------------------------

    def open(self, ref: str) -> None:
        """Open a request at its stage."""
        desk, self._wanted = self._desk, ref
        self._bridge.run(lambda tell, cancel: _opened(desk, ref), on_done=self._on_opened, on_failed=self._on_failed)

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
        self._bridge.run(lambda tell, cancel: _read(desk, ref), on_done=self._take, on_failed=self._on_failed)

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
        self.standing.show_standing(read.request, read.standing)
        self._show_head()
        self.changed.emit()

    @property
    def request(self) -> Request | None:
        """The request that is shown."""
        return self._request

    @property
    def stage(self) -> str:
        """The stage whose page is shown."""
        return self._shown

    def _show_head(self) -> None:
        if self._request is not None:
            self.head.show_request(self._request, self._yields, self._shown)

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

        page = ReceivePage(self._desk, self._bridge, self._systems)
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
        page.correct_wanted.connect(self._on_correct)
        page.request_wanted.connect(self.open)
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

        page = ReportPage(self._desk, self._bridge, self._systems)
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

    def _on_correct(self) -> None:
        """A told value can't be written: say another one, and plan again when it is taken."""
        self.show_stage("receive")
        self._page("receive").correct()

    def _on_acted(self) -> None:
        """A hold was set or released: what stands is another thing now, and so may be the plan."""
        self.show_stage(self._shown)
        self.refresh()

    def _on_said(self, title: str, text: str) -> None:
        self.banner.say(title, text, tone="verified", sign="done", buttons=(Button("Hide", small=True, on=self.banner.hide),))
        self.banner.show()

    def _on_more(self) -> None:
        request = self._request
        if request is None:
            return
        menu = QMenu(self)
        menu.addAction(theme.icon("copy"), "Copy the reference", lambda: QGuiApplication.clipboard().setText(request.ref))
        menu.addAction(theme.icon("card"), "Facts of the case", lambda: self.show_stage("receive"))
        menu.addAction(theme.icon("audit"), "What the trail says of it", lambda: self.trail_wanted.emit(request.ref))
        if request.closed:
            menu.addSeparator()
            menu.addAction(theme.icon("excluded"), "Destroy its file…", lambda: self._on_shred(request.ref))
        if not request.closed:
            menu.addSeparator()
            menu.addAction(theme.icon("hold"), "Set a legal hold…", lambda: self.acts.hold(request))
            if not (request.facts.extended or request.facts.by_controller or request.facts.answered):
                menu.addAction(theme.icon("clock"), "Extend the period…", lambda: self.acts.extend(request.ref))
        menu.popup(self.head.more.mapToGlobal(QPoint(0, self.head.more.height())))

    def _on_shred(self, ref: str) -> None:
        from dsr_desk.gui.dialogs.shred_dialog import ShredDialog

        dialog = ShredDialog(self._desk, self._bridge, ref, self)
        dialog.changed.connect(self.left)
        dialog.open()

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
        self.head.stepper.set_short(self.width() < _SHORT * theme.current().scale)
