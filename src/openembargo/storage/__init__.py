"""The storage room: files, settings, cache, SQL. The only room that touches disk, clock or database."""
