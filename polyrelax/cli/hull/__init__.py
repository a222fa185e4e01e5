"""``polyrelax hull``: both descriptions of a polytope, or of the ReLU's graph over it."""
