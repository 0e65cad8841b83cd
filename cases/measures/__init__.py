"""What is counted of reports and cases. Who publishes it composes these; nobody counts the tables again."""

from cases.measures import cases, housing, powers, reports, telling
from csp.agencies.measures import register


def join_in() -> None:
    for each in (reports, telling, cases, housing, powers):
        register(each.MEASURES)
