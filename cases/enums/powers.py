from django.db.models import TextChoices


class InterventionKind(TextChoices):
    """Tools and powers."""

    ADVICE_LETTER = "advice_letter", "Advice letter"
    VERBAL_WARNING = "verbal_warning", "Verbal warning"
    WRITTEN_WARNING = "written_warning", "Written warning"
    MEDIATION = "mediation", "Mediation"
    RESTORATIVE = "restorative", "Restorative justice"
    ABC = "abc", "Acceptable Behaviour Contract"
    GOOD_NEIGHBOUR = "good_neighbour", "Good neighbour agreement"
    PARENTING = "parenting", "Parenting contract"
    TENANCY_CAUTION = "tenancy_caution", "Tenancy caution"
    NOSP = "nosp", "Notice of seeking possession"
    TENANCY_INJUNCTION = "tenancy_injunction", "Tenancy injunction"
    DEMOTION = "demotion", "Demotion of tenancy"
    POSSESSION = "possession", "Possession"
    CPW = "cpw", "Community Protection Warning"
    CPN = "cpn", "Community Protection Notice"
    INJUNCTION = "injunction", "Civil injunction"
    CBO = "cbo", "Criminal Behaviour Order"
    DISPERSAL = "dispersal", "Dispersal authorisation"
    CLOSURE_NOTICE = "closure_notice", "Closure notice"
    CLOSURE_ORDER = "closure_order", "Closure order"
    PSPO = "pspo", "Public Spaces Protection Order"
    FIXED_PENALTY = "fixed_penalty", "Fixed penalty notice"
    ABATEMENT = "abatement", "Noise abatement notice"
    COMMUNITY_REMEDY = "community_remedy", "Community Remedy"


_K = InterventionKind
ESCALATION: tuple[tuple[str, tuple[InterventionKind, ...]], ...] = (
    ("Advice and warnings", (_K.ADVICE_LETTER, _K.VERBAL_WARNING, _K.WRITTEN_WARNING)),
    ("By agreement", (
        _K.MEDIATION, _K.RESTORATIVE, _K.GOOD_NEIGHBOUR, _K.PARENTING, _K.ABC, _K.COMMUNITY_REMEDY,
    )),
    ("Tenancy", (
        _K.TENANCY_CAUTION, _K.NOSP, _K.TENANCY_INJUNCTION, _K.DEMOTION, _K.POSSESSION,
    )),
    ("Notices", (_K.CPW, _K.CPN, _K.FIXED_PENALTY, _K.ABATEMENT)),
    ("Places", (_K.DISPERSAL, _K.PSPO, _K.CLOSURE_NOTICE, _K.CLOSURE_ORDER)),
    ("Orders of a court against a person", (_K.INJUNCTION, _K.CBO)),
)  # fmt: skip
"""Every power under its heading, the gentlest first."""

OF_A_PLACE = frozenset({_K.DISPERSAL, _K.PSPO, _K.CLOSURE_NOTICE, _K.CLOSURE_ORDER})
"""These bind whoever is there. All others are about a person or a body."""

MAY_NAME_A_PLACE = OF_A_PLACE | {_K.CPW, _K.CPN, _K.ABATEMENT, _K.FIXED_PENALTY}
MAY_BE_A_BODY = frozenset(
    {_K.ADVICE_LETTER, _K.WRITTEN_WARNING, _K.CPW, _K.CPN, _K.FIXED_PENALTY, _K.ABATEMENT}
)
WITH_CONDITIONS = frozenset({
    _K.ABC, _K.GOOD_NEIGHBOUR, _K.PARENTING, _K.COMMUNITY_REMEDY, _K.TENANCY_CAUTION, _K.TENANCY_INJUNCTION,
    _K.CPW, _K.CPN, _K.ABATEMENT, _K.PSPO, _K.INJUNCTION, _K.CBO,
})  # fmt: skip
NEEDS_CONDITIONS = frozenset({_K.ABC, _K.CPW, _K.CPN, _K.PSPO, _K.INJUNCTION, _K.CBO})
"""Nothing to keep to, nothing to serve."""

