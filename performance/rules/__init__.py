"""Who may do what with the partnership's performance. Whether it can be done now the services say."""

from performance.rules import plans, reading, reports

__all__ = ["plans", "reading", "reports"]
