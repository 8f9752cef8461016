"""The doors: parse, call one job, render."""
