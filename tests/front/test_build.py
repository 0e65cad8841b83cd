"""What `npm run build` makes, and what must not be in it."""

import re

import pytest
from django.conf import settings

from tests.front.site import BUILD

SHEETS = ["app.css", "public.css"]
WHITE, GREY = "#ffffff", "#f3f2f1"


def luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=SHEETS)
def sheet(request):
    return (BUILD / request.param).read_text()


def test_every_file_that_a_style_sheet_names_is_there(sheet):
    named = {name.strip("\"'") for name in re.findall(r"url\(([^)]+)\)", sheet)}

    assert {name for name in named if not name.startswith("#") and not (BUILD / name).exists()} == set()


def test_neither_crown_nor_government_font_is_used(sheet):
    assert re.findall(r"GDS Transport|crown|crest\.", sheet) == []


@pytest.mark.parametrize("ground", [WHITE, GREY])
@pytest.mark.parametrize("name", ["brand", "link", "link-hover", "link-visited"])
def test_colours_of_links_can_be_read(sheet, name, ground):
    colour = re.search(rf"--govuk-{name}-colour: ?(#[0-9a-f]{{6}})", sheet)

    assert colour, name
    assert contrast(colour[1], ground) >= 4.5


def test_no_picture_of_the_crown_is_copied():
    assert sorted(file.name for file in (BUILD / "images").iterdir()) == [
        "favicon.svg",
        "icon-close-cross-black.svg",
        "icon-document.svg",
        "icon-tag-remove-cross-white.svg",
        "icon-tag-remove-cross.svg",
        "icon-toggle-plus-minus.svg",
    ]


def test_lock_file_names_no_place_to_download_from():
    assert '"resolved"' not in (settings.BASE_DIR / "package-lock.json").read_text()
