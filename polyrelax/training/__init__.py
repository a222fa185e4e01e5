"""Networks trained for their certificates in floats, and the exact networks that they become.

Nothing of the training is trusted: what leaves this room is a :class:`Network` of rational
numbers, whose accuracies and radii exact evaluation decides.  The room needs PyTorch, which
``pip install polyrelax[torch]`` brings.
"""
