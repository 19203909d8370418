"""Every act of the window: its name, its key, its menu. Ctrl+K and the menus show the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget


@dataclass(frozen=True)
class Act:
    """An act: id, menu, words and key (``""`` where only the menu and Ctrl+K reach it).

    ``of_page``: what it does is the shown page's, by a shortcut of the same key; not every page has one.
    """

    name: str
    menu: str
    words: str
    keys: str = ""
    needs_desk: bool = True
    of_page: bool = False


ACTS = (
    Act("new", "Desk", "New request…", "Ctrl+N"),
    Act("open", "Desk", "Open a workspace folder…", "Ctrl+O", needs_desk=False),
    Act("close", "Desk", "Close the workspace", "Ctrl+W"),
    Act("save", "Desk", "Save: the report, or the catalog as it is typed", "Ctrl+S", of_page=True),
    Act("print", "Desk", "Print the report…", "Ctrl+P", of_page=True),
    Act("period", "Desk", "Report over a period…"),
    Act("evidence", "Desk", "Write the evidence bundle…", "Ctrl+E", of_page=True),
    Act("receipt", "Desk", "Write a receipt for the person…", "Ctrl+Shift+E", of_page=True),
    Act("shred", "Desk", "Destroy files whose time is over…"),
    Act("operators", "Desk", "Who works here: operators and their keys…"),
    Act("lock", "Desk", "Lock the desk", "Ctrl+L"),
    Act("quit", "Desk", "Leave DSR Desk", "Ctrl+Q", needs_desk=False),
    Act("find", "Find", "Find: the quick search, or the filter of this page", "Ctrl+F"),
    Act("find_anyone", "Find", "Find a person: the quick search", "Ctrl+Shift+F"),
    Act("next", "Find", "Next thing to decide or mend", "F8", of_page=True),
    Act("again", "Find", "Search or check again", "F5", of_page=True),
    Act("reveal", "Find", "Reveal the next masked value", "Ctrl+R", of_page=True),
    Act("approve", "Find", "Go to the words that approve", "Ctrl+Return", of_page=True),
    Act("requests", "Go", "Requests", "Ctrl+1"),
    Act("force", "Go", "In force: holds and restrictions", "Ctrl+2"),
    Act("systems", "Go", "Systems", "Ctrl+3"),
    Act("audit", "Go", "Audit", "Ctrl+4"),
    Act("add_system", "Systems", "Add a system…"),
    Act("trial", "Systems", "What would this catalog find?…"),
    Act("mend", "Systems", "Take the cure that is offered", "Ctrl+.", of_page=True),
    Act("versions", "Systems", "Versions of the catalog…"),
    Act("trail", "Trail", "Verify the audit trail"),
    Act("anchor", "Trail", "Anchor the trail outside…"),
    Act("keys", "Trail", "Keys: who may sign"),
    Act("check", "Trail", "Check an evidence bundle…", needs_desk=False),
    Act("back", "Go", "Back", "Alt+Left"),
    Act("pane", "Go", "Next pane", "F6", needs_desk=False),
    Act("details", "View", "Show or hide the details", "Ctrl+I", of_page=True),
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


_KEYS = frozenset(a.keys for a in ACTS if a.keys)


def page_shortcut(page: QWidget | None, keys: str) -> QShortcut | None:
    """The shortcut of a page (or of what is shown in it) for these keys.

    The window answers the keys it knows itself and passes them on: two shortcuts with one key would both stay silent.
    """
    found = None
    for shortcut in page.findChildren(QShortcut) if page is not None else ():
        if shortcut.key().toString() not in _KEYS:
            continue
        shortcut.setEnabled(False)
        parent = shortcut.parent()
        if shortcut.key().toString() == keys and isinstance(parent, QWidget) and parent.isVisible():
            found = shortcut
    return found
