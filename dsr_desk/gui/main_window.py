"""The window: sidebar, pages, status line, keys, and the lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import looks, theme
from dsr_desk.gui.actions import ACTS, build, page_shortcut
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.desk_acts import calls
from dsr_desk.gui.entrance import Entrance
from dsr_desk.gui.frame import FILTERS, Frame
from dsr_desk.gui.idle_lock import IDLE_MINUTES, IdleLock
from dsr_desk.gui.keys import Keys
from dsr_desk.gui.messages import Message, catch_everything
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.widgets.button import Button

#: Below this width in px the sidebar is a rail.
_NARROW = 1200


class MainWindow(QMainWindow):
    """Shows a workspace, or the first start. It holds no rule: pages talk to the desk, ``Doors`` to the rest of the program."""

    shown_page = Signal(str)

    def __init__(self, opened: Opened | None, bridge: Bridge, doors: Doors) -> None:
        super().__init__()
        self._bridge = bridge
        self.keys = Keys(self)
        self.entrance = Entrance(bridge, doors, self)
        self.entrance.opened.connect(self.show_workspace)
        self.entrance.failed.connect(self._on_failed)
        self.entrance.check_wanted.connect(lambda: self.act("check"))
        self._opened: Opened | None = None
        self._pages: dict[str, Any] = {}
        self._here = ""
        self._before: list[str] = []
        self._wants_fold = False
        self.setWindowTitle("DSR Desk")
        self.setMinimumSize(1024, 700)
        self._frame = Frame()
        self.sidebar, self.stack = self._frame.sidebar, self._frame.stack
        self.status, self.banner = self._frame.status, self._frame.banner
        self.setCentralWidget(self._frame)
        self.sidebar.chosen.connect(self.go)
        self._acts = build(self, self._calls())
        self.menuBar().hide()
        self.guard = IdleLock(bridge, self._frame, self)
        self.guard.idle.connect(self.lock)
        self.guard.unlocked.connect(self._on_unlocked)
        catch_everything(self._on_bug)
        if opened is None:
            self.show_start()
        else:
            self.show_workspace(opened)

    def _calls(self) -> dict[str, Callable[[], object]]:
        return {
            "new": self.new_request,
            "open": self.choose_folder,
            "close": self.close_workspace,
            "lock": self.lock,
            "quit": self.close,
            "requests": lambda: self.go("requests"),
            "systems": lambda: self.go("systems"),
            "audit": lambda: self.go("audit"),
            "force": lambda: self.go("force"),
            "back": self.back,
            "sidebar": self._toggle_sidebar,
            "bigger": lambda: self._resize_text("Ctrl++", 0.1),
            "smaller": lambda: self._resize_text("Ctrl+-", -0.1),
            **self.keys.calls(),
            **looks.calls(),
            **calls(self, self._bridge),
        }

    # -- workspaces ----------------------------------------------------------------------------------------------------------

    def show_start(self) -> None:
        """Nothing is open: the first start, and what was open last."""
        self._drop_pages()
        page = self.entrance.make_page()
        self._add("start", page)
        self.sidebar.hide()
        self.status.show_closed()
        self._show("start")
        page.show_recent(self.entrance.recent())
        self._enable()

    def enter(self, first: Callable[[], Opened]) -> None:
        """Open what ``first`` gives, off this thread."""
        self.entrance.enter(first)

    def choose_folder(self) -> None:
        """Ask for the folder of a workspace, then open it."""
        self.entrance.choose_folder()

    def open_folder(self, folder: Path) -> None:
        """Open the workspace in this folder; a passphrase is asked for only where one is needed."""
        self.entrance.open_folder(folder)

    def show_workspace(self, opened: Opened) -> None:
        """Show an open workspace."""
        if self._opened is not None:
            self._opened.close()
        self._drop_pages()
        self._opened = opened
        self.setWindowTitle(f"DSR Desk · {opened.name}")
        self.sidebar.show_workspace(opened.name, opened.operator)
        self.sidebar.show_counts({"systems": len(opened.systems())})
        self.sidebar.show()
        self.status.show_lock(IDLE_MINUTES)
        self.guard.timer.start()
        self._enable()
        self.go("requests")
        self.read_trail()
        if opened.start_with:
            self.open_request(opened.start_with)

    def close_workspace(self) -> None:
        """Close it and show the first page."""
        if self._opened is not None:
            self._opened.close()
        self._opened = None
        self.guard.timer.stop()
        self.setWindowTitle("DSR Desk")
        self.show_start()

    def _drop_pages(self) -> None:
        self._before = []
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages = {}

    # -- pages ---------------------------------------------------------------------------------------------------------------

    def go(self, name: str) -> None:
        """Show one of the pages, or the inbox with one of its filters."""
        if self._opened is None:
            return
        if name == "requests" or any(name == f[0] for f in FILTERS):
            page = self._page("requests")
            page.set_filter(name if name != "requests" else "all")
            self._show("requests", name)
            page.refresh()
            page.search.setFocus()
            return
        page = self._page(name)
        self._show(name)
        if name == "audit":
            page.show_trail()
        elif name == "systems":
            page.show_catalog()
        elif name == "force":
            page.refresh()

    def _page(self, name: str) -> Any:
        if name not in self._pages:
            from dsr_desk.gui.rooms import ROOMS

            self._add(name, ROOMS[name](self, self._bridge))
        return self._pages[name]

    def _add(self, name: str, page: QWidget) -> None:
        self._pages[name] = page
        self.stack.addWidget(page)

    def _show(self, name: str, mark: str = "") -> None:
        if self._here and self._here != name and self._here in self._pages:
            self._before = [*[b for b in self._before if b != name][-10:], self._here]
        self._here = name
        self.stack.setCurrentWidget(self._pages[name])
        self.sidebar.mark(mark or ("requests" if name in ("request", "quick") else name))
        self._fold()
        page_shortcut(self._pages[name], "")
        self.shown_page.emit(name)

    @property
    def frame(self) -> QWidget:
        """The window itself."""
        return self

    @property
    def side(self) -> QWidget:
        """The bar with the pages."""
        return self.sidebar

    @property
    def acts(self) -> Mapping[str, QAction]:
        """Every act by its name."""
        return self._acts

    def show_palette(self) -> None:
        """Every action by name."""
        self.keys.show_palette()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """The counts beside the pages."""
        self.sidebar.show_counts(counts)

    @property
    def here(self) -> str:
        """The name of the page that is shown."""
        return self._here

    @property
    def page(self) -> Any:
        """The page that is shown; ``None`` before there is one."""
        return self._pages.get(self._here)

    @property
    def desk(self) -> Opened:
        """The workspace that is open."""
        assert self._opened is not None
        return self._opened

    def on_catalog_changed(self) -> None:
        """The catalog is another one now."""
        self.sidebar.show_counts({"systems": len(self.desk.systems())})
        self.read_trail()

    def show_catalog_at(self, system: str, collection: str) -> None:
        """Show where the catalog speaks of this."""
        self.go("systems")
        self._page("systems").go_to(system, collection)

    def open_request(self, ref: str) -> None:
        """Show a request at its stage."""
        page = self._page("request")
        self._show("request")
        page.open(ref)

    def show_trail_of(self, ref: str) -> None:
        """Show what the trail says of a request."""
        page = self._page("audit")
        self._show("audit")
        page.show_trail(ref)

    def show_extra(self, name: str, page: QWidget) -> None:
        """Show a page that stands in no bar, in place of an earlier one of its name."""
        if (old := self._pages.pop(name, None)) is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        self._add(name, page)
        self._show(name)

    def act(self, name: str) -> None:
        """Do one of the acts."""
        self._acts[name].trigger()

    def search(self, kind: str, value: str) -> None:
        """Search for somebody without opening a request."""
        page = self._page("quick")
        self._show("quick")
        page.show_search(kind, value)

    def new_request(self, identity: list[tuple[str, str]] | None = None) -> None:
        """Ask for what a new request needs."""
        from dsr_desk.gui.dialogs.new_request import NewRequestDialog

        if self._opened is None:
            return
        opened = self._opened
        dialog = NewRequestDialog(
            opened.desk,
            self._bridge,
            opened.systems(),
            country=opened.country,
            subdivision=opened.subdivision,
            identity=identity or (),
            parent=self,
        )
        dialog.made.connect(lambda request: self.open_request(request.ref))
        dialog.opened.connect(self.open_request)
        dialog.open()

    def back(self) -> None:
        """To the page before."""
        while self._before:
            name = self._before.pop()
            if name in self._pages and name != self._here:
                here = self._here
                self._show(name)
                self._before = [b for b in self._before if b != here]
                return
        self.go("requests")

    # -- the trail -------------------------------------------------------------------------------------------------------------

    def read_trail(self) -> None:
        """Show in the status line how far the trail is."""
        if self._opened is None:
            return
        desk = self._opened.desk

        def read(_tell: object, _cancel: object) -> tuple[int, str]:
            entries = desk.entries()
            return len(entries), entries[-1].ts if entries else ""

        self._bridge.run(read, on_done=self._on_trail, on_failed=self._on_failed)

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error, Button("Hide", small=True, on=self.banner.hide))

    def _on_trail(self, trail: tuple[int, str]) -> None:
        number, last = trail
        self.status.show_trail(number, f"{datetime.fromisoformat(last).astimezone():%H:%M}" if last else "–")

    def on_verified(self, verdict: Any) -> None:
        """Somebody verified the trail."""
        self.status.show_verdict(bool(verdict.ok), len(verdict.doubted))
        self.read_trail()

    # -- lock ------------------------------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Paint everything over until the desk is unlocked. Work that runs goes on."""
        if self._opened is None or self.guard.locked:
            return
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        self.setWindowTitle("DSR Desk")
        self._enable(locked=True)
        self.guard.lock(self._opened.unlock, asks=self._opened.needs_passphrase)

    def _on_unlocked(self) -> None:
        if self._opened is not None:
            self.setWindowTitle(f"DSR Desk · {self._opened.name}")
        self._enable()
        self.guard.timer.start()

    def _enable(self, *, locked: bool = False) -> None:
        for act in ACTS:
            allowed = not locked and (self._opened is not None or not act.needs_desk)
            self._acts[act.name].setEnabled(allowed or act.name == "quit")
        self.menuBar().setEnabled(not locked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.guard.watch(self.windowHandle())

    # -- look -------------------------------------------------------------------------------------------------------

    def _toggle_sidebar(self) -> None:
        self._wants_fold = not self.sidebar.folded
        self.sidebar.fold(self._wants_fold)

    def _fold(self) -> None:
        narrow = self.width() < _NARROW * theme.current().scale
        self.sidebar.fold(self._wants_fold or narrow or self._here in ("request", "quick", "systems"))

    def _resize_text(self, key: str, step: float) -> None:
        if not self.keys.press(key):
            self.set_scale(step)

    def set_scale(self, step: float) -> None:
        """Larger or smaller text, between 90 and 150 %."""
        looks.scale_by(step)
        self.status.fit()
        if not self._bridge.busy:  # pages hold sizes from when they were made; one whose work runs keeps them
            self._rebuild()

    def _rebuild(self) -> None:
        if self._opened is None:
            self.show_start()
            return
        request = self._pages["request"].request if "request" in self._pages else None
        here = self._here
        self._drop_pages()
        if here == "request" and request is not None:
            self.open_request(request.ref)
        else:
            self.go(here if here in ("systems", "audit", "force") else "requests")

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Alt and not event.modifiers():
            self.menuBar().setVisible(self.menuBar().isHidden())
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        self.guard.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._bridge.close()
        if self._opened is not None:
            self._opened.close()
        super().closeEvent(event)

    def _on_bug(self, message: Message) -> None:
        copy = Button("Copy details", small=True, on=lambda: QGuiApplication.clipboard().setText(message.details))
        hide = Button("Hide", small=True, on=self.banner.hide)
        self.banner.say(message.title, message.text, tone="failed", sign="alert", buttons=(copy, hide))
        self.banner.show()
