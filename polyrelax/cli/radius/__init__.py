"""``polyrelax radius``: certified radii of classifiers around images."""
