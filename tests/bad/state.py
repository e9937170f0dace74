"""A fingerprint of everything that is stored, read beside the service from its database file."""

import hashlib
import sqlite3

# Work in hand and traces of being asked, not state of anybody's business: jobs and their runs, when a session was last
# seen, the ledger (which follows the timeline a moment later), and the comparison of registers every five minutes.
RESTLESS = {"job_queue", "job_kind", "auth_session", "ledger_leaf", "ledger_node", "ledger_salt", "ledger_shard",
            "exchange_reconciliation", "exchange_cursor"}


class Store:
    def __init__(self, file):
        self.database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        names = self.database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        # Datasets and pools are large and have no route that writes them; their size is enough.
        self.tables = [name for (name,) in names if name not in RESTLESS and not name.startswith("sqlite_")]
        self.version = None
        self.last = {}

    def fingerprint(self):
        """Table -> (rows, digest of all of them), at one moment."""
        # It changes with every commit of another connection: where it stands still, so does everything stored.
        (version,) = self.database.execute("PRAGMA data_version").fetchone()
        if version == self.version:
            return self.last
        self.database.execute("BEGIN")
        try:
            self.last = {table: self.of(table) for table in self.tables}
        finally:
            self.database.execute("COMMIT")
        self.version = version
        return self.last

    def of(self, table):
        if table.startswith("reference_") or table == "licence_pool_block":
            return self.database.execute(f"SELECT count(*) FROM {table}").fetchone()
        digest = hashlib.sha256()
        count = 0
        for row in sorted(repr(row) for row in self.database.execute(f"SELECT * FROM {table}")):
            digest.update(row.encode())
            count += 1
        return count, digest.hexdigest()

    def close(self):
        self.database.close()


def changed(before, after):
    """Tables that differ."""
    return {table for table in after if before[table] != after[table]}
