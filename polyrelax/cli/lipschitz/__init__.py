"""``polyrelax lipschitz``: the exact constant of a network, or the best radius for points."""
