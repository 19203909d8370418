"""Item models: they hold what was found and give parts for what is seen."""
