"""What the relaxations of one network have in common, and where they differ."""
