"""What the doors that speak HTTP share: the desks behind them, who asks, and how failures are told."""
