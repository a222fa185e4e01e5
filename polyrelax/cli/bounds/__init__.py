"""``polyrelax bounds``: the bounds of a network by some relaxations."""
