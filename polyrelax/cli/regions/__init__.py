"""``polyrelax regions``: the cells on which a network is affine."""
