"""``polyrelax compare``: two relaxations of a network, layer by layer."""
