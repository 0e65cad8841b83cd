"""Reports that opened the older made-up cases, and all the demo's reports together."""

from demo.stories import STORIES, Story

DAY = 24
RESTRICTED = "A councillor's son"
HANDED_OVER = "Bikes and scooters"
ENDED = "Balls kicked against my wall"
LONG_AGO = "Car engines revved"

CASE_STORIES = [
    Story(
        DAY * 70,
        "A councillor's son throws bottles at the bus shelter, and people are afraid to say so.",
        "Bus shelter, Church Green, Wallingford",
        "OX10 9ZA",
        ("damage", "rowdy"),
        "george",
        effect=2,
        contact="letter",
        decision="case_opened",
        reason="Repeated damage; the subject is related to somebody colleagues know",
    ),
    Story(
        DAY * 40,
        "Bikes and scooters are ridden through the walkways, and the lock of the bin store is broken.",
        "Station Close, Thame",
        "OX9 9ZA",
        ("vehicle", "communal"),
        "olu",
        effect=2,
        decision="case_opened",
        reason="Goes on, and the landlord can act on the walkways",
    ),
    Story(
        DAY * 120,
        "Balls kicked against my wall for hours, and abuse when I ask them to stop.",
        "40 Bell Walk, Henley",
        "RG9 9ZA",
        ("neighbour",),
        "ravi",
        effect=2,
        contact="email",
        decision="case_opened",
        reason="Third call; the family next door has agreed to talk",
    ),
    Story(
        DAY * 365 * 7,
        "Car engines revved under my window every night.",
        "7 Market Row, Wantage",
        "OX12 9ZA",
        ("vehicle",),
        "mei",
        effect=1,
        contact="email",
        decision="case_opened",
        reason="Every night for two months",
    ),
]
ALL_STORIES = sorted([*STORIES, *CASE_STORIES], key=lambda each: -each.hours_ago)
"""The oldest first, as they came in."""
