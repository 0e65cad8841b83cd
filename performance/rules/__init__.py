"""Who may do what with the partnership's performance. Whether it can be done now the services say."""

from performance.rules import reading

__all__ = ["reading"]
