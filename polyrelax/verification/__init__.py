"""What holds of networks, and what does not: certified radii and attacks, each exact."""
