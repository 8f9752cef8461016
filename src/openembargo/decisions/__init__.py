"""The decisions room: facts, law and alerts become a determination."""
