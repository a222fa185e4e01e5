"""``polyrelax reproduce``: the claims of papers, derived anew."""
