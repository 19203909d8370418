"""What stands behind the reports: their words, their tables, what authorities ask for."""
