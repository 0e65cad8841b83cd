from django import template

from cases.services.case_rows import CaseRow

register = template.Library()


@register.filter
def cell(row: CaseRow, column: str) -> str:
    """What one column says of a case."""
    return row.cell(column)
