"""Rules that hold for every template, and partials that need no more than they say."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string
from django.utils import timezone

TEMPLATES = settings.BASE_DIR / "templates"
ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
PAGES = [name for name in ALL if not name.startswith(("pdf/", "email/")) and not name.endswith(".pdf.html")]
PARTIALS = [name for name in ALL if name.startswith("partials/")]
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]

CLOCK = SimpleNamespace(state="LATE", words="2 hours late", due_at=timezone.now())
TASK = SimpleNamespace(
    pk="1",
    title="Import",
    status="RUNNING",
    get_status_display="Running",
    get_absolute_url="/progress/1/",
    percent=None,
    message="",
    is_finished=False,
)
NEEDS = {
    "alert": {"variant": "success", "text": "Case closed"},
    "clock": {"clock": CLOCK},
    "count": {"count": 12},
    "empty_state": {"title": "No reports wait"},
    "exit_this_page": {},
    "pagination": {"previous_url": "", "next_url": "?after=1"},
    "progress_bar": {"task": TASK},
    "risk_tag": {"risk": 3, "label": "High risk"},
    "status_tag": {"status": "OPEN", "label": "Open"},
    "sub_navigation": {"label": "Case", "items": [{"label": "Overview", "url": "/", "active": True}]},
    "summary_list": {"rows": [{"label": "Place", "value": "Didcot"}]},
    "timeline_entry": {"title": "Visited", "at": timezone.now()},
}


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


@pytest.mark.parametrize("name", PAGES)
def test_content_policy_allows_all_that_a_template_holds(name):
    forbidden = r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(\ssrc=|application/json))"

    assert re.search(forbidden, source(name)) is None


@pytest.mark.parametrize("name", PAGES)
def test_typed_words_begin_right_after_their_tag(name):
    """Space around them would show, since `app-typed` keeps line ends."""
    assert not re.search(r'class="[^"]*app-(typed|story)[^"]*"[^>]*>\s*\n', source(name))


@pytest.mark.parametrize("name", ALL)
def test_template_is_short(name):
    assert len(source(name).splitlines()) <= 200


@pytest.mark.parametrize("name", PARTIALS)
def test_partial_says_what_it_needs(name):
    assert source(name).startswith("{# Needs")


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_partial_draws_with_what_it_needs_and_no_more(name):
    assert render_to_string(f"partials/{name}.html", NEEDS[name]).strip()


@pytest.mark.parametrize("base", ["base.html", "public_base.html"])
def test_shell_draws_without_any_context(base):
    drawn = engines["django"].from_string(f"{{% extends '{base}' %}}").render({})

    assert 'id="main-content"' in drawn


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_gives_the_reference_and_needs_nothing_else(name):
    drawn = render_to_string(name, {"reference": "4fd1c2"})

    assert "<strong>4fd1c2</strong>" in re.sub(r' class="[^"]*"', "", drawn)


def test_error_page_that_knows_no_reference_speaks_of_none():
    assert "give this reference" not in render_to_string("403_csrf.html", {})


def test_counts_end_at_99():
    assert "99+" in render_to_string("partials/count.html", {"count": 100})
