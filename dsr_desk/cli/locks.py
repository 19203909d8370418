"""The commands of the safe lock and the workspace's key."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping

from dsr_desk.cli.answer import Answer
from dsr_desk.flow.desk import Desk

VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {}
