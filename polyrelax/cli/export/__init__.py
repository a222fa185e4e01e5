"""``polyrelax export``: what was read or found, in the formats of other programs."""
