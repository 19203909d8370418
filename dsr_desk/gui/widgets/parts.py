"""What a cell is made of, how wide that is, and how it is painted: the same in a table and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.style import paint_check

#: Texts in cells are cut at this many characters.
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Text:
    """Words. ``mono`` is for data; ``strike`` for what is not followed."""

    text: str
    tint: str = "text"
    weight: int = theme.REGULAR
    size: int = theme.BASE
    mono: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A word on a ground, with an icon before it. ``outline``: no ground; ``hatched``: a pattern, for *test*."""

    text: str
    tone: str = "plain"
    sign: str = ""
    outline: bool = False
    hatched: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """An icon."""

    name: str
    tint: str = "text2"
    side: int = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of a whole, as a bar."""

    done: int
    total: int
    tint: str = "accent_fill"
    wide: int = 120


@dataclass(frozen=True, slots=True)
class Stages:
    """The stepper as a miniature: the stage it is at, counted from 0 (9 is all done), and the colour of that bar."""

    at: int
    tint: str = "accent_fill"


@dataclass(frozen=True, slots=True)
class Check:
    """A box to tick: nothing, some, or all of what is below."""

    state: Qt.CheckState
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Fold:
    """The caret that unfolds a row."""

    open: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space of this many pixels; 0 takes what is left and pushes the rest to the right edge."""

    wide: int = 0


Part = Text | Chip | Sign | Bar | Stages | Check | Fold | Gap

#: Outcome → the tone of its chip.
OUTCOME_TONES = {
    "erased": "erased",
    "changed": "changed",
    "pseudonymised": "changed",
    "retained": "retained",
    "disclosed": "changed",
    "withheld": "retained",
    "excluded": "plain",
    "not personal": "plain",
    "failed": "failed",
    "refused": "failed",
    "manual": "manual",
}


def outcome(name: str, more: str = "") -> Chip:
    """The chip of an outcome (``erased``, ``retained`` …), ``more`` after its word: a count, ``until 2033 · 17(3)(b)``."""
    sign = "" if name == "not personal" else name
    return Chip(f"{name} {more}".strip(), OUTCOME_TONES[name], sign, outline=name == "not personal", name=name)


def environment(name: str, *, writing: bool = False) -> Chip:
    """PRODUCTION or TEST; ``writing``: white on rust, beside what is about to write."""
    if name == "test":
        return Chip("TEST", "test", hatched=True)
    return Chip("PRODUCTION", "stripe") if writing else Chip("PRODUCTION", "production")


def spoken(parts: Sequence[Part]) -> str:
    """The same as a sentence, for screen readers, tooltips and copying."""
    words = []
    for part in parts:
        match part:
            case Text(text=text) | Chip(text=text):
                words.append(text.replace("•••••• hidden", "hidden").replace("•••", " masked "))
            case Check(state=state):
                words.append({0: "not ticked", 1: "some ticked", 2: "ticked"}[state.value])
            case Fold(open=unfolded):
                words.append("unfolded" if unfolded else "folded")
            case Bar(done=done, total=total):
                words.append(f"{done} of {total}")
            case Stages(at=at):
                words.append(f"stage {min(at + 1, 9)} of 9")
            case _:
                pass
    return " ".join(" ".join(words).split())


def width(part: Part) -> float:
    """How wide a part is, in pixels."""
    match part:
        case Text():
            return theme.metrics(part.size, part.weight, part.mono).horizontalAdvance(_cut(part.text)) + 1
        case Chip():
            return theme.metrics(*_chip_face(part)).horizontalAdvance(_cut(part.text)) + 14 + (16 if part.sign else 0)
        case Sign(side=side):
            return side
        case Bar(wide=wide):
            return wide
        case Stages():
            return 52
        case Check() | Fold():
            return 16
        case Gap(wide=wide):
            return wide
    return 0


def place(parts: Sequence[Part], rect: QRectF, gap: float = 8) -> list[tuple[Part, QRectF]]:
    """Where each part goes. A text that does not fit gets what is left; what then has no place is left out."""
    widths = [width(p) for p in parts]
    placed: list[tuple[Part, QRectF]] = []
    x = rect.left()
    for i, part in enumerate(parts):
        if part == Gap(0):
            rest = sum(widths[i + 1 :]) + gap * max(0, len(parts) - i - 2)
            x = max(x, rect.right() - rest)
            continue
        wide = widths[i]
        room = rect.right() - x
        if room < min(wide, 14):
            break
        if wide > room:
            if not isinstance(part, Text | Chip):
                break
            wide = room
        placed.append((part, QRectF(x, rect.top(), wide, rect.height())))
        closer = isinstance(part, Gap) or (isinstance(part, Chip) and i + 1 < len(parts) and isinstance(parts[i + 1], Chip))
        x += wide + (0 if isinstance(part, Gap) else 5 if closer else gap)
    return placed


