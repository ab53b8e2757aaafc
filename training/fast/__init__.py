"""Fast, schematic scenes for training: thousands of drawings an hour on one core."""
