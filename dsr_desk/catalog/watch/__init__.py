"""Watching the live systems: what they looked like when the catalog was accepted, and what is another way now."""
