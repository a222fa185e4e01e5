"""``polyrelax report``: a page about a network and its relaxations."""
