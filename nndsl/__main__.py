"""`python -m nndsl` and `nndsl`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; Ctrl-C is quiet from the first import on."""
    try:
        from nndsl.cli.main import main
        from nndsl.cli.streams import prepare

        prepare()
        return main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
