"""A report: what it counts, its states, its pages, and who may do what."""

import datetime as dt
import io
import json

import pytest
from django.urls import reverse
from pypdf import PdfReader

from csp.agencies.enums import Role
from csp.agencies.measures import Figure, find_measure
from csp.audit.models import Event
from csp.core.calendar import Period
from performance.enums import ReportKind, ReportStatus
from performance.models import PerformanceReport, ReportComment
from performance.services import report_states as service
from performance.services.report_blocks import figure_row
from performance.services.report_content import content_of, live, print_of
from performance.services.report_counting import Counted, Counts, periods_up_to
from performance.services.report_files import as_csv, as_json, as_ods, as_pdf
from performance.services.report_sections import SECTIONS
from tasking.enums import ItemKind, MeetingStatus, SeriesKind
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
FEBRUARY = dt.datetime(2022, 2, 8, 9, tzinfo=dt.UTC)
QUARTER = Period.named("2021-22-Q4")


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


@pytest.fixture
def series(team):
    return SeriesFactory(lead=team, kind=SeriesKind.NEIGHBOURHOOD)


def discussed(series, number, at=FEBRUARY):
    meeting = MeetingFactory(series=series, starts_at=at, status=MeetingStatus.APPROVED)
    for _ in range(number):
        place = PlaceFactory(lead=meeting.lead)
        AgendaItemFactory(meeting=meeting, kind=ItemKind.PLACE, place=place, discussed_at=at)


@pytest.fixture
def draft(team, officer, series):
    discussed(series, 6)
    return service.begin(partnership=team.partnership, period=QUARTER, by=officer, at=NOW)


def signed(report, officer, manager, at=NOW):
    service.submit(report=report, by=officer, at=at)
    return service.sign_off(report=report, seen=print_of(content_of(report, at)), by=manager, at=at)


def published(report, officer, manager):
    return service.publish(report=signed(report, officer, manager), by=manager, at=NOW)


def figure(content, measure):
    return next(row for row in content["figures"] if row["measure"] == measure and not row["by"])


def test_figures_stand_beside_those_of_the_period_before(team, series):
    discussed(series, 6)
    discussed(series, 8, dt.datetime(2021, 11, 9, 9, tzinfo=dt.UTC))
    discussed(series, 1, dt.datetime(2021, 9, 28, 9, tzinfo=dt.UTC))

    content = live(team.partnership, QUARTER, NOW)
    summary = content["sections"][0]["blocks"][0]["rows"]
    row = next(each for each in summary if each["measure"] == "cases-discussed")
    assert (row["words"], row["direction"], row["change"]) == ("6", "down from 8", -25)
    assert row["year_ago"]["words"] == "not recorded"


@pytest.mark.parametrize(("day", "change"), [(7, -25), (8, None)])
def test_a_period_recorded_in_part_is_compared_with_nothing(team, series, day, change):
    discussed(series, 6)
    discussed(series, 8, dt.datetime(2021, 10, day, 9, tzinfo=dt.UTC))

    summary = live(team.partnership, QUARTER, NOW)["sections"][0]["blocks"][0]["rows"]
    row = next(each for each in summary if each["measure"] == "cases-discussed")
    note = "" if change else "not recorded for the whole period"
    assert (row["before"]["words"], row["change"], row["before_note"]) == ("8", change, note)
    assert row["change_words"] == (note or "down 25%")


@pytest.mark.parametrize(
    ("parts", "words"),
    [((6, 4), "share up from 60%"), ((9, 2), "share down from 90%"), ((10, 5), "share the same, 100%")],
)
def test_the_change_of_a_measure_with_a_part_is_of_its_share(team, parts, words):
    before, now = Figure("", "", 10, parts[0]), Figure("", "", 5, parts[1])
    figures = (before, before, before, before, now)
    counted = Counted(find_measure("meeting-attendance"), figures, ((),) * 5, (False,) * 5)
    counts = Counts(team.partnership, QUARTER, periods_up_to(QUARTER, team.partnership))

    assert figure_row(counted, counts)["change_words"] == words


