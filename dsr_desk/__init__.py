"""DSR Desk: answer data subject requests, and prove it."""

__version__ = "0.1.0"
