"""What goods are: editions of the Harmonized System, the finder of headings, and what contradicts a line."""
