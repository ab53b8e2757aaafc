"""Genzu's own drawings: procedural scenes, drawn as layouts, with the true material of every pixel."""
