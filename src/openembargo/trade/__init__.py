"""What publishers of trade statistics print: layouts of their files, their areas and units, and the flows that come of them."""
