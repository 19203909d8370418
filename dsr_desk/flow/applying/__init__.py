"""What stands behind carrying a plan out and proving it: its approvals, its journal, its tokens, what is left in raw bytes."""
