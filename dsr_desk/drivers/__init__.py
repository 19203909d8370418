"""How systems are spoken to: ``base.py`` is the port, every other file is one driver."""
