"""What an import says no to."""

from csp.core.errors import RuleBroken


class CannotImport(RuleBroken):
    """Nothing of the file comes in. The message says what to do."""


class CannotRead(CannotImport):
    """The file is not a table we can read."""


class RowRejected(Exception):
    """One row does not come in, for this reason. The others do."""
