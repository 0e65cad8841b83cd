"""Made-up reports for the demo. Nobody here exists; the postcodes are not real units."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Who:
    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    vulnerability: tuple[str, ...] = ()
    do_not_disclose: bool = False
    contact_warning: str = ""


@dataclass(frozen=True)
class Story:
    """One report, `hours_ago` before the demo is loaded. `decision` is what triage has done since."""

    hours_ago: int
    what: str
    where: str
    postcode: str
    categories: tuple[str, ...]
    caller: str = ""
    subject: str = ""
    channel: str = "phone"
    caller_kind: str = "person"
    effect: int | None = None
    hate: tuple[str, ...] = ()
    in_danger: bool = False
    contact: str = "phone"
    avoid: str = ""
    before: str = ""
    why: str = ""
    pattern: str = ""
    told: tuple[str, str] | None = None
    decision: str = ""
    reason: str = ""
    to: str = ""
    claimed: bool = False
    more: dict[str, str] = field(default_factory=dict)


PEOPLE = {
    "ann": Who(
        "Ann Brown",
        "01235 555 0101",
        "ann.brown@mail.example",
        "4 Mill Road, Didcot",
        "OX11 9ZA",
        ("situational",),
    ),
    "tomasz": Who("Tomasz Zieliński", "07700 900101", "", "6 Mill Road, Didcot", "OX11 9ZA"),
    "siobhan": Who(
        "Siobhán O'Neill", "07700 900102", "siobhan@mail.example", "12 Park Rise, Abingdon", "OX14 9ZA"
    ),
    "aisha": Who(
        "Aisha Rahman", "07700 900103", "", "31 Ock Lane, Abingdon", "OX14 9ZC", ("incidental",), True
    ),
    "george": Who(
        "George Whitlock",
        "01491 555 0144",
        "",
        "2 Chapel Court, Wallingford",
        "OX10 9ZA",
        ("personal", "situational"),
    ),
    "mei": Who("Mei-Ling Chen", "07700 900105", "mei@mail.example", "7 Market Row, Wantage", "OX12 9ZA"),
    "danny": Who(
        "Danny Pryce",
        "",
        "",
        "9 Mill Road, Didcot",
        "OX11 9ZA",
        contact_warning="Visit in pairs: has threatened staff",
    ),
    "kyle": Who("Kyle Venn", "", "", "33 Ock Lane, Abingdon", "OX14 9ZC"),
    "olu": Who("Oluwaseun Adeyemi", "07700 900107", "olu@mail.example", "18 Station Close, Thame", "OX9 9ZA"),
    "pat": Who("Patricia Lowe", "01367 555 0160", "", "5 Coxwell Way, Faringdon", "SN7 9ZA", ("personal",)),
    "ravi": Who("Ravi Subramaniam", "07700 900109", "ravi@mail.example", "40 Bell Walk, Henley", "RG9 9ZA"),
    "jean": Who("Jean-Luc Moreau", "07700 900110", "", "3 Wharf Terrace, Abingdon", "OX14 9ZB"),
}

STORIES = [
    # Open, around today. The first few are the queue's head.
    Story(
        3,
        "Kicked my door and shouted about where I come from, for the third time this month. "
        "He said he would be back tonight.",
        "31 Ock Lane, Abingdon",
        "OX14 9ZC",
        ("harassment", "damage"),
        "aisha",
        "kyle",
        effect=4,
        hate=("race",),
        avoid="Do not leave a voicemail. Do not write to the house.",
        before="Yes, twice, in the spring and last week",
        why="Because of my headscarf",
        told=("Thames Valley Police", "43260000101"),
    ),
    Story(
        30,
        "Loud music and shouting until four in the morning, bottles thrown into my garden.",
        "4 Mill Road, Didcot",
        "OX11 9ZA",
        ("noise", "neighbour"),
        "ann",
        "danny",
        effect=3,
        before="Yes, to the police and to Soha",
        pattern="Most weekends, from about 11pm",
        avoid="Not before noon, I sleep late",
        told=("Soha", "ASB/7731"),
    ),
    Story(
        26,
        "They call at his flat every evening and will not leave. He seems frightened of them "
        "and has stopped opening the curtains.",
        "2 Chapel Court, Wallingford",
        "OX10 9ZA",
        ("cuckooing", "drugs"),
        "george",
        caller_kind="behalf",
        effect=3,
        contact="letter",
        why="He lives alone and is too kind to say no",
        claimed=True,
    ),
    Story(
        75,
        "Group of about eight riding off-road bikes over the recreation ground, scaring the little ones.",
        "Recreation ground, Ladygrove, Didcot",
        "OX11 9ZB",
        ("vehicle",),
        "tomasz",
        effect=1,
        pattern="Sunday afternoons",
    ),
    Story(
        52,
        "Rubbish bags and a mattress dumped behind the garages again.",
        "Garages behind Park Rise, Abingdon",
        "OX14 9ZA",
        ("litter",),
        "siobhan",
        channel="online",
        contact="email",
        effect=1,
        claimed=True,
    ),
    Story(
        100,
        "Neighbour's dogs bark from seven until he comes home. I work nights.",
        "12 Park Rise, Abingdon",
        "OX14 9ZA",
        ("animals", "noise"),
        "siobhan",
        channel="online",
        contact="email",
        effect=2,
        before="Yes, in September",
    ),
    Story(
        20,
        "Young men drinking on the benches, shouting at women who walk past. I now walk round by the road.",
        "Market Place, Wantage",
        "OX12 9ZA",
        ("street-drinking", "rowdy"),
        "mei",
        effect=2,
        pattern="Friday and Saturday nights",
    ),
    Story(
        48,
        "Somebody let off fireworks at cars from the bridge.",
        "Wharf bridge, Abingdon",
        "OX14 9ZB",
        ("fireworks", "rowdy"),
        caller_kind="anonymous",
        contact="none",
        channel="phone",
    ),
    Story(
        210,
        "The flat above is used for dealing. People come and go all night and use the stairs as a toilet.",
        "18 Station Close, Thame",
        "OX9 9ZA",
        ("drugs", "communal"),
        "olu",
        effect=3,
        before="Told the landlord",
        told=("Sovereign", "SN-20981"),
    ),
    Story(
        28,
        "They throw eggs at my window and laugh. I have heart trouble and cannot get out quickly.",
        "5 Coxwell Way, Faringdon",
        "SN7 9ZA",
        ("harassment",),
        "pat",
        effect=4,
        contact="phone",
        avoid="Ring twice, I am slow",
    ),
    Story(
        30,
        "Abandoned car with flat tyres, children climb in it.",
        "Bell Walk, Henley",
        "RG9 9ZA",
        ("vehicle-abandoned",),
        "ravi",
        channel="email",
        contact="email",
        effect=0,
    ),
    Story(
        29,
        "Loud music and bottles from number 9 again, same as my neighbour told you.",
        "6 Mill Road, Didcot",
        "OX11 9ZA",
        ("noise",),
        "tomasz",
        "danny",
        effect=2,
    ),
    Story(
        54,
        "Nuisance messages every night from a withheld number since I complained about him.",
        "3 Wharf Terrace, Abingdon",
        "OX14 9ZB",
        ("communications", "harassment"),
        "jean",
        effect=3,
        before="No",
    ),
    # Decided over the last months, each way.
    Story(
        24 * 20,
        "Shouting in the street, a window broken at number 4.",
        "4 Mill Road, Didcot",
        "OX11 9ZA",
        ("neighbour", "damage"),
        "ann",
        "danny",
        effect=3,
        decision="case_opened",
        reason="Third complaint about the same address; harm to a person living alone",
    ),
    Story(
        24 * 18,
        "Banging on the wall with a hammer at three in the morning.",
        "6 Mill Road, Didcot",
        "OX11 9ZA",
        ("noise",),
        "tomasz",
        "danny",
        effect=2,
        decision="joined",
        to="Shouting",
        reason="Same subject and place as the open case",
    ),
    Story(
        24 * 15,
        "Needles in the stairwell of the flats.",
        "Station Close, Thame",
        "OX9 9ZA",
        ("drugs", "litter"),
        "olu",
        effect=2,
        decision="referred",
        to="Soha",
        reason="Soha owns the block and can act on the tenancy",
    ),
    Story(
        24 * 12,
        "Bins left out and blocking the pavement.",
        "Park Rise, Abingdon",
        "OX14 9ZA",
        ("litter",),
        "siobhan",
        channel="online",
        contact="email",
        effect=0,
        decision="advice",
        reason="Told who to ask about waste collections",
    ),
    Story(
        24 * 11,
        "My neighbour parks where I like to park.",
        "Bell Walk, Henley",
        "RG9 9ZA",
        ("neighbour",),
        "ravi",
        effect=1,
        decision="not_asb",
        reason="A parking disagreement on an open road; no harassment, alarm or distress",
    ),
    Story(
        24 * 10,
        "Off-road bikes at the recreation ground on Sunday.",
        "Recreation ground, Ladygrove, Didcot",
        "OX11 9ZB",
        ("vehicle",),
        "ann",
        effect=1,
        decision="advice",
        reason="Passed the times to the neighbourhood team; asked for photos",
    ),
    Story(
        24 * 160,
        "Followed home from the bus stop and called names.",
        "Ock Street, Abingdon",
        "OX14 9ZC",
        ("harassment",),
        "aisha",
        "kyle",
        effect=3,
        hate=("race",),
        decision="case_opened",
        reason="Hate incident by a named subject",
    ),
    Story(
        24 * 45,
        "He comes to my door asking for money every pension day.",
        "2 Chapel Court, Wallingford",
        "OX10 9ZA",
        ("begging", "cuckooing"),
        "george",
        effect=2,
        contact="letter",
        decision="advice",
        reason="Door viewer offered; police told with his consent",
    ),
    Story(
        24 * 33,
        "Kids on the roof of the sports hall.",
        "Sports hall, Grove",
        "OX12 9ZC",
        ("trespass",),
        caller_kind="anonymous",
        contact="none",
        decision="advice",
        reason="School told; no address to answer to",
    ),
]
