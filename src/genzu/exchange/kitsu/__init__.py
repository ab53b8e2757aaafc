"""Kitsu, the production tracker: what it holds as plain records, and what can be done in it. Speaks through gazu."""
