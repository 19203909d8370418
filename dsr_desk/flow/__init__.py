"""The verbs: receive → identify → search → review → plan → approve → apply → verify → report."""
