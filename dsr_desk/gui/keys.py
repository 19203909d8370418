"""What the keys do: they pass on to the page that is shown, and lead to every act by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from dsr_desk.gui.actions import ACTS, page_shortcut
from dsr_desk.gui.shell import Shell


class Keys:
    """The keys of one window."""

    def __init__(self, window: Shell) -> None:
        self._window = window

    def calls(self) -> dict[str, Callable[[], object]]:
        """Name of an act → what does it, of those that find a place or are the shown page's own."""
        return {
            "find": self.find,
            "find_anyone": self.find_anyone,
            "next": self.next,
            "again": self.again,
            "pane": self.next_pane,
            "palette": self.show_palette,
            "help": self.show_help,
            **{a.name: partial(self.press, a.keys) for a in ACTS if a.of_page and a.name not in ("next", "again")},
        }

    def show_palette(self) -> None:
        """Every action by name."""
        from dsr_desk.gui.dialogs.palette import PaletteDialog

        page = self._window.page
        local = {a.name for a in ACTS if a.of_page and a.name not in ("next", "again") and page_shortcut(page, a.keys) is None}
        dialog = PaletteDialog(
            [a for n, a in self._window.acts.items() if n != "palette" and n not in local], parent=self._window.frame
        )
        dialog.chosen.connect(self._on_action)
        dialog.open()

    def _on_action(self, action: QAction) -> None:
        QTimer.singleShot(0, action.trigger)

    def show_help(self) -> None:
        """What the page that is shown is for, and its keys."""
        from dsr_desk.gui.dialogs.help import HelpDialog

        dialog = HelpDialog(self._window.here, self._window.frame)
        dialog.keep.clicked.connect(self.show_palette)
        dialog.open()

    def find(self) -> None:
        """The filter of a page that has one, else the quick search."""
        page: Any = self._window.page
        if self._window.here == "request":
            page.focus_filter()
        elif self._window.here == "quick":
            page.panel.filter.setFocus()
        else:
            self.find_anyone()

    def find_anyone(self) -> None:
        """The quick search of the inbox."""
        self._window.go("requests")
        if self._window.here == "requests":
            self._window.page.search.edit.setFocus()

    def press(self, keys: str) -> bool:
        """Let the shown page answer these keys; whether it does."""
        shortcut = page_shortcut(self._window.page, keys)
        if shortcut is not None:
            shortcut.activated.emit()
        return shortcut is not None

    def next(self) -> None:
        """The next thing to decide or mend."""
        page: Any = self._window.page
        if not self.press("F8") and self._window.here == "request":
            page.next_to_decide()

    def again(self) -> None:
        """Search or check again."""
        page: Any = self._window.page
        if not self.press("F5"):
            act = {"request": "again", "quick": "search", "requests": "refresh"}.get(self._window.here)
            if act:
                getattr(page, act)()

    def next_pane(self) -> None:
        """From the sidebar to the page, and back."""
        focus = QApplication.focusWidget()
        sidebar, page = self._window.side, self._window.page
        to = page if focus is not None and sidebar.isAncestorOf(focus) else sidebar
        if to is not None and to.isVisible():
            to.setFocus(Qt.FocusReason.ShortcutFocusReason)
            first: Any = to.nextInFocusChain()
            while first is not to and not (first.isVisible() and first.focusPolicy() & Qt.FocusPolicy.TabFocus):
                first = first.nextInFocusChain()
            first.setFocus(Qt.FocusReason.TabFocusReason)
