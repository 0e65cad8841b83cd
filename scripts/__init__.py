"""Set-up and running, with the standard library only: these modules work before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- the reader's Python, not ours: say so before newer syntax is parsed
    sys.exit("CSP Casework needs Python 3.11 or later, and this is %d.%d. Type: make PYTHON=python3.11 ..." % sys.version_info[:2])  # noqa: E501, UP031 -- must parse on old Pythons
