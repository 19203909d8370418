"""What is typed into catalog files, worked on beside the window: checked when the typing pauses, changed as a form says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.catalog.edit import Change, changed
from dsr_desk.errors import DeskError
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.models.catalog_texts import CatalogTexts
from dsr_desk.model.schema import Schema

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.flow.editing import Typed

#: How long after the last key the text is checked, in milliseconds.
PAUSE_MS = 300
#: How often a form's change is made anew because somebody typed meanwhile.
_TRIES = 5


class CatalogTyping(QObject):
    """``checked`` carries what came of it, and the files that were typed in; ``failed`` a ``DeskError``. One check at a time."""

    checked = Signal(object, object)
    failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, texts: CatalogTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._texts = desk, bridge, texts
        self._job: Job | None = None
        self._again = False
        self.schemas: Mapping[str, Schema] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._on_pause)
        self._due = False

    def typed(self) -> None:
        """Something was typed: check it when the typing pauses."""
        self._timer.start()

    def check(self) -> None:
        """Check what is typed now."""
        self._timer.stop()
        if self._job is not None and self._job.running:
            self._again = True
            return
        texts, schemas = self._texts.changed(), self.schemas

        def done(typed: Typed) -> None:
            self.checked.emit(typed, frozenset(texts))
            self._next()

        def failed(error: DeskError) -> None:
            self.failed.emit(error)
            self._next()

        self._job = self._bridge.run(
            lambda _tell, _cancel: self._desk.check_typed(texts, schemas), on_done=done, on_failed=failed, owner=self
        )

    def resume(self) -> None:
        """The page is seen again: check what was typed before it was left."""
        if self._due:
            self._due = False
            self.typed()

    @property
    def busy(self) -> bool:
        """Whether a check is due or at work."""
        return self._timer.isActive() or (self._job is not None and self._job.running)

    def change(
        self, text: Callable[[], str], changes: Sequence[Change], apply: Callable[[str], object], tries: int = _TRIES
    ) -> None:
        """Work out what a text becomes by these changes, and give it to ``apply``; anew where it was typed in meanwhile."""
        before = text()

        def done(after: str) -> None:
            if text() == before:
                apply(after)
            elif tries:
                self.change(text, changes, apply, tries - 1)

        self._bridge.run(lambda _tell, _cancel: changed(before, changes), on_done=done, on_failed=self.failed.emit, owner=self)

    def _on_pause(self) -> None:
        page = self.parent()
        if isinstance(page, QWidget) and not page.isVisible():  # left, or closed and with it the bridge
            self._due = True
            return
        self.check()

    def _next(self) -> None:
        if self._again:
            self._again = False
            self._timer.start()
