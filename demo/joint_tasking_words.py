"""What is said in the demo's meetings. Nobody in it exists."""

from dataclasses import dataclass

from demo.case_stories import HANDED_OVER, RESTRICTED
from tasking.enums import ItemStatus

MILL_ROAD, OCK_STREET = "Shouting in the street, a window", "Followed home from the bus stop"
THE_CASE = "the case"
"""Of the last meeting's items one is about a case: its title is the case's."""
CAR_PARK = "Cars racing in the car park, Didcot"
ARCADE = "Young people climbing onto roofs, Abingdon"
GARAGES = "Fires behind the garages, Wantage"


@dataclass(frozen=True)
class Item:
    gist: str
    wanted: str
    partners: tuple[str, ...]
    title: str = ""
    case: str = ""
    """How the first report of the case begins."""
    person: str = ""
    place: str = ""
    postcode: str = ""
    issue: str = ""
    group: str = "complex-needs"
    area: str = ""
    minutes: int = 10


LAST_ITEMS = (
    Item(
        "Loud music and threats at night. Two households suffer.",
        "Agree who visits when, and what the landlord does next",
        ("Police", "Soha"),
        case=MILL_ROAD,
        group="victims-at-risk",
        minutes=15,
    ),
    Item(
        "Up to thirty cars meet on Friday nights. Residents of two streets cannot sleep.",
        "A joint evening with the police, and a barrier",
        ("Police", "Fire and Rescue", "Vale Council"),
        title=CAR_PARK,
        place="Station car park, Didcot",
        postcode="OX11 9ZB",
        issue="vehicle",
    ),
    Item(
        "Children get onto the flat roofs of the shops after school. One fell.",
        "Close the way up, and talk to the schools",
        ("Police", "Social Care", "Sovereign", "Health"),
        title=ARCADE,
        place="Shops, Peachcroft, Abingdon",
        postcode="OX14 9ZD",
        issue="rowdy",
        group="families",
    ),
    Item(
        "Rubbish is set on fire behind the garages, four times in a month.",
        "Clear it, light it, and watch it",
        ("Police", "Soha", "Sovereign", "Fire and Rescue", "Probation"),
        title=GARAGES,
        place="Garages, Charlton Way, Wantage",
        postcode="OX12 9ZA",
        issue="damage",
    ),
)

NEXT_ITEMS = (
    Item(
        "Bikes in the walkways, and a bin store that does not lock.",
        "Agree what the landlord does and who patrols",
        ("Police", "Soha"),
        case=HANDED_OVER,
    ),
    Item(
        "A person is followed and abused because of who they are.",
        "The police say how far they are. Nobody says where the person lives",
        ("Police",),
        case=OCK_STREET,
        group="victims-at-risk",
    ),
    Item("Damage at one place, again and again.", "Decide who speaks to the family", (), case=RESTRICTED),
    Item(
        "Somebody takes money from an older person on the day the pension comes.",
        "Safeguarding advice, and a lock",
        ("Police", "Social Care", "Health", "Fire and Rescue"),
        title="Older person who is asked for money at the door",
        person="Patricia Lowe",
        issue="harassment",
        group="vulnerable",
        area="Wantage and Faringdon",
    ),
    Item(
        "Named in reports from three streets since the summer.",
        "One plan between the police, probation and the landlord",
        ("Police", "Probation", "Soha"),
        title="One person behind reports from three streets",
        person="Danny Pryce",
        issue="harassment",
        group="prolific",
        area="Didcot and Wallingford",
    ),
    Item(
        "Broken glass and small fires at the ramps every weekend.",
        "A patrol, and youth workers on two evenings",
        ("Police", "Fire and Rescue", "Social Care"),
        title="Skate park at weekends, Wallingford",
        place="Skate park, Kinecroft, Wallingford",
        postcode="OX10 9ZA",
        issue="damage",
    ),
    Item(
        "Shop staff are shouted at and goods are taken daily.",
        "Share what each shop has recorded",
        ("Police", "Vale Council", "Probation"),
        title="Shops in the precinct, Abingdon",
        place="Precinct, Stert Street, Abingdon",
        postcode="OX14 9ZB",
        issue="rowdy",
        group="prolific",
    ),
    Item(
        "Two people sleep in the porch. Both have turned help down so far.",
        "Who offers what, and who goes back",
        ("Police", "Health", "Social Care", "Vale Council"),
        title="Sleeping rough at the church, Faringdon",
        place="Church porch, Church Street, Faringdon",
        postcode="SN7 9ZA",
        issue="begging",
        group="vulnerable",
    ),
    Item(
        "Drivers have been spat at and a window was broken.",
        "Officers on the last bus on Fridays",
        ("Police", "Soha"),
        title="Last bus on Fridays, Henley",
        place="Bus stop, Bell Street, Henley",
        postcode="RG9 9ZA",
        issue="rowdy",
    ),
)

NEARBY_ITEMS = (
    Item(
        "Balls and bikes against the walls until late.",
        "Agree times with the families",
        ("Police", "Soha"),
        title="Play area in the evening, Didcot",
        place="Play area, Ladygrove, Didcot",
        postcode="OX11 9ZB",
        issue="neighbour",
    ),
    Item(
        "Drinking in the square from midday.",
        "Talk to those who drink there, with health workers",
        ("Police", "Vale Council"),
        title="Street drinking in the square, Wallingford",
        place="Market Place, Wallingford",
        postcode="OX10 9ZB",
        issue="street-drinking",
    ),
)


