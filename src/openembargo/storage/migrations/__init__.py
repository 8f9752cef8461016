"""How a store comes to the schema of this program."""
