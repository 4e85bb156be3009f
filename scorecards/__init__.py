"""Perspectives, objectives, measures, targets, readings and their scores, for a unit and a year."""
