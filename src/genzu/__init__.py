"""Genzu (原図): from a hand-drawn anime layout to a finished background."""

__version__ = "0.1.0"
