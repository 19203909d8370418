"""What can be said about erased texts in a PostgreSQL server: its statistics can be asked, its files can't be read from here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from dsr_desk.model.plan import Residue

_STATISTICS = """
SELECT s.schemaname || '.' || s.tablename || '.' || s.attname, count(*)
FROM pg_stats s JOIN unnest(%s::text[]) AS n(needle)
  ON strpos(concat_ws(' ', s.most_common_vals::text, s.histogram_bounds::text, s.most_common_elems::text), n.needle) > 0
WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema') GROUP BY 1 ORDER BY 1
"""


def residue(system: str, conn: Connection, needles: Sequence[bytes]) -> list[Residue]:
    """One entry for each column whose statistics still hold one of the texts, and one on the files."""
    texts = [t for n in needles if (t := n.decode("utf-8", "ignore")) and "\x00" not in t]
    if not texts:
        return []
    entries = [
        Residue(
            system,
            where,
            count,
            "The planner's statistics keep sample values of the column; rows that stay may be the source.",
            "Run ANALYZE on the table.",
        )
        for where, count in conn.exec_driver_sql(_STATISTICS, (texts,))
    ]
    why = "The server's files can't be read from here. Deleted rows stay in them until VACUUM, in its log and backups for longer."
    return [*entries, Residue(system, "server files", 0, why, "Ask the owner of the server to run VACUUM and to expire backups.")]
