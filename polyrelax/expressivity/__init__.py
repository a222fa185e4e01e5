"""What networks can express exactly under a relaxation, and what no network can."""
