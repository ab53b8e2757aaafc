"""Kinds of scene: each a function that draws on a sheet."""
