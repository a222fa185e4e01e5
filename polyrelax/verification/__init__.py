"""What is decided about networks: certified radii, attacks, Lipschitz constants; all exact."""
