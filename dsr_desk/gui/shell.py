"""What pages and keys need of the window around them: where we are, the ways to go, and what it must hear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.opening import Opened


class Shell(Protocol):
    """The window, as far as its parts know it."""

    @property
    def frame(self) -> QWidget:
        """The window itself, for dialogs to stand before."""

    @property
    def desk(self) -> Opened:
        """The workspace that is open."""

    @property
    def here(self) -> str:
        """The name of the page that is shown."""

    @property
    def page(self) -> Any:
        """The page that is shown."""

    @property
    def side(self) -> QWidget:
        """The bar with the pages."""

    @property
    def acts(self) -> Mapping[str, QAction]:
        """Every act by its name."""

    def go(self, name: str) -> None:
        """Show a page, or the inbox with one of its filters."""

    def back(self) -> None:
        """To the page before."""

    def show_extra(self, name: str, page: QWidget) -> None:
        """Show a page that stands in no bar, in place of an earlier one of its name."""

    def show_trail_of(self, ref: str) -> None:
        """Show what the trail says of a request."""

    def act(self, name: str) -> None:
        """Do one of the acts."""

    def open_request(self, ref: str) -> None:
        """Show a request at its stage."""

    def new_request(self, identity: list[tuple[str, str]] | None = None) -> None:
        """Ask for what a new request needs."""

    def search(self, kind: str, value: str) -> None:
        """Search for somebody without opening a request."""

    def lock(self) -> None:
        """Lock the desk."""

    def show_palette(self) -> None:
        """Every action by name."""

    def show_catalog_at(self, system: str, collection: str) -> None:
        """Show where the catalog speaks of this."""

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """The counts beside the pages."""

    def read_trail(self) -> None:
        """Something was recorded."""

    def on_catalog_changed(self) -> None:
        """The catalog is another one now."""

    def on_verified(self, verdict: Any) -> None:
        """Somebody verified the trail."""
