"""`python -m nndsl` is `nndsl`."""

from __future__ import annotations

import sys

from nndsl.cli.main import main

sys.exit(main())
