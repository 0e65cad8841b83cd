"""Set-up and running, with the standard library only: these modules work before anything is installed."""

import sys

# Must be read, and say its line, by whatever Python the machine has: so no newer syntax in this file.
if sys.version_info < (3, 11):  # noqa: UP036
    found = ".".join(str(number) for number in sys.version_info[:2])
    sys.exit(
        "Error: Python 3.11 or later is needed and this is " + found + ". Type: make PYTHON=python3.11 run"
    )
