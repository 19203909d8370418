"""The trail: pure functions from head, body and signer to record bytes, and back to a verdict. No files, no database."""
