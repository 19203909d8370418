from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.widgets.style import dress


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    dress(qapp, theme.Theme("light"))
    made = Bridge()
    yield made
    made.close()
