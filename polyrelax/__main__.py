"""``python -m polyrelax`` is the command ``polyrelax``."""

import sys

from polyrelax.cli import main

if __name__ == "__main__":
    sys.exit(main())
