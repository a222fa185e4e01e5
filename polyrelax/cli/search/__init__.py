"""``polyrelax search``: witnesses of incompleteness, and stores of what was searched."""
