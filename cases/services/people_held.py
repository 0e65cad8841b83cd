"""Finding somebody among the people in the records that one team leads, whoever may read those records."""

from django.db.models import Exists, OuterRef

from cases.models import CasePerson, Person, ReportPerson
from cases.services.search import PersonQuery, by_email, by_name, by_phone
from csp.agencies.models import Partner

MOST_FOUND = 12


def people_held(words: str, team: Partner) -> list[Person]:
    """For the data protection officer, who answers for the records without working on them."""
    reported = ReportPerson.objects.filter(person=OuterRef("pk"), report__lead=team)
    in_case = CasePerson.objects.filter(person=OuterRef("pk"), case__lead=team)
    people = Person.objects.filter(partnership=team.partnership_id, merged_into=None)
    people = people.filter(Exists(reported) | Exists(in_case)).select_related("place")
    query = PersonQuery.from_text(words)
    found: dict[int, Person] = {}
    for matches in (by_name(people, query), by_phone(people, query), by_email(people, query)):
        found |= {person.pk: person for person in matches[:MOST_FOUND]}
    return list(found.values())[:MOST_FOUND]
