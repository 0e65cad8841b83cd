"""Who may do what with reports and cases. Whether it can be done now is for the services to say."""

from cases.rules import cases, listing, notes, people, powers, records, reports, sharing

__all__ = ["cases", "listing", "notes", "people", "powers", "records", "reports", "sharing"]
