"""Faults: whatever happens to a run, it ends right, and nothing untrue was ever written down."""
