"""No template is left over: each is named somewhere, or stands in for one of a library."""

import re
from pathlib import Path

from django.apps import apps

from tests import project

ENDINGS = (".html", ".txt", ".css")
NAMED = re.compile(r"[\"']([\w./{}\[\]()=' -]*\.(?:html|txt|css))[\"']")
PLACEHOLDER = re.compile(r"\\{.*?\\}")
OF_LIBRARIES = [Path(app.path) / "templates" for app in apps.get_app_configs()]


def templates() -> list[str]:
    found = (path for path in project.files() if path.parts[0] == "templates" and path.suffix in ENDINGS)
    return [str(path.relative_to("templates")) for path in found]


def names() -> list[re.Pattern[str]]:
    """What code and templates name. A name with a part filled in later stands for all that fit."""
    sources = [path for path in project.ending(".py", ".html", ".txt") if "requirements" not in path.name]
    sources = [path for path in sources if path.parts[0] != "tests"]
    said = {name for path in sources for name in NAMED.findall(project.text_of(path))}
    return [re.compile(PLACEHOLDER.sub(r"[\\w-]+", re.escape(name))) for name in said]


def stands_in_for_a_library(name: str) -> bool:
    return any((folder / name).is_file() for folder in OF_LIBRARIES)


def test_no_template_is_unused():
    named = names()
    unused = [
        name
        for name in templates()
        if not any(each.fullmatch(name) for each in named) and not stands_in_for_a_library(name)
    ]

    assert unused == []


def test_every_partial_says_what_it_needs():
    """`_row.html` is included by others, who have to know what to hand over."""
    partials = [name for name in templates() if Path(name).name.startswith("_")]
    heads = {name: project.text_of(Path("templates", name))[:300] for name in partials}

    assert heads
    assert [name for name, head in heads.items() if "Needs" not in head] == []
