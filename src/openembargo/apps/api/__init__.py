"""The door for other programs: HTTP and JSON."""
