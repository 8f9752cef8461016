"""The screening room: names become alerts."""
