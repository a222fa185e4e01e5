"""``polyrelax lipschitz``: what Lipschitz networks can and cannot represent."""
