"""The door for clients of the field: the addresses and shapes of yente, over our lists and our screener."""
