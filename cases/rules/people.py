import rules
from django.db.models import Exists, OuterRef, Q

from cases.models import Case, CasePerson, Person, Report, ReportPerson
from csp.agencies.enums import Role
from csp.agencies.models import User


def led_by(user: User) -> Q:
    """The outer person is in a report or a case led by the user's own partner and open to the user."""
    reports = Report.objects.filter(lead__in=user.partner_ids).readable_by(user)
    cases = Case.objects.filter(lead__in=user.partner_ids).readable_by(user)
    reported = ReportPerson.objects.filter(person=OuterRef("pk"), report__in=reports.values("pk"))
    in_case = CasePerson.objects.filter(person=OuterRef("pk"), case__in=cases.values("pk"))
    return Q(Exists(reported)) | Q(Exists(in_case))


@rules.predicate
def works_with(user: User, person: Person) -> bool:
    """The user's own partner leads a report or a case with the person."""
    return Person.objects.filter(led_by(user), pk=person.pk).exists()


@rules.predicate
def sorts_people(user: User, person: Person | None) -> bool:
    """An officer or manager of the team that receives reports: of the person's partnership, or of any."""
    return user.is_authenticated and any(
        seat.role in (Role.OFFICER, Role.MANAGER)
        and seat.partner.partnership.receiving_partner_id == seat.partner_id
        and (person is None or seat.partner.partnership_id == person.partnership_id)
        for seat in user.seats
    )


rules.add_perm("people.edit", works_with)
rules.add_perm("people.merge", sorts_people)
