"""What a person is found by: every name they go by, or went by before we knew who they were."""

from cases.models import Alias, Person
from cases.services.keys import name_key, sound_keys

NAME_KEYS = ["search_key", "sound_keys"]


def put_name_keys(person: Person) -> None:
    """Fold every name of the person into what search looks in. The caller saves `NAME_KEYS`."""
    names = [person.name, person.known_as, *(_other_names(person) if person.pk else [])]
    names = list(dict.fromkeys(filter(None, names)))
    person.search_key, person.sound_keys = name_key(*names), sound_keys(*names)


def _other_names(person: Person) -> list[str]:
    """Aliases, and the names of those who were found to be this person."""
    merged = list(Person.objects.filter(merged_into=person.pk))
    found = list(Alias.objects.filter(person=person.pk).order_by("pk").values_list("name", flat=True))
    for one in merged:
        found += [one.name, one.known_as, *_other_names(one)]
    return found
