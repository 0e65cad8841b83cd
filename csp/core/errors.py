class RuleBroken(Exception):
    """A domain rule said no. The message is written for the person at the screen."""


class InvalidTransition(RuleBroken):
    """The status of a record may not move that way."""
