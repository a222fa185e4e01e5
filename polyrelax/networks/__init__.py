"""ReLU networks as exact functions: layers, composition, linear regions, a gallery."""