CONSULTED_BEFORE = OF_A_PLACE | {_K.CPN, _K.INJUNCTION, _K.CBO}
MAY_FOLLOW: dict[str, tuple[InterventionKind, ...]] = {
    _K.CPN: (_K.CPW,),
    _K.CLOSURE_ORDER: (_K.CLOSURE_NOTICE,),
    _K.FIXED_PENALTY: (_K.CPN, _K.PSPO),
    _K.POSSESSION: (_K.NOSP,),
}
"""What may come before. Whether it must, the rules say."""

GIVEN_ONCE = frozenset({_K.ADVICE_LETTER, _K.VERBAL_WARNING, _K.WRITTEN_WARNING, _K.FIXED_PENALTY})
"""Done when given: nothing runs afterwards that could end or be extended."""

MADE_IN_COURT = frozenset({
    _K.CLOSURE_ORDER, _K.INJUNCTION, _K.CBO, _K.TENANCY_INJUNCTION, _K.DEMOTION, _K.POSSESSION,
})  # fmt: skip
APPEALABLE = MADE_IN_COURT | {_K.CPN, _K.ABATEMENT, _K.PSPO}

TIMED_TO_THE_MINUTE = frozenset({_K.DISPERSAL, _K.CLOSURE_NOTICE})


class InterventionStatus(TextChoices):
    DRAFT = "draft", "Draft"
    IN_FORCE = "in_force", "In force"
    APPEALED = "appealed", "Under appeal"
    ENDED = "ended", "Ended"
    WITHDRAWN = "withdrawn", "Withdrawn or quashed"


INTERVENTION_TRANSITIONS: dict[str, set[str]] = {
    InterventionStatus.DRAFT: {InterventionStatus.IN_FORCE, InterventionStatus.WITHDRAWN},
    InterventionStatus.IN_FORCE: {
        InterventionStatus.APPEALED,
        InterventionStatus.ENDED,
        InterventionStatus.WITHDRAWN,
    },
    InterventionStatus.APPEALED: {
        InterventionStatus.IN_FORCE,
        InterventionStatus.ENDED,
        InterventionStatus.WITHDRAWN,
    },
    InterventionStatus.ENDED: set(),
    InterventionStatus.WITHDRAWN: set(),
}
STANDING = (InterventionStatus.IN_FORCE, InterventionStatus.APPEALED)


class ConditionKind(TextChoices):
    PROHIBITION = "prohibition", "Must not"
    REQUIREMENT = "requirement", "Must"


class ServiceMethod(TextChoices):
    HAND = "hand", "Handed over"
    POST = "post", "Posted"
    LEFT = "left", "Left at the address"
    FIXED = "fixed", "Fixed to the premises"
    COURT = "court", "Made in court"
    SPOKEN = "spoken", "Spoken"


class PowerLimit(TextChoices):
    """A limit that the law or local practice sets to a power."""

    YOUNGEST = "youngest", "Youngest age"
    LONGEST = "longest", "Longest time"
    LONGEST_EXTENDED = "longest_extended", "Longest time with extensions"
    LONGEST_UNDER_18 = "longest_under_18", "Longest time under 18"
    SHORTEST = "shortest", "Shortest time"
    SHORTEST_UNDER_18 = "shortest_under_18", "Shortest time under 18"
    APPEAL = "appeal", "Time to appeal"
    HEARING = "hearing", "Court hearing after service"
    PENALTY = "penalty", "Highest fixed penalty, in pounds"
    FOLLOWS = "follows", "Must follow another power"
    LAPSES = "lapses", "Lapses after"
    REVIEW = "review", "Reviewed within"
    REVIEW_UNDER_18 = "review_under_18", "Reviewed within, under 18"


class BreachResponse(TextChoices):
    NONE = "none", "No action"
    WARNING = "warning", "Warned"
    FIXED_PENALTY = "fixed_penalty", "Fixed penalty"
    PROSECUTION = "prosecution", "Prosecuted"
    COURT = "court", "Taken back to court"
    ARREST = "arrest", "Arrested"
    SEIZURE = "seizure", "Remedial order, forfeiture or seizure"
