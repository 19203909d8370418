"""How files with rows are read and rewritten: the parts of the ``sheet`` driver."""
