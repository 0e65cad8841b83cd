"""PDFs from templates: tagged for screen readers (PDF/UA), marked, numbered, and the same on every
machine.
"""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from csp.core.fonts import only_our_fonts


def render_pdf(template: str, context: dict[str, Any], *, title: str, marking: str | None = None) -> bytes:
    """The page that `template` makes of `context`, as a PDF. Nothing is fetched from the network or the disk.

    The marking is the installation's own unless one is given; the title is what a reader's window shows.
    """
    marking = settings.MARKING if marking is None else marking
    html = render_to_string(template, {**context, "title": title, "marking": marking})
    with only_our_fonts():  # WeasyPrint looks for fonts when it is imported
        from csp.core.printing import write_pdf  # noqa: PLC0415 -- slow import
    return write_pdf(html)
