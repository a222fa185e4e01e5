"""``polyrelax check``: whether certificates are accepted, and what they prove."""
