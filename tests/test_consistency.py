"""Rules that hold for every file of the project."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from csp.celery import app as celery_app
from tests import project

LONGEST_FILE = 400
NOT_SEARCHED = {"package-lock.json", "test_consistency.py"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/")
FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<content>.*?)</form>", re.DOTALL)
TOKENS = ("csrf_token", "csrfmiddlewaretoken", "wizard.management_form")
OURS = ("csp.", "cases.", "tasking.", "performance.")
VERB = re.compile(r"[a-z]+\.[a-z_]+")


def searched(words: re.Pattern[str]) -> list[str]:
    """Files with these words in them; this one alone may name them."""
    texts = {path: project.text_of(path) for path in project.files() if path.name not in NOT_SEARCHED}
    return [str(path) for path, text in texts.items() if words.search(text)]


def test_every_python_file_is_short():
    lengths = {
        str(path): len(project.text_of(path).splitlines())
        for path in project.ending(".py")
        if "migrations" not in path.parts
    }

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_nothing_is_left_unfinished():
    assert searched(UNFINISHED) == []


def test_no_file_knows_a_machine():
    assert searched(MACHINE) == []


def test_lock_files_name_no_registry():
    """Whoever installs says where from."""
    npm = project.text_of(Path("package-lock.json"))
    pip = [project.text_of(Path(name)) for name in ("requirements.txt", "requirements-dev.txt")]

    assert '"resolved"' not in npm
    assert [text for text in pip if re.search(r"https?://|index-url|find-links", text)] == []


def test_every_form_that_is_posted_carries_the_token():
    """Crispy draws its own forms, token and all."""
    without = [
        f"{path}: {form['attributes'].split()}"
        for path in project.ending(".html")
        for form in FORM.finditer(project.text_of(path))
        if 'method="post"' in form["attributes"].lower()
        and not any(token in form["content"] for token in TOKENS)
    ]

    assert without == []


def test_every_migration_has_a_name():
    assert [
        str(path) for path in project.files() if "migrations" in path.parts and "_auto_" in path.name
    ] == []


def test_every_view_of_ours_says_which_methods_it_takes():
    """The table of access proves that they hold; a function without them would take any."""
    ours = [view for view in views(get_resolver().url_patterns) if view.__module__.startswith(OURS)]
    functions = [view for view in ours if not hasattr(view, "view_class")]

    assert [view.__qualname__ for view in functions if not says_methods(view)] == []


def views(patterns: list[URLPattern | URLResolver]):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield pattern.callback


def says_methods(view) -> bool:
    """One of the wrappers around the view is Django's `require_http_methods`."""
    while view is not None:
        if "request_method_list" in getattr(view.__code__, "co_freevars", ()):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_every_scheduled_task_exists_and_each_task_has_a_verb():
    celery_app.loader.import_default_modules()
    ours = {name for name in celery_app.tasks if not name.startswith("celery.")}
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled - ours == set()
    assert [name for name in ours if not VERB.fullmatch(name)] == []


@pytest.mark.parametrize(
    "path", ["README.md", "LICENSE", "CHANGELOG.md", "docs/architecture.md", "docs/glossary.md"]
)
def test_newcomers_find_what_they_read_first(path):
    assert (settings.BASE_DIR / path).read_text().strip()
