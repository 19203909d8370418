"""How one value is erased: ``base.py`` is the port, every other file is one family."""
