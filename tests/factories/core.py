import datetime as dt

import factory
from django.utils import timezone

from csp.core.enums import LongTaskStatus
from csp.core.models import LongTask
from tests.factories.agencies import UserFactory


class LongTaskFactory(factory.django.DjangoModelFactory):
    """Waiting to start, unless `running`, `stopped` (its worker has died), `done` or `failed`."""

    class Meta:
        model = LongTask

    class Params:
        running = factory.Trait(
            status=LongTaskStatus.RUNNING,
            attempt=1,
            done=30,
            total=120,
            heartbeat_at=factory.LazyFunction(timezone.now),
        )
        stopped = factory.Trait(
            status=LongTaskStatus.RUNNING,
            attempt=1,
            heartbeat_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=2)),
        )
        finished = factory.Trait(attempt=1, finished_at=factory.LazyFunction(timezone.now))
        succeeded = factory.Trait(
            finished=True,
            status=LongTaskStatus.DONE,
            done=120,
            total=120,
            message="120 rows read",
            result_url="/imports/7/",
            result_text="See what came in",
        )
        failed = factory.Trait(
            finished=True,
            status=LongTaskStatus.FAILED,
            message="Line 7 has no date. Correct the file and try again",
        )

    owner = factory.SubFactory(UserFactory)
    kind = "tests.count"
    title = "Importing reports.csv"
    task_name = "tests.count"
    task_arguments = {"rows": 3}
