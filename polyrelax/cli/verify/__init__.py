"""``polyrelax verify``: a property is proved, or an input violates it."""
