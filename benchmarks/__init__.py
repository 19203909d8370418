"""What DSR Desk costs beside doing the same by hand: ratios, both sides in one run."""
