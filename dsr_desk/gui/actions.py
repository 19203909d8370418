"""Every act of the window: its name, its key, its menu. Ctrl+K and the menus show the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow


@dataclass(frozen=True)
class Act:
    """An act: id, menu, words and key (``""`` where only the menu and Ctrl+K reach it)."""

    name: str
    menu: str
    words: str
    keys: str = ""
    needs_desk: bool = True


ACTS = (
    Act("new", "Desk", "New request…", "Ctrl+N"),
    Act("open", "Desk", "Open a workspace folder…", "Ctrl+O", needs_desk=False),
    Act("close", "Desk", "Close the workspace", "Ctrl+W"),
    Act("lock", "Desk", "Lock the desk", "Ctrl+L"),
    Act("quit", "Desk", "Leave DSR Desk", "Ctrl+Q", needs_desk=False),
    Act("find", "Find", "Find: the quick search, or the filter of this page", "Ctrl+F"),
    Act("find_anyone", "Find", "Find a person: the quick search", "Ctrl+Shift+F"),
    Act("next", "Find", "Next thing to decide or mend", "F8"),
    Act("again", "Find", "Search or check again", "F5"),
    Act("requests", "Go", "Requests", "Ctrl+1"),
    Act("systems", "Go", "Systems", "Ctrl+2"),
    Act("audit", "Go", "Audit", "Ctrl+3"),
    Act("back", "Go", "Back", "Alt+Left"),
    Act("pane", "Go", "Next pane", "F6", needs_desk=False),
    Act("sidebar", "View", "Fold or unfold the sidebar", "Ctrl+B"),
    Act("light", "View", "Light colours", needs_desk=False),
    Act("dark", "View", "Dark colours", needs_desk=False),
    Act("desktop", "View", "Colours of the desktop", needs_desk=False),
    Act("bigger", "View", "Larger text", "Ctrl++", needs_desk=False),
    Act("smaller", "View", "Smaller text", "Ctrl+-", needs_desk=False),
    Act("palette", "Help", "All actions", "Ctrl+K", needs_desk=False),
    Act("help", "Help", "What this page is", "F1", needs_desk=False),
)


def build(window: QMainWindow, calls: dict[str, Callable[[], object]]) -> dict[str, QAction]:
    """The actions, in menus and on the window, so that their keys work while the menu bar is hidden."""
    made: dict[str, QAction] = {}
    menus = {name: window.menuBar().addMenu(f"&{name}") for name in dict.fromkeys(a.menu for a in ACTS)}
    for act in ACTS:
        action = QAction(act.words, window)
        if act.keys:
            action.setShortcut(QKeySequence(act.keys))
        call = calls[act.name]
        action.triggered.connect(lambda _=False, c=call: c())
        menus[act.menu].addAction(action)
        window.addAction(action)
        made[act.name] = action
    return made
