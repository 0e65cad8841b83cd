"""WeasyPrint as we use it. Imported when the first PDF is made, since it takes half a second to load."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from csp.core.fonts import only_our_fonts

SCHEME = "printed"  # what a template names without a full address is looked up in our static files


class NotOurs(ValueError):
    """A page to be printed asked for something that is not one of our static files."""


class StaticFilesOnly(URLFetcher):
    """Opens static files and inline images, and refuses the rest, whoever put its address into the page."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        parts = urlsplit(url)
        prefix = f"/{settings.STATIC_URL.strip('/')}/"
        if parts.scheme != SCHEME or parts.netloc or not parts.path.startswith(prefix):
            raise NotOurs(f"{url} is not a static file")
        return URLFetcherResponse(url, static_file(unquote(parts.path.removeprefix(prefix))))


def static_file(name: str) -> bytes:
    """As collected for production, or else from the sources."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            content: bytes = file.read()
            return content
    if (found := finders.find(name)) is None:
        raise NotOurs(f"{name} is not a static file")
    return Path(str(found)).read_bytes()


def write_pdf(html: str) -> bytes:
    with only_our_fonts():
        fonts = FontConfiguration()
    page = HTML(string=html, base_url=f"{SCHEME}:/", url_fetcher=StaticFilesOnly())
    written: bytes = page.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    return written
