"""Services in memory that answer as their vendors document it, with the records of three people."""
