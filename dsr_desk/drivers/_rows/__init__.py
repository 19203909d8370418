"""What drivers without transactions share: records are looked at all first, then written one at a time."""
