"""Turns service in posts into arrays of days, and results into pages."""
