"""A request followed through as a data protection officer would, and what must be true of every figure on the way."""
