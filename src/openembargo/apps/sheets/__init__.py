"""Determinations as sheets that people keep: one page of HTML, and PDF. Every door may hand them out."""
