"""The parts of the ``sql`` driver. Only ``drivers/sql.py`` imports them, and only when a database is spoken to."""
