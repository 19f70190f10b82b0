"""`python -m nndsl` and `nndsl`."""

import sys

from nndsl.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
