"""``polyrelax shrink``: a smaller witness out of a witness."""
