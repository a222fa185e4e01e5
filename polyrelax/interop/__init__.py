"""Files of networks and input sets: JSON of our own, ONNX, VNN-LIB."""
