"""Colours, type and sizes by name: the only file that knows a hex colour, and where fonts and icons come from."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)

Name = Literal["light", "dark"]

#: Token → its colour in the light and in the dark theme.
TOKENS: dict[str, tuple[str, str]] = {
    "surface": ("#FFFFFF", "#1A1E22"),
    "canvas": ("#F7F8F9", "#14171A"),
    "side": ("#EEF0F3", "#0F1215"),
    "sunken": ("#F3F5F7", "#15191C"),
    "hover": ("#F1F3F6", "#20252A"),
    "select": ("#EAEEFB", "#232C48"),
    "track": ("#DDE1E6", "#30373F"),
    "line": ("#E1E5EA", "#2C333A"),
    "control": ("#7C8591", "#747D89"),
    "text": ("#191C20", "#E9EBEE"),
    "text2": ("#464D57", "#B7BEC8"),
    "text3": ("#5D6570", "#969EAA"),
    "accent": ("#3650B8", "#A3B5FF"),
    "accent_fill": ("#3650B8", "#4A64D0"),
    "accent_hover": ("#2C439E", "#3F58BE"),
    "danger_fill": ("#B3261E", "#C63A31"),
    "danger_hover": ("#961D16", "#AE2E26"),
    "on_fill": ("#FFFFFF", "#FFFFFF"),
    "bar_done": ("#2E8B57", "#4DB47C"),
    "bar_waits": ("#B4780C", "#D9A03A"),
    "bar_rest": ("#858E99", "#6A737F"),
    "erased": ("#FFFFFF", "#14171A"),
    "erased_ground": ("#262B31", "#D9DDE2"),
    "changed": ("#17569B", "#92C1F7"),
    "changed_ground": ("#E5F0FB", "#17293E"),
    "retained": ("#7F4C00", "#F2BE66"),
    "retained_ground": ("#FCF0D9", "#33270E"),
    "plain": ("#464D57", "#B7BEC8"),
    "plain_ground": ("#EBEEF1", "#2A3036"),
    "failed": ("#AD2119", "#FF9A91"),
    "failed_ground": ("#FCEAE8", "#3B1B19"),
    "manual": ("#63389A", "#CBADF4"),
    "manual_ground": ("#F1EAFA", "#2B203D"),
    "verified": ("#186338", "#7BD6A1"),
    "verified_ground": ("#E3F3E8", "#15301F"),
    "test": ("#0A5F6C", "#79D0DA"),
    "test_ground": ("#DFF2F4", "#0F3033"),
    "production": ("#7F340C", "#FFB58C"),
    "production_ground": ("#FBEADF", "#37200F"),
    "production_line": ("#B4673B", "#B4673B"),
    "stripe": ("#FFFFFF", "#FFFFFF"),
    "stripe_ground": ("#8F3A0E", "#B4551F"),
}

#: The tones of chips and banners: each has a text token of its name and a ground token ``NAME_ground``.
TONES = ("erased", "changed", "retained", "plain", "failed", "manual", "verified", "test", "production", "stripe")

#: What stands on what, and the least contrast it must have (WCAG 2.2: 1.4.3 text 4.5, 1.4.11 controls 3).
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, 4.5) for text in ("text", "text2", "text3", "accent") for ground in ("surface", "canvas", "side", "sunken")),
    *((text, ground, 4.5) for text in ("text", "text2", "text3", "accent") for ground in ("hover", "select")),
    *((tone, f"{tone}_ground", 4.5) for tone in TONES),
    *((tone, "surface", 4.5) for tone in ("changed", "retained", "failed", "manual", "verified")),
    *(("on_fill", fill, 4.5) for fill in ("accent_fill", "accent_hover", "danger_fill", "danger_hover")),
    *((bar, "surface", 3.0) for bar in ("bar_done", "bar_waits", "bar_rest", "control", "accent_fill", "danger_fill")),
    ("production_line", "surface", 3.0),
    ("erased_ground", "surface", 3.0),
)

#: Type sizes in pixels at 100 %.
LABEL, SMALL, BASE, PANE, TITLE, FIGURE, PROOF = 11, 12, 13, 15, 20, 28, 40
#: Font weights.
REGULAR, MEDIUM, BOLD = 400, 500, 600
#: The grid, in pixels: page edge, between groups, inside a group.
EDGE, GROUP, INSIDE = 24, 16, 8
#: Row heights, in pixels.
ROW_INBOX, ROW_SYSTEM, ROW = 40, 30, 27
#: Heights of buttons and fields.
BUTTON, SMALL_BUTTON = 32, 26

#: Our name for a sign → its name in Phosphor.
SIGNS: dict[str, str] = {
    "erasure": "eraser", "access": "file-search", "rectification": "pencil-line", "restriction": "pause",
    "portability": "package", "objection": "hand", "erased": "eraser", "changed": "pencil-simple",
    "pseudonymised": "pencil-simple", "retained": "archive", "disclosed": "file-arrow-down", "withheld": "eye-slash",
    "excluded": "minus-circle", "failed": "x-circle", "refused": "prohibit", "manual": "hand", "sql": "database",
    "rest": "cloud", "sheet": "table", "mailbox": "envelope-simple", "requests": "tray", "systems": "tree-structure",
    "audit": "article", "email": "envelope-simple", "phone": "phone", "number": "hash", "person": "user",
    "date": "calendar-blank", "iban": "bank", "card": "identification-card", "check": "check", "done": "check-circle",
    "clock": "clock", "clock-alert": "clock-afternoon", "alert": "warning-circle", "busy": "spinner-gap", "warning": "warning",
    "shield": "shield-check", "special": "shield-warning", "anchor": "anchor-simple", "lock": "lock-key", "shared": "users",
    "access-only": "eye", "mention": "text-align-left", "only-this-person": "user-focus", "plus": "plus",
    "search": "magnifying-glass", "filter": "funnel-simple", "refresh": "arrows-clockwise", "copy": "copy-simple",
    "print": "printer", "save": "file-arrow-down", "bundle": "package", "next": "arrow-right", "back": "arrow-left",
    "close": "x", "more": "dots-three", "fold": "caret-right", "unfold": "caret-down", "choose": "caret-down", "up": "caret-up",
    "right": "caret-right", "folder": "folder-simple", "folder-open": "folder-open", "flask": "flask", "computer": "monitor",
    "offline": "wifi-slash", "info": "info", "reveal": "eye", "hide": "eye-slash", "question": "question",
    "identity": "fingerprint-simple", "same": "equals", "pane": "columns", "from": "arrow-elbow-down-right", "key": "key",
    "stop": "stop-circle", "link": "arrow-up-right", "logo": "text-align-left", "differs": "not-equals", "file": "file",
    "lifting": "play", "automated": "robot", "automated-decisions": "robot", "notice": "paper-plane-tilt",
    "tell": "chat-circle-text", "hold": "hand-palm", "undo": "arrow-counter-clockwise",
    "moved": "arrow-elbow-down-right", "list": "users-three",
    "unlink": "link-break", "directory": "address-book", "documents": "stack", "store": "hard-drives",
}  # fmt: skip
#: Signs that Phosphor lacks, as a character of the text font.
_WRITTEN = {"not-equals": "≠"}


@dataclass(frozen=True)
class Theme:
    """One look: light or dark, and the scale of its type (1.0 = 100 %)."""

    name: Name = "light"
    scale: float = 1.0

    def hex(self, token: str) -> str:
        """The colour as ``#RRGGBB``; ``KeyError`` for a token that doesn't exist."""
        return TOKENS[token][self.name == "dark"]


