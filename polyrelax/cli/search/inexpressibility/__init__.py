"""``polyrelax search inexpressibility``: functions that no network bounds precisely."""
