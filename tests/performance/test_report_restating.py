"""A report that was restated says so, and one with an open comment is not signed off."""

import datetime as dt

import pytest
from django.urls import reverse

from csp.agencies.enums import Role
from csp.core.calendar import Period
from performance.models import PerformanceReport
from performance.services import report_states as service
from performance.services import report_writing
from performance.services.report_content import content_of, print_of
from performance.services.report_files import name_of
from tests.factories.agencies import user_at

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
QUARTER = Period.named("2021-22-Q4")


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


@pytest.fixture
def draft(team, officer):
    made = service.begin(partnership=team.partnership, period=QUARTER, by=officer, at=NOW)
    made.sections.exclude(name="summary").update(included=False)
    return made


def published(report, manager):
    service.submit(report=report, by=manager, at=NOW)
    service.sign_off(report=report, seen=print_of(content_of(report, NOW)), by=manager, at=NOW)
    return service.publish(report=report, by=manager, at=NOW)


def restated(report, manager):
    return service.restate(report=report, note="Two came late.", by=manager, at=NOW)


def read(client, user, report):
    client.force_login(user)
    return " ".join(client.get(report.get_absolute_url()).content.decode().split())


def test_the_replaced_report_says_so_and_the_newest_alone_is_restated(client, draft, manager, board):
    first = published(draft, manager)
    assert "Restate it" in read(client, manager, first)
    second = restated(first, manager)
    assert "Restate it" not in read(client, manager, first)
    assert "Replaced" not in read(client, manager, first)

    second = published(second, manager)
    for reader in (manager, board):
        page = read(client, reader, first)
        assert "Replaced" in page
        assert second.get_absolute_url() in page
        assert "Restate it" not in page
        listed = " ".join(client.get(reverse("performance:reports")).content.decode().split())
        assert listed.count("Replaced") == 1
        assert f'Restated by <a class="govuk-link" href="{second.get_absolute_url()}">' in listed
    assert "Restate it" in read(client, manager, second)


def test_each_restatement_has_a_file_of_its_own(client, draft, manager):
    first = published(draft, manager)
    second = published(restated(first, manager), manager)
    third = restated(second, manager)
    slug = draft.partnership.slug

    names = [name_of(PerformanceReport.objects.get(pk=each.pk), "pdf") for each in (first, second, third)]
    assert names == [
        f"quarterly-report-{slug}-2021-22-Q4{ending}.pdf" for ending in ("", "-restated", "-restated-2")
    ]
    client.force_login(manager)
    file = client.get(reverse("performance:report_data", args=[second.pk, "csv"]))
    assert file["Content-Disposition"].endswith('-2021-22-Q4-restated.csv"')


def test_an_open_comment_is_settled_before_the_signature(client, draft, manager):
    service.submit(report=draft, by=manager, at=NOW)
    say = {"report": draft, "section": "summary", "by": manager, "at": NOW}
    asked = [report_writing.comment(text=text, **say) for text in ("Why?", "How?")]
    seen = print_of(content_of(draft, NOW))
    page = read(client, manager, draft)
    assert "2 comments are open" in page
    assert "Settle this comment" in page
    assert reverse("performance:report_sign_off", args=[draft.pk]) not in page

    with pytest.raises(service.CannotReport, match="2 comments are open"):
        service.sign_off(report=draft, seen=seen, by=manager, at=NOW)
    report_writing.settle(comment=asked[0], by=manager, at=NOW)
    with pytest.raises(service.CannotReport, match="A comment is open"):
        service.sign_off(report=draft, seen=seen, by=manager, at=NOW)
    report_writing.settle(comment=asked[1], by=manager, at=NOW)
    assert reverse("performance:report_sign_off", args=[draft.pk]) in read(client, manager, draft)
    assert service.sign_off(report=draft, seen=seen, by=manager, at=NOW).is_frozen
