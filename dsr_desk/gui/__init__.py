"""The window: every line of Qt stands below this folder."""