def paint(painter: QPainter, part: Part, rect: QRectF) -> None:
    """Paint one part, centred in the height of ``rect``."""
    match part:
        case Text():
            _paint_text(painter, part, rect)
        case Chip():
            paint_chip(painter, part, rect)
        case Sign(name=name, tint=tint, side=side):
            theme.paint_icon(painter, theme.centre(rect, side), name, tint)
        case Bar():
            paint_bar(painter, theme.centre(rect, 6).adjusted(-(rect.width() - 6) / 2, 0, (rect.width() - 6) / 2, 0), part)
        case Stages():
            _paint_stages(painter, part, rect)
        case Check(state=state, enabled=enabled):
            paint_check(painter, rect, state, enabled)
        case Fold(open=unfolded):
            theme.paint_icon(painter, theme.centre(rect, 13), "unfold" if unfolded else "fold", "text2")
        case _:
            pass


def paint_bar(painter: QPainter, rect: QRectF, bar: Bar) -> None:
    """A bar of the height of ``rect`` on its track."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    round_ = rect.height() / 2
    painter.setBrush(theme.color("track"))
    painter.drawRoundedRect(rect, round_, round_)
    if bar.total and bar.done:
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * min(1.0, bar.done / bar.total)))
        painter.setBrush(theme.color(bar.tint))
        painter.drawRoundedRect(filled, round_, round_)
    painter.restore()


def paint_chip(painter: QPainter, chip: Chip, rect: QRectF) -> None:
    """A chip of 20 px in the middle of ``rect``."""
    environment_chip = chip.text in ("TEST", "PRODUCTION") or chip.tone == "stripe"
    high = 17 if environment_chip else 20
    box = QRectF(rect.left(), rect.center().y() - high / 2, rect.width(), high)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = "production_line" if chip.tone == "production" else "test" if chip.tone == "test" else "control"
    framed = chip.outline or chip.tone in ("production", "test")
    painter.setPen(QPen(theme.color(line), 1) if framed else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(Qt.BrushStyle.NoBrush if chip.outline else theme.color(f"{chip.tone}_ground"))
    box = box.adjusted(0.5, 0.5, -0.5, -0.5) if framed else box
    painter.drawRoundedRect(box, 5, 5)
    if chip.hatched:
        hatch = QColor(theme.color(chip.tone))
        hatch.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(box, 5, 5)
    x = box.left() + 7
    if chip.sign:
        theme.paint_icon(painter, QRectF(x, box.top(), 12, box.height()), chip.sign, chip.tone)
        x += 16
    painter.setFont(theme.font(*_chip_face(chip)))
    painter.setPen(theme.color(chip.tone))
    room = box.right() - x - 5
    text = theme.metrics(*_chip_face(chip)).elidedText(_cut(chip.text), Qt.TextElideMode.ElideRight, room + 1.5)
    painter.drawText(QRectF(x, box.top(), room + 4, box.height()), Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _chip_face(chip: Chip) -> tuple[int, int]:
    """Size and weight of a chip's words."""
    big = chip.text in ("TEST", "PRODUCTION") or chip.tone == "stripe"
    return (10, theme.BOLD) if big else (theme.LABEL, theme.MEDIUM)


def _paint_text(painter: QPainter, part: Text, rect: QRectF) -> None:
    font = theme.font(part.size, part.weight, part.mono)
    if part.strike:
        font = QFont(font)
        font.setStrikeOut(True)
    painter.setFont(font)
    painter.setPen(theme.color(part.tint))
    metrics = theme.metrics(part.size, part.weight, part.mono)
    text = metrics.elidedText(_cut(part.text), Qt.TextElideMode.ElideRight, rect.width() + 1)
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


def _paint_stages(painter: QPainter, part: Stages, rect: QRectF) -> None:
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = rect.center().y()
    for i in range(9):
        here = i == part.at
        high = 11 if here else 6
        painter.setBrush(theme.color(part.tint if here else "accent_fill" if i < part.at else "track"))
        painter.drawRoundedRect(QRectF(rect.left() + i * 6, middle - high / 2, 4, high), 1.5, 1.5)
    painter.restore()


def _cut(text: str) -> str:
    text = text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"
    return " ".join(text.split()) if not text.isprintable() else text