def test_nought_and_missing_are_told_apart(team, series):
    discussed(series, 6)

    rows = {row["measure"]: row for row in live(team.partnership, QUARTER, NOW)["figures"] if not row["by"]}
    assert (rows["meeting-outcomes"]["number"], rows["meeting-outcomes"]["words"]) == (0, "0")
    assert (rows["reports-received"]["number"], rows["reports-received"]["words"]) == (None, "not recorded")


@pytest.mark.parametrize(("number", "words"), [(4, "fewer than 5"), (5, "5")])
def test_small_numbers_are_not_printed(team, series, number, words):
    discussed(series, number)

    assert figure(live(team.partnership, QUARTER, NOW), "cases-discussed")["words"] == words


def test_meetings_point_at_nobody_however_few(team, series):
    discussed(series, 6)

    assert figure(live(team.partnership, QUARTER, NOW), "meetings-held")["words"] == "1"


def test_a_year_lists_what_waits_for_later_rooms(team, series):
    discussed(series, 6)

    content = live(team.partnership, Period.named("2021-22"), NOW)
    published = {each["key"]: each for each in content["published"]}
    assert published["neighbourhood_cases.total"]["number"] == 6
    assert published["cameras_installed"]["number"] is None
    assert published["cameras_installed"]["waits_for"] == "protection"
    assert "sanctuary" in content["waits_for"]
    assert "neighbourhood_cases.total" not in content["waits_for"]


def test_a_draft_begins_with_its_usual_sections(draft):
    assert list(draft.sections.order_by("position").values_list("name", flat=True)) == [
        each.name for each in SECTIONS
    ]
    assert not draft.sections.get(name="waiting").included
    assert draft.status == ReportStatus.DRAFT


def test_a_period_has_one_report(draft, team, officer):
    with pytest.raises(service.CannotReport, match="There is a report of 2021-22 Q4 already, draft"):
        service.begin(partnership=team.partnership, period=QUARTER, by=officer, at=NOW)


def test_a_period_to_come_has_none(team, officer):
    with pytest.raises(service.CannotReport, match="has not begun"):
        service.begin(partnership=team.partnership, period=Period.named("2022-23-Q2"), by=officer, at=NOW)


def test_figures_freeze_when_it_is_signed_off(draft, officer, manager, series):
    report = signed(draft, officer, manager)
    discussed(series, 3)

    content = content_of(report, NOW)
    assert figure(content, "cases-discussed")["words"] == "6"
    assert content["signed_off"]["by"] == str(manager)
    assert {each["name"]: each for each in content["measures"]}["cases-discussed"]["rule"]
    assert figure(live(report.partnership, QUARTER, NOW), "cases-discussed")["words"] == "9"


def test_the_same_frozen_quarter_gives_the_same_bytes(draft, officer, manager):
    content = content_of(signed(draft, officer, manager), NOW)

    for make in (as_pdf, as_json, as_csv, as_ods):
        assert make(content) == make(json.loads(json.dumps(content))), make


def test_a_quarter_that_is_not_over_is_not_signed_off(draft, officer, manager):
    early = dt.datetime(2022, 3, 31, 12, tzinfo=dt.UTC)
    service.submit(report=draft, by=officer, at=early)

    with pytest.raises(service.CannotReport, match="2021-22 Q4 ends on 31 March 2022"):
        service.sign_off(report=draft, seen=print_of(content_of(draft, early)), by=manager, at=early)
    after = dt.datetime(2022, 4, 1, 9, tzinfo=dt.UTC)
    seen = print_of(content_of(draft, after))
    assert service.sign_off(report=draft, seen=seen, by=manager, at=after).status == ReportStatus.SIGNED_OFF


def test_a_signature_can_be_taken_back_until_it_is_published(draft, officer, manager):
    report = service.reopen(report=signed(draft, officer, manager), by=manager, at=NOW)
    assert (report.status, report.frozen, report.file.name) == (ReportStatus.DRAFT, None, "")

    report = published(report, officer, manager)
    with pytest.raises(service.CannotReport, match="Restate it"):
        service.reopen(report=report, by=manager, at=NOW)


