"""Drawings as files for printing and for other programs."""

from cartography.paper import as_pdf, as_png

__all__ = ["as_pdf", "as_png"]
