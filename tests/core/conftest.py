import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from csp.core.models import Clocked, ClockedQuerySet, Workflow


@pytest.fixture(scope="session")
def job_model():
    """A record with a clock and a workflow that belongs to no room."""
    with isolate_apps("csp.core"):

        class Job(Clocked, Workflow):
            """One job, which takes more than
            a line to say.

            And has more to it.
            """

            transitions = {"NEW": {"OPEN", "CLOSED"}, "OPEN": {"CLOSED"}, "CLOSED": {"OPEN"}}

            status = models.CharField(
                max_length=8,
                choices=[("NEW", "New"), ("OPEN", "Open"), ("CLOSED", "Closed"), ("NFA", "NFA")],
            )
            objects = ClockedQuerySet.as_manager()

            class Meta(Clocked.Meta):
                app_label = "core"

            def __str__(self):
                return "Job 7"

    return Job


@pytest.fixture
def jobs(db, job_model):
    """The table of jobs, gone again with the test's transaction."""
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(job_model)
    return job_model.objects
