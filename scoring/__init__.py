"""The arithmetic of the scorecard, over arrays: readings in, scores out. It knows no framework and asks no database.

Read `plan.py` for the shapes, `engine.py` for the order of the steps, and one file a rule for the rest.
Months are ordinals everywhere in this package: ``12 * year + month - 1``.
"""

VERSION = "1"  # of the rules: raised when the same readings would score otherwise; closings keep it
