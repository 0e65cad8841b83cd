import pghistory.models
import pytest
from celery import shared_task
from django.http import HttpResponse
from django.urls import path

from cases.models import Report
from csp.audit import history
from tests.factories.agencies import user_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db


def change_it(request, pk):
    report = Report.objects.get(pk=pk)
    report.location = "Changed"
    report.save(update_fields=["location"])
    return HttpResponse(status=204)


urlpatterns = [path("<int:pk>/change/", change_it)]


def context_of(report):
    return report.pgh_event_model.objects.filter(pgh_obj=report).latest("pgh_id").pgh_context


@pytest.mark.urls("tests.audit.test_history")
def test_history_names_the_user_and_the_request_and_no_address(client):
    report = ReportFactory()
    user = user_at(report.lead)
    client.force_login(user)

    response = client.post(f"/{report.pk}/change/?q=Ann+Brown")

    context = context_of(report)
    assert context.metadata == {"user": user.pk, "request": response["X-Request-ID"]}


def test_history_without_a_request_has_no_context():
    assert context_of(ReportFactory()) is None


@shared_task(name="tests.change_a_report")
def change_in_the_background(*, pk):
    Report.objects.filter(pk=pk).update(location="Changed")


def test_history_of_a_task_names_the_task_and_its_request():
    report = ReportFactory()

    result = change_in_the_background.apply(kwargs={"pk": report.pk})

    assert context_of(report).metadata == {"task": "tests.change_a_report", "request": result.id}
    ReportFactory()
    assert pghistory.models.Context.objects.count() == 1


def test_a_task_carries_on_the_request_that_asked_for_it():
    report = ReportFactory()
    task = change_in_the_background
    task.push_request(request_id="abc123")

    history.begin_task(task_id="of-the-task", task=task)
    task.run(pk=report.pk)
    history.end_task(task)

    task.pop_request()
    assert context_of(report).metadata == {"task": "tests.change_a_report", "request": "abc123"}


def test_ending_a_task_that_never_began_does_nothing():
    history.end_task(change_in_the_background)
