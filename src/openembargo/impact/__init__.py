"""What the law's measures did to trade: flows classed by the law's own book, indices with bounds, models with their intervals."""