def test_a_restated_report_takes_the_place_of_the_first(draft, officer, manager, series):
    first = published(draft, officer, manager)
    discussed(series, 2)
    second = service.restate(report=first, note="Two cases were entered late.", by=manager, at=NOW)
    assert list(PerformanceReport.objects.published().standing()) == [first]

    second = published(second, officer, manager)
    assert figure(second.frozen, "cases-discussed")["words"] == "8"
    assert figure(PerformanceReport.objects.get(pk=first.pk).frozen, "cases-discussed")["words"] == "6"
    assert second.frozen["restates"]["note"] == "Two cases were entered late."
    assert list(PerformanceReport.objects.published().standing()) == [second]
    with pytest.raises(service.CannotReport, match="replaced already"):
        service.restate(report=first, note="Again", by=manager, at=NOW)


def test_the_pdf_has_contents_bookmarks_and_alternatives(draft, officer, manager):
    draft.sections.filter(name="meetings").update(narrative="A quiet winter.")
    content = content_of(signed(draft, officer, manager), NOW)
    reader = PdfReader(io.BytesIO(as_pdf(content)))

    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Quarterly report, 2021-22 Q4",
        "1 January 2022 to 31 March 2022",
        "A quiet winter.",
        f"Signed off by {manager}",
        "How the figures are counted",
        "Page 1 of",
    ):
        assert words in text  # fmt: skip
    assert "At a glance" in str(reader.outline)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_files_hold_the_figures(draft):
    content = content_of(draft, NOW)

    assert "meetings,Cases discussed,cases-discussed,2021-22-Q4,,,6,cases" in as_csv(content).decode(
        "utf-8-sig"
    )
    assert json.loads(as_json(content))["period"]["key"] == "2021-22-Q4"


def open_page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"performance:{name}", args=args), query)


def send(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"performance:{name}", args=args), data)


def test_the_team_builds_it(client, draft, officer):
    page = open_page(client, officer, "report", draft.pk).content.decode()

    assert "Submit for review" in page
    assert reverse("performance:report_section", args=[draft.pk, "meetings"]) in page
    assert f"{reverse('performance:records', args=['cases-discussed'])}?period=2021-22-Q4" in page


def test_the_board_reads_what_is_published_and_nothing_else(client, draft, officer, manager, board):
    assert open_page(client, board, "report", draft.pk).status_code == 404
    published(draft, officer, manager)
    ReportComment.objects.create(report=draft, text="Hush", by=officer, at=NOW)

    page = open_page(client, board, "report", draft.pk).content.decode()
    assert "Cases discussed" in page
    for hidden in ("Hush", "Restate it", "/performance/measures/cases-discussed"):
        assert hidden not in page
    assert draft.title in open_page(client, board, "reports").content.decode()
    assert open_page(client, board, "report_data", draft.pk, "json").json()["title"] == draft.title
    assert Event.objects.filter(verb="performance_report.downloaded", actor=board).exists()


def test_only_a_manager_signs_off_and_publishes(client, draft, officer, manager):
    send(client, officer, "report_submit", draft.pk)
    assert send(client, officer, "report_sign_off", draft.pk).status_code == 403
    seen = open_page(client, manager, "report", draft.pk).context["seen"]
    assert send(client, manager, "report_sign_off", draft.pk, seen=seen).status_code == 302
    assert send(client, officer, "report_publish", draft.pk).status_code == 403
    assert send(client, manager, "report_publish", draft.pk).status_code == 302
    draft.refresh_from_db()
    assert draft.status == ReportStatus.PUBLISHED


def test_a_step_that_cannot_be_taken_says_why(client, draft, manager):
    client.force_login(manager)
    page = client.post(reverse("performance:report_sign_off", args=[draft.pk]), follow=True).content.decode()

    assert "is draft and cannot become signed off" in page