_theme = Theme()


def current() -> Theme:
    """The look that everything is painted in."""
    return _theme


def use(theme: Theme) -> None:
    """Paint in this look from now on; widgets hear of it by the palette that ``style.dress`` sets."""
    global _theme
    _theme = theme
    color.cache_clear()
    font.cache_clear()
    metrics.cache_clear()


def desktop_theme() -> Name:
    """What the desktop asks for."""
    hints = QGuiApplication.styleHints()
    return "dark" if hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark else "light"


@cache
def color(token: str) -> QColor:
    """A token's colour in the current look."""
    return QColor(_theme.hex(token))


def palette() -> QPalette:
    """The current look as a palette, for everything that Qt paints by itself."""
    roles = QPalette.ColorRole
    pairs = {
        roles.Window: "surface", roles.WindowText: "text", roles.Base: "surface", roles.AlternateBase: "sunken", roles.Text: "text",
        roles.Button: "surface", roles.ButtonText: "text", roles.BrightText: "on_fill", roles.Highlight: "select",
        roles.HighlightedText: "text", roles.ToolTipBase: "surface", roles.ToolTipText: "text", roles.PlaceholderText: "text3",
        roles.Link: "accent", roles.LinkVisited: "accent", roles.Light: "surface", roles.Midlight: "hover", roles.Mid: "line",
        roles.Dark: "control", roles.Shadow: "line", roles.Accent: "accent_fill",
    }  # fmt: skip
    palette = QPalette()
    for role, token in pairs.items():
        palette.setColor(role, color(token))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, color("text3"))
    return palette


