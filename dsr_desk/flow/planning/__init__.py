"""What stands behind a plan: new values, their order, and everything that may stand against them."""
