"""What a column of a file can become, and which parts of a report a later file may change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """`several`: more than one column may make it, joined in the order of the file."""

    name: str
    label: str
    several: bool = False
    longest: int | None = None


FIELDS = (
    Field("reference", "Reference in the other system", longest=100),
    Field("what_happened", "What happened", several=True),
    Field("occurred", "When it happened: date, or month"),
    Field("occurred_time", "When it happened: time of day"),
    Field("received", "When it was reported"),
    Field("location", "Place or address", several=True, longest=300),
    Field("postcode", "Postcode"),
    Field("latitude", "Latitude"),
    Field("longitude", "Longitude"),
    Field("lsoa", "LSOA code"),
    Field("categories", "Kind of behaviour"),
    Field("status", "Status"),
    Field("hate", "Motivated by hate"),
    Field("caller_name", "Caller: name", longest=160),
    Field("caller_phone", "Caller: phone", longest=30),
    Field("caller_email", "Caller: e-mail"),
    Field("contact_method", "Safe way to contact the caller"),
    Field("contact_when", "When to contact the caller", longest=120),
    Field("contact_avoid", "What to avoid when contacting", longest=300),
    Field("subjects", "Who is doing it", several=True),
)
BY_NAME = {field.name: field for field in FIELDS}

DATED = ("occurred", "received")
TRANSLATED = ("categories", "status", "hate", "contact_method")
"""Fields whose values are chosen from a list here, whatever the other system calls them."""

CONSTANT = ("what_happened", "location", "categories", "status")
"""Fields that may be the same for the whole file."""
