"""What can be said about erased texts in a MariaDB server: its statistics can be asked, its files can't be read from here."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dsr_desk.model.plan import Residue

_STATISTICS = """
SELECT CONCAT_WS('.', db_name, table_name, column_name) FROM mysql.column_stats
WHERE INSTR(CONCAT_WS(' ', min_value, max_value, CONVERT(histogram USING utf8mb4)), %s) > 0
"""


def residue(system: str, conn: Connection, needles: Sequence[bytes]) -> list[Residue]:
    """One entry for each column whose statistics still hold one of the texts, and one on the files."""
    texts = [t for n in needles if (t := n.decode("utf-8", "ignore"))]
    if not texts:
        return []
    found: dict[str, int] = {}
    with suppress(DBAPIError):  # MySQL keeps no such table, and few users may read it: then it is one of the files
        for text in texts:
            for (where,) in conn.exec_driver_sql(_STATISTICS, (text,)):
                found[where] = found.get(where, 0) + 1
    why = "The optimizer's statistics keep sample values of the column; rows that stay may be the source."
    cure = "Run ANALYZE TABLE … PERSISTENT FOR ALL."
    entries = [Residue(system, where, count, why, cure) for where, count in sorted(found.items())]
    why = "The server's files can't be read from here. Deleted rows stay in them for a while, in its logs and backups for longer."
    cure = "Ask the owner of the server to rebuild the tables and to expire binary logs and backups."
    return [*entries, Residue(system, "server files", 0, why, cure)]
