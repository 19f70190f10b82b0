"""`python -m nndsl` and `nndsl`."""

from __future__ import annotations

import sys

from nndsl.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
