"""How mailboxes are read and messages deleted: the parts of the ``mailbox`` driver."""
