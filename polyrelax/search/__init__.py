"""Networks on which one relaxation is looser than another, found by enumeration and proved."""
