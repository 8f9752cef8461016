"""Papers that people really have: bytes in, deals out, each fact with the place where it was read."""