# -- type -------------------------------------------------------------------------------------------------------------


def _package_file(package: str, pattern: str) -> Path | None:
    """A data file of an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob(pattern))), None)


@cache
def _family(package: str, pattern: str) -> str:
    path = _package_file(package, pattern)
    if path is None:
        return ""
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return families[0] if families else ""


@cache
def _face(mono: bool) -> tuple[str, bool, float]:
    """Family, whether it has a weight axis, and how far it must shrink to be as wide as the one the screens were drawn with."""
    if mono:
        family, reference, wanted = _family("fontpkg_jetbrains_mono", "files/JetBrainsMono[[]*.ttf"), "0" * 20, 156.0
        fixed = QFontDatabase.SystemFont.FixedFont
    else:
        family, reference, wanted = _family("fontpkg_inter", "files/Inter[[]*.ttf"), "Find every record of one person", 191.0
        fixed = QFontDatabase.SystemFont.GeneralFont
    if family:
        return family, True, 1.0
    plain = QFontDatabase.systemFont(fixed)
    plain.setPixelSize(BASE)
    wide = QFontMetricsF(plain).horizontalAdvance(reference)
    return plain.family(), False, min(1.0, max(0.88, wanted / wide)) if wide else 1.0


@cache
def font(size: int = BASE, weight: int = REGULAR, mono: bool = False) -> QFont:
    """A font of this size (pixels at 100 %) and weight; ``mono`` is for what comes from a system."""
    family, variable, fit = _face(mono)
    font = QFont(family)
    font.setPixelSize(max(8, round(size * _theme.scale * fit)))
    if variable:
        font.setVariableAxis(QFont.Tag("wght"), weight)
    else:
        font.setWeight(QFont.Weight(weight))
    if mono:
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFeature(QFont.Tag("calt"), 0)
    return font


# -- icons ------------------------------------------------------------------------------------------------------------


@cache
def _signs() -> tuple[str, dict[str, str]]:
    """Phosphor as QtAwesome carries it: its family, and name → character. Read as data: importing QtAwesome costs 0.15 s."""
    family = _family("qtawesome", "fonts/phosphor-*.ttf")
    charmap = _package_file("qtawesome", "fonts/phosphor-charmap-*.json")
    import json  # after the first paint is asked for, not before the window

    codes = json.loads(charmap.read_text(encoding="utf-8")) if charmap else {}
    return family, {name: chr(int(code, 16)) for name, code in codes.items()}


def paint_icon(painter: QPainter, rect: QRectF, name: str, tint: str) -> None:
    """Paint a sign by its name in ``SIGNS`` into the square in the middle of ``rect``."""
    family, chars = _signs()
    phosphor = SIGNS[name]
    written = _WRITTEN.get(phosphor)
    char = written or chars[phosphor]
    painter.save()
    face = QFont(_face(False)[0] if written else family)
    face.setPixelSize(max(1, round(min(rect.width(), rect.height()))))
    painter.setFont(face)
    painter.setPen(color(tint))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, char)
    painter.restore()


class _SignEngine(QIconEngine):
    """Paints a sign in the colour that its token has when it is painted, so that a new theme needs no new icons."""

    def __init__(self, name: str, tint: str) -> None:
        super().__init__()
        self._name, self._tint = name, tint

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tint = "text3" if mode == QIcon.Mode.Disabled else self._tint
        paint_icon(painter, QRectF(rect), self._name, tint)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _SignEngine(self._name, self._tint)


def icon(name: str, tint: str = "text2") -> QIcon:
    """A sign as an icon for buttons and menus, in the colour of a token; ``KeyError`` for a name that ``SIGNS`` lacks."""
    SIGNS[name]
    return QIcon(_SignEngine(name, tint))


def scaled(size: int) -> int:
    """A height that holds text, grown with the type: never smaller than at 100 %."""
    return round(size * max(1.0, _theme.scale))


def contrast(one: str, other: str, theme: Theme) -> float:
    """The contrast ratio of two tokens (WCAG 2.2)."""
    bright, dim = sorted((_luminance(theme.hex(one)), _luminance(theme.hex(other))), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(hexa: str) -> float:
    parts = [int(hexa[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def metrics(size: int = BASE, weight: int = REGULAR, mono: bool = False) -> QFontMetricsF:
    """How wide and high the letters of ``font(size, weight, mono)`` are."""
    return QFontMetricsF(font(size, weight, mono))


def text_width(text: str, font: QFont) -> float:
    """How wide a text is, in pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def centre(rect: QRectF, side: float) -> QRectF:
    """A square of this side in the middle of a rectangle."""
    middle: QPointF = rect.center()
    return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
