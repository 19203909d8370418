"""DSR Desk: answer data subject requests, and prove it."""
