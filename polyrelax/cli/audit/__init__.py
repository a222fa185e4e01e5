"""``polyrelax audit``: what others claim of networks, decided exactly."""