def test_strangers_find_nothing(client, draft):
    stranger = user_at(PartnerFactory(receiving=True), Role.MANAGER)
    for name in ("report", "report_pdf", "report_restate"):
        assert open_page(client, stranger, name, draft.pk).status_code == 404, name
    assert send(client, stranger, "report_submit", draft.pk).status_code == 404


def test_a_report_is_begun_on_a_page(client, officer, series):
    discussed(series, 6)
    page = open_page(client, officer, "report_new", period="2021-22-Q4").content.decode()
    assert "2021-22 Q4, January 2022 to March 2022" in page

    send(client, officer, "report_new", period="2021-22")
    (made,) = PerformanceReport.objects.all()
    assert (made.kind, made.title) == (ReportKind.YEARLY, "Yearly scrutiny report, 2021-22")
    again = send(client, officer, "report_new", period="2021-22").content.decode()
    assert "There is a report of 2021-22 already" in again
    assert "Select a quarter or a year" in send(client, officer, "report_new", period="").content.decode()


def section_form(client, user, report, **typed):
    page = open_page(client, user, "report_section", report.pk, "meetings")
    form = page.context["form"]
    return (
        {name: form.initial[name] for name in ("narrative", "position", "seen")} | {"included": "on"} | typed
    )


def test_a_section_is_written_and_moved(client, draft, officer):
    typed = section_form(client, officer, draft, narrative="A quiet winter.", position=1)
    assert send(client, officer, "report_section", draft.pk, "meetings", **typed).status_code == 302

    sections = draft.sections.order_by("position")
    assert [each.name for each in sections][:2] == ["meetings", "summary"]
    assert [each.position for each in sections] == list(range(1, len(SECTIONS) + 1))
    assert "A quiet winter." in open_page(client, officer, "report", draft.pk).content.decode()


def test_the_second_of_two_writers_is_told_and_loses_nothing(client, draft, officer, manager):
    mine = section_form(client, officer, draft, narrative="Mine")
    theirs = section_form(client, manager, draft, narrative="Theirs")
    send(client, manager, "report_section", draft.pk, "meetings", **theirs)

    page = send(client, officer, "report_section", draft.pk, "meetings", **mine).content.decode()
    assert "Somebody else changed this section" in page
    assert "Mine" in page
    assert "Theirs" in page
    assert draft.sections.get(name="meetings").narrative == "Theirs"


def test_a_signed_report_is_not_written_any_more(client, draft, officer, manager):
    typed = section_form(client, officer, draft, narrative="Late words")
    signed(draft, officer, manager)

    page = send(client, officer, "report_section", draft.pk, "meetings", **typed).content.decode()
    assert "its words and figures do not change any more" in page
    assert "Late words" in page


def test_comments_are_made_and_settled(client, draft, officer, manager):
    client.force_login(officer)
    page = client.get(reverse("performance:report", args=[draft.pk])).content.decode()
    assert f'action="{reverse("performance:report_comment", args=[draft.pk])}"' in page
    refused = send(client, manager, "report_comment", draft.pk, text="").content.decode()
    assert "Enter your comment" in refused
    send(client, manager, "report_comment", draft.pk, text="Say why it fell", section="meetings")
    (made,) = draft.comments.all()
    assert "Say why it fell" in open_page(client, officer, "report", draft.pk).content.decode()

    send(client, officer, "report_comment_settle", draft.pk, made.pk)
    made.refresh_from_db()
    assert made.resolved_by == officer


def test_a_restatement_says_why(client, draft, officer, manager):
    published(draft, officer, manager)
    assert (
        "Enter what was wrong" in send(client, manager, "report_restate", draft.pk, note="").content.decode()
    )
    assert send(client, officer, "report_restate", draft.pk, note="x").status_code == 403

    send(client, manager, "report_restate", draft.pk, note="Two came late")
    assert PerformanceReport.objects.get(restates=draft).restatement_note == "Two came late"


def test_there_is_no_pdf_before_it_is_made(client, draft, officer):
    client.force_login(officer)
    page = client.get(reverse("performance:report_pdf", args=[draft.pk]), follow=True).content.decode()

    assert "There is no PDF of this report yet" in page
