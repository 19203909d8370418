"""How files of columns are searched by DuckDB, and rewritten: the parts of the ``duckdb`` driver."""
