"""Cases of housing providers as the Regulator of Social Housing counts them: its measure NM01."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums import LinkRole
from cases.measures.breakdowns import by_agency, by_area, by_category
from cases.models import Case, CasePerson, Report
from csp.agencies.enums import AgencyKind
from csp.agencies.measures import Measure, Part, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period

ROOM = "cases"


def _about_the_same_party() -> QuerySet[CasePerson]:
    """Another case of the provider, open when the outer one was opened, is about one of its subjects."""
    subjects = CasePerson.objects.filter(case=OuterRef(OuterRef("pk")), role=LinkRole.SUBJECT)
    earlier = Q(case__opened_at__lt=OuterRef("opened_at")) | Q(
        case__opened_at=OuterRef("opened_at"), case__lt=OuterRef("pk")
    )
    still_open = Q(case__ended_at=None) | Q(case__ended_at__gt=OuterRef("opened_at"))
    return CasePerson.objects.filter(
        earlier,
        still_open,
        case__lead=OuterRef("lead"),
        case__merged_into=None,
        role=LinkRole.SUBJECT,
        person__in=subjects.values("person"),
    )


def of_housing_providers(partnership: Partnership, period: Period) -> QuerySet[Case]:
    cases = Case.objects.filter(within("opened_at", period), partnership=partnership, merged_into=None)
    led = cases.filter(lead__agency__kind=AgencyKind.REGISTERED_PROVIDER)
    return led.filter(~Exists(_about_the_same_party()))


OF_HATE = Exists(Report.objects.filter(case=OuterRef("pk"), hate=True))

MEASURES = (
    Measure(
        name="housing-cases",
        label="Cases of housing providers",
        unit="cases",
        one="case",
        rule="Anti-social behaviour cases that social housing providers lead, opened in the period, as the "
        "Regulator of Social Housing counts them (NM01). A further case about the same person, opened while "
        "the provider's first is open, does not count; one opened after that was closed does. Cases with a "
        "report of hate are included, and counted by themselves too. One destroyed under the retention "
        "schedule still counts.",
        room=ROOM,
        records=of_housing_providers,
        date_field="opened_at",
        breakdowns=(by_agency("lead", "Provider"), by_area(), by_category()),
        part=Part("with a report of hate", OF_HATE),
        kept=True,
    ),
)
