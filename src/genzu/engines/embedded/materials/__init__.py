"""One file per family of materials; ``table.py`` lists who paints what."""
