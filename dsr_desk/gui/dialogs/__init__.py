"""The few dialogs: one column, the act as title, the verb at the right."""
