"""The field's nouns: facts, deals, outcomes, determinations and the four errors."""
