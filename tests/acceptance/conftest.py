"""The commands, and the small company they work on."""

from tests.cli.conftest import cli, world

__all__ = ["cli", "world"]
