"""What may be asked for: ``base.py`` is the port, every other file is one right of the GDPR."""
