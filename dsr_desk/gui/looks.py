"""How the program looks: light or dark, and how large its text is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.style import dress

#: The smallest and the largest text, as a share of 100 %.
_SMALLEST, _LARGEST = 0.9, 1.5


def colours(name: theme.Name) -> None:
    """Light or dark, with the text as large as it is."""
    _dress(theme.Theme(name, theme.current().scale))


def calls() -> dict[str, Callable[[], object]]:
    """Name of an act → what does it."""
    return {
        "light": lambda: colours("light"),
        "dark": lambda: colours("dark"),
        "desktop": lambda: colours(theme.desktop_theme()),
    }


def scale_by(step: float) -> None:
    """Larger or smaller text, between 90 and 150 %."""
    scale = min(_LARGEST, max(_SMALLEST, round(theme.current().scale + step, 1)))
    _dress(theme.Theme(theme.current().name, scale))


def _dress(look: theme.Theme) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        dress(app, look)
