from django.db.models import TextChoices


class InterventionKind(TextChoices):
    """Tools and powers (domain section 3.6)."""

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
    APPEAL = "appeal", "Time to appeal"
    HEARING = "hearing", "Court hearing after service"
    PENALTY = "penalty", "Highest fixed penalty, in pounds"
    FOLLOWS = "follows", "Must follow another power"
    LAPSES = "lapses", "Lapses after"
    REVIEW = "review", "Reviewed every"


class BreachResponse(TextChoices):
    NONE = "none", "No action"
    WARNING = "warning", "Warned"
    FIXED_PENALTY = "fixed_penalty", "Fixed penalty"
    PROSECUTION = "prosecution", "Prosecuted"
    COURT = "court", "Taken back to court"
    ARREST = "arrest", "Arrested"
    SEIZURE = "seizure", "Remedial order, forfeiture or seizure"
