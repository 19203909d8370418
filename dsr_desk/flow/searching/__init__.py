"""What stands behind the search: who somebody is, what is theirs, and what is asked of which system."""
