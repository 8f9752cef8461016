"""Official lists: bytes as they are published -> entries. One strict reader a format."""
