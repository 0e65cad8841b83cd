"""Everything about one person that the reader may see."""

import dataclasses
from functools import cached_property

from cases.enums import AFFECTED_ROLES, LinkRole
from cases.models import CasePerson, Intervention, Person, PersonMerge, ReportPerson, RiskAssessment
from cases.services.person_candidates import Candidate, candidates_for
from cases.services.search import cases_of, contact_open_to, opens_place, reports_of
from cases.views.person_shown import PersonShown
from cases.views.ways import Found, lists_from, ways_from
from csp.agencies.models import User

Link = ReportPerson | CasePerson
MOST_ROWS = 50


@dataclasses.dataclass(frozen=True)
class PersonPage:
    person: Person
    user: User

    @cached_property
    def shown(self) -> PersonShown:
        return PersonShown(self.person, self.person.pk in contact_open_to(self.user, [self.person]))

    @cached_property
    def opens_place(self) -> bool:
        return opens_place(self.user, self.person.place)

    @cached_property
    def reports(self) -> list[ReportPerson]:
        return list(reports_of([self.person], self.user)[:MOST_ROWS])

    @cached_property
    def cases(self) -> list[CasePerson]:
        return list(cases_of([self.person], self.user)[:MOST_ROWS])

    @property
    def links(self) -> list[Link]:
        return [*self.cases, *self.reports]

    @property
    def is_subject(self) -> bool:
        return bool(self.as_subject)

    @property
    def is_affected(self) -> bool:
        return any(link.role in AFFECTED_ROLES for link in self.links)

    @property
    def as_subject(self) -> list[Link]:
        return [link for link in self.links if link.role == LinkRole.SUBJECT]

    @property
    def otherwise(self) -> list[Link]:
        return [link for link in self.links if link.role != LinkRole.SUBJECT]

    @cached_property
    def interventions(self) -> list[Intervention]:
        """Of cases that the reader reads in full, with their breaches."""
        steps = Intervention.objects.visible_to(self.user).filter(person=self.person)
        steps = steps.select_related("case", "issuer").prefetch_related("breaches", "conditions")
        return list(steps.order_by("-made_at", "-pk")[:MOST_ROWS])

    @cached_property
    def assessments(self) -> list[RiskAssessment]:
        """How the risk to them was scored, newest first."""
        scores = RiskAssessment.objects.visible_to(self.user).filter(person=self.person)
        return list(scores.select_related("case").order_by("-at", "-pk")[:MOST_ROWS])

    @cached_property
    def aliases(self) -> list[str]:
        return list(self.person.aliases.order_by("pk").values_list("name", flat=True))

    @property
    def ways(self) -> list[dict[str, str]]:
        return ways_from("person", self.person.pk, self.user)

    @property
    def lists(self) -> list[tuple[str, list[Found]]]:
        return lists_from("person", self.person.pk, self.user)

    @cached_property
    def may_edit(self) -> bool:
        return self.user.has_perm("people.edit", self.person)

    @cached_property
    def may_merge(self) -> bool:
        return self.user.has_perm("people.merge", self.person)

    @cached_property
    def candidates(self) -> list[Candidate]:
        return candidates_for(self.person, self.user) if self.may_merge else []

    @cached_property
    def merges(self) -> list[PersonMerge]:
        """Who was found to be this person."""
        if not self.may_merge:
            return []
        return list(self.person.merges.filter(undone_at=None).select_related("gone", "by").order_by("-pk"))
