"""The pages behind the sidebar: how each is made, and what of it the window hears. A page is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.shell import Shell


def _requests(window: Shell, bridge: Bridge) -> QWidget:
    from dsr_desk.gui.models import rights
    from dsr_desk.gui.pages.requests_page import RequestsPage

    opened = window.desk
    named = [(name, rights.look(name).word) for name in (*rights.offered(), "lifting")]
    page = RequestsPage(opened.desk, bridge, opened.systems, named)
    page.opened.connect(window.open_request)
    page.new_wanted.connect(window.new_request)
    page.search_wanted.connect(window.search)
    page.palette_wanted.connect(window.show_palette)
    page.lock_wanted.connect(window.lock)
    page.shred_wanted.connect(partial(window.act, "shred"))
    page.counted.connect(lambda counts: window.show_counts({**counts, "requests": counts["all"]}))
    return page


def _request(window: Shell, bridge: Bridge) -> QWidget:
    from dsr_desk.gui.pages.request_page import RequestPage

    opened = window.desk
    page = RequestPage(opened.desk, bridge, opened.systems)
    page.left.connect(lambda: window.go("requests"))
    page.changed.connect(window.read_trail)
    page.catalog_wanted.connect(window.show_catalog_at)
    page.trail_wanted.connect(window.show_trail_of)
    return page


def _quick(window: Shell, bridge: Bridge) -> QWidget:
    from dsr_desk.gui.pages.quick_page import QuickPage

    opened = window.desk
    page = QuickPage(opened.desk, bridge, opened.systems)
    page.new_wanted.connect(window.new_request)
    page.opened.connect(window.open_request)
    page.left.connect(lambda: window.go("requests"))
    return page


def _force(window: Shell, bridge: Bridge) -> QWidget:
    from dsr_desk.gui.pages.force_page import ForcePage

    opened = window.desk
    page = ForcePage(opened.desk, bridge, opened.systems)
    page.request_wanted.connect(window.open_request)
    page.changed.connect(window.read_trail)
    page.counted.connect(lambda number: window.show_counts({"force": number}))
    return page


def _systems(window: Shell, bridge: Bridge) -> QWidget:
    from dsr_desk.gui.pages.catalog_page import CatalogPage

    page = CatalogPage(window.desk.desk, bridge)
    page.changed.connect(window.on_catalog_changed)
    return page


def _audit(window: Shell, bridge: Bridge) -> QWidget:
    from dsr_desk.gui.pages.audit_page import AuditPage

    page = AuditPage(window.desk.desk, bridge)
    page.request_wanted.connect(window.open_request)
    page.verified.connect(window.on_verified)
    page.operators_wanted.connect(partial(window.act, "operators"))
    page.anchor_wanted.connect(partial(window.act, "anchor"))
    return page


ROOMS: dict[str, Callable[[Shell, Bridge], QWidget]] = {
    "requests": _requests,
    "request": _request,
    "quick": _quick,
    "force": _force,
    "systems": _systems,
    "audit": _audit,
}
