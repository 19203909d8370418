"""Reading and checking what the catalog files say, against themselves and against the live systems."""
