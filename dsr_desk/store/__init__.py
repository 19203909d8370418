"""The workspace: requests, journal, trail bytes, sealed parts, keys, settings. It owns the transaction."""