@dataclass(frozen=True)
class Said:
    discussion: str
    decision: str
    outcomes: tuple[str, ...] = ()
    ending: str = ItemStatus.OFF
    because: str = "The agencies go on with it by themselves"


NOTHING_NEW = Said("Nothing new was reported.", "Noted.")
SAID = {
    THE_CASE: Said(
        "The music goes on when visitors stay. The landlord has the neighbours' diaries.",
        "The warning is followed by a notice if it goes on. Soha prepares tenancy action.",
        ("enforcement", "support"),
        ItemStatus.STAYS,
        "",
    ),
    CAR_PARK: Said(
        "Fewer cars since the barrier is down after ten. Two drivers were reported.",
        "Look again once the cameras have run for a month.",
        ("enforcement", "reduction"),
        ItemStatus.RETURNS,
        "The cameras go in this week",
    ),
    ARCADE: Said(
        "The schools spoke to all year groups. The drainpipe is boxed in.",
        "Comes off. The landlord looks at it each week.",
        ("reduction",),
    ),
    GARAGES: Said(
        "The rubbish is gone. One fire since, seen by nobody.",
        "Lights go in; the fire service visits the three nearest homes.",
        ("support",),
    ),
}


@dataclass(frozen=True)
class Given:
    item: str
    owner: str
    text: str
    due: int
    """Working days from today."""
    done: str = ""
    done_by: str = "officer"


ACTIONS = (
    Given(THE_CASE, "Police", "Call at the flat on the next two Friday nights and say what was seen", -6),
    Given(THE_CASE, "Police", "Say whether the damaged window was recorded as a crime", -2),
    Given(THE_CASE, "Soha", "Write to the tenant about the two cautions and what follows", -5),
    Given(THE_CASE, "Soha", "Put a lock on the yard", -3),
    Given(THE_CASE, "Community Safety", "Ask both households how the nights have been", 3),
    Given(CAR_PARK, "Police", "Hold a joint evening with the council at the car park", 4),
    Given(CAR_PARK, "Police", "Report drivers who were warned before", 8),
    Given(
        CAR_PARK, "Vale Council", "Close the barrier at 10pm each night", -8,
        "Closed each night since the meeting",
    ),
    Given(
        CAR_PARK, "Fire and Rescue", "Visit the flats beside the car park", -7,
        "Six homes visited, two alarms fitted",
    ),
    Given(ARCADE, "Police", "Look at the roofs on the way past after school", 2),
    Given(ARCADE, "Social Care", "Find out which of the families already has a worker", 5),
    Given(ARCADE, "Social Care", "Invite the parents to the school's evening", 9),
    Given(ARCADE, "Sovereign", "Box in the drainpipe behind the shops", -9, "Done by the contractor"),
    Given(
        ARCADE, "Health", "Tell the practice nurse what to ask after a fall", -4,
        "The practice has the leaflet and the number to ring", "health",
    ),
    Given(GARAGES, "Soha", "Clear what is left behind the garages", -10, "Cleared and swept", "housing"),
    Given(GARAGES, "Soha", "Fit two lights that come on by themselves", 4),
    Given(GARAGES, "Soha", "Ask tenants on both sides what they have seen", 6),
    Given(GARAGES, "Police", "Name an officer whom the neighbours can ring", 5),
    Given(GARAGES, "Vale Council", "Say whether a camera can be lent for a month", 4),
    Given(GARAGES, "Probation", "Say whether unpaid work can repaint the doors", 7),
)  # fmt: skip


@dataclass(frozen=True)
class Referred:
    partner: str
    by: str
    title: str
    place: str
    postcode: str
    issue: str
    why: str
    wanted: str
    tried: str
    necessity: str
    needed_by: tuple[str, ...]
    group: str = "complex-needs"
    urgent_because: str = ""
    accepted: bool = False


REFERRALS = (
    Referred(
        "Police",
        "police",
        "Underpass at night, Didcot",
        "Underpass, Station Road, Didcot",
        "OX11 9ZA",
        "drugs",
        "Dealing and threats in the underpass. People walk along the road instead.",
        "Light, cameras, and youth workers before nine",
        "Patrols on six evenings",
        "The council keeps the lights, and the landlord the flats above",
        ("Soha", "Vale Council", "Social Care"),
        accepted=True,
    ),
    Referred(
        "Soha",
        "housing",
        "Bins and mattresses left on the green, Thame",
        "The green, Elms Road, Thame",
        "OX9 9ZA",
        "litter",
        "Rubbish from three blocks is left on the green each week, and children play in it.",
        "One day of clearing together, and letters from the council",
        "Two letters to all tenants",
        "The council can fine; the fire service can say what is dangerous",
        ("Fire and Rescue", "Vale Council"),
    ),
    Referred(
        "Police",
        "police",
        "Calls that tie up two patrols, Abingdon",
        "Wharf car park, Abingdon",
        "OX14 9ZA",
        "communications",
        "Forty calls in a month about noise that nobody else hears.",
        "Health says who can look in",
        "Two visits by the neighbourhood team",
        "Health alone can say what helps",
        ("Health", "Social Care"),
        group="vulnerable",
    ),
)

RETURNS = {
    "Fire and Rescue": {
        CAR_PARK: "We can visit the second block next week",
        "Skate park at weekends, Wallingford": "Our youth team can come on two Saturdays",
    },
    "Health": {"Sleeping rough at the church, Faringdon": "The outreach nurse is there on Tuesdays"},
    "Sovereign": {},
}
"""What these agencies know of items, and can offer."""
