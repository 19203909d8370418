"""Colours can be read, icons exist, and nothing beside the theme knows a colour or reads markup."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import dsr_desk.gui
from dsr_desk.gui import theme

GUI = Path(dsr_desk.gui.__file__).parent
SOURCES = sorted(GUI.rglob("*.py"))
LOOKS = [theme.Theme("light"), theme.Theme("dark")]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("pair", theme.PAIRS, ids=lambda pair: f"{pair[0]} on {pair[1]}")
def test_every_pair_can_be_read(pair: tuple[str, str, float], look: theme.Theme) -> None:
    ink, ground, least = pair
    assert theme.contrast(ink, ground, look) >= least


def test_contrast_is_that_of_the_guideline() -> None:
    assert theme.contrast("text", "text", LOOKS[0]) == pytest.approx(1)
    assert theme.contrast("on_fill", "accent_fill", LOOKS[0]) == pytest.approx(7.0, abs=0.1)


def test_every_tone_has_its_ground() -> None:
    assert all(f"{tone}_ground" in theme.TOKENS and tone in theme.TOKENS for tone in theme.TONES)


@pytest.mark.parametrize("name", sorted(theme.SIGNS))
def test_every_icon_is_drawn(qtbot: Any, name: str) -> None:
    image = theme.icon(name, "text").pixmap(24, 24).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name not in ("theme.py",)], ids=lambda p: str(p.relative_to(GUI)))
def test_no_colour_outside_the_theme(path: Path) -> None:
    found = re.findall(r"""["']#[0-9A-Fa-f]{3,8}["']""", path.read_text(encoding="utf-8"))
    assert found == []


def _calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    return [(c.func.attr if isinstance(c.func, ast.Attribute) else getattr(c.func, "id", ""), c) for c in calls]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(GUI)))
def test_text_goes_through_the_one_label_class(path: Path) -> None:
    """A QLabel, a message box or a bare tooltip would draw ``<img src=file:…>`` that stands in somebody's data."""
    for name, call in _calls(path):
        if path.name != "label.py":
            assert name != "QLabel", f"{path.name}:{call.lineno}"
        assert name not in ("QMessageBox", "QTextBrowser", "setHtml") or path.name == "pdf.py", f"{path.name}:{call.lineno}"
        if name == "setToolTip":
            argument = call.args[0]
            safe = (
                isinstance(argument, ast.Constant)
                or (isinstance(argument, ast.Call) and getattr(argument.func, "id", "") == "plain_tip")
                or isinstance(argument, ast.IfExp)
            )
            assert safe, f"{path.name}:{call.lineno} shows a tooltip that may be read as markup"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(GUI)))
def test_no_button_only_agrees(path: Path) -> None:
    for name, call in _calls(path):
        if name == "Button" and call.args and isinstance(call.args[0], ast.Constant):
            assert call.args[0].value not in ("OK", "Ok", "Yes", "No", "Submit", "Confirm", "Continue", "Done")
