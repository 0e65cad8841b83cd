import datetime as dt

from cases.enums import Qualifier, Risk
from cases.models import Category
from csp.agencies.models import Partnership

P, N, E = Qualifier.PERSONAL, Qualifier.NUISANCE, Qualifier.ENVIRONMENTAL
STANDARD, MEDIUM, HIGH = Risk.STANDARD, Risk.MEDIUM, Risk.HIGH

DEFAULT_CATEGORIES = (
    ("harassment", "Harassment, threats or intimidation", P, MEDIUM),
    ("cuckooing", "Someone taking over another person's home", P, HIGH),
    ("communications", "Malicious or nuisance messages and calls", P, MEDIUM),
    ("neighbour", "Rowdy or nuisance neighbours", N, STANDARD),
    ("noise", "Noise", N, STANDARD),
    ("rowdy", "Rowdy or inconsiderate behaviour", N, STANDARD),
    ("damage", "Vandalism or damage", E, MEDIUM),
    ("drugs", "Drug use or dealing", N, MEDIUM),
    ("street-drinking", "Street drinking", N, STANDARD),
    ("vehicle", "Vehicle nuisance or inappropriate use", N, STANDARD),
    ("vehicle-abandoned", "Abandoned vehicle", E, STANDARD),
    ("fireworks", "Fireworks", N, STANDARD),
    ("litter", "Litter, fly-tipping or drug paraphernalia", E, STANDARD),
    ("animals", "Animal problems", N, STANDARD),
    ("trespass", "Trespass", N, STANDARD),
    ("begging", "Begging or vagrancy", N, STANDARD),
    ("prostitution", "Prostitution-related activity", N, STANDARD),
    ("communal", "Misuse of shared areas", N, STANDARD),
    ("garden", "Garden nuisance", E, STANDARD),
    ("other", "Something else", N, STANDARD),
)
"""The police's thirteen types and what landlords add: code, label, qualifier, least risk."""


def install_default_categories(partnership: Partnership, on: dt.date) -> None:
    """Categories for a new partnership. One that has some keeps its own."""
    if Category.objects.filter(partnership=partnership).exists():
        return
    Category.objects.bulk_create(
        Category(
            partnership=partnership, code=code, label=label, qualifier=qualifier, risk=risk, position=position
        )
        for position, (code, label, qualifier, risk) in enumerate(DEFAULT_CATEGORIES)
    )
