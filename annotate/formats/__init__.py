"""Foreign formats, one pure module each, reading and writing."""
