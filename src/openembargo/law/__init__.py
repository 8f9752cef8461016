"""The law room: measures, their conditions, and what was in force on a day."""
