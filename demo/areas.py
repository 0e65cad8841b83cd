"""Districts, local areas and wards of the two demo partnerships, with codes of 2019 and, best fit, 2014."""

Wards = dict[str, list[str]]

SOUTH_AND_VALE: dict[str, dict[str, Wards]] = {
    "South Oxfordshire": {
        "Didcot and Wallingford": {
            "Benson and Crowmarsh": ["E05009733", "E05006570", "E05006577"],
            "Berinsfield": ["E05009734", "E05006571"],
            "Cholsey": ["E05011701", "E05006576"],
            "Didcot North East": ["E05011702", "E05006579"],
            "Didcot South": ["E05011703", "E05006578", "E05006580"],
            "Didcot West": ["E05009740", "E05006581"],
            "Sandford and the Wittenhams": ["E05011708", "E05006589", "E05006572"],
            "Wallingford": ["E05011710", "E05006594"],
        },
        "Thame and Henley": {
            "Chalgrove": ["E05009735", "E05006573"],
            "Chinnor": ["E05009736", "E05006575", "E05006569"],
            "Forest Hill and Holton": ["E05011704", "E05006582"],
            "Garsington and Horspath": ["E05009742", "E05006583"],
            "Goring": ["E05009743", "E05006584"],
            "Haseley Brook": ["E05011705", "E05006585"],
            "Henley-on-Thames": ["E05012853"],
            "Kidmore End and Whitchurch": ["E05011707"],
            "Sonning Common": ["E05012854"],
            "Thame": ["E05009749", "E05006592", "E05006593"],
            "Watlington": ["E05009751", "E05006595", "E05006574"],
            "Wheatley": ["E05011711", "E05006596"],
            "Woodcote and Rotherfield": ["E05011712"],
        },
    },
    "Vale of White Horse": {
        "Abingdon": {
            "Abingdon Abbey Northcourt": ["E05009754", "E05006598", "E05006602"],
            "Abingdon Caldecott": ["E05009755", "E05006599", "E05006603"],
            "Abingdon Dunmore": ["E05012970", "E05006600"],
            "Abingdon Fitzharris": ["E05009757", "E05006601"],
            "Abingdon Peachcroft": ["E05012971", "E05006604"],
            "Botley and Sunningwell": ["E05012972", "E05006619", "E05006623"],
            "Cumnor": ["E05011714", "E05006605"],
            "Drayton": ["E05011715", "E05006608"],
            "Kennington and Radley": ["E05012976", "E05006615", "E05006620"],
            "Marcham": ["E05012977", "E05006618"],
            "Sutton Courtenay": ["E05011717", "E05006624"],
            "Wootton": ["E05011719"],
        },
        "Wantage and Faringdon": {
            "Blewbury and Harwell": ["E05011713", "E05006606", "E05006613", "E05006586"],
            "Faringdon": ["E05012973"],
            "Grove North": ["E05012974", "E05006611"],
            "Hendreds": ["E05012975", "E05006614"],
            "Kingston Bagpuize": ["E05012992", "E05006616", "E05006617"],
            "Ridgeway": ["E05009769", "E05006607", "E05006610"],
            "Stanford": ["E05009770"],
            "Steventon and the Hanneys": ["E05009771", "E05006612"],
            "Thames": ["E05011718"],
            "Wantage and Grove Brook": ["E05012978", "E05006626"],
            "Wantage Charlton": ["E05012979", "E05006625"],
            "Watchfield and Shrivenham": ["E05012980"],
        },
    },
}

WEST_OXFORDSHIRE: dict[str, dict[str, Wards]] = {
    "West Oxfordshire": {
        "Witney": {
            "Witney Central": ["E05006648"],
            "Witney East": ["E05006649"],
            "Witney North": ["E05006650"],
            "Witney South": ["E05006651"],
            "Witney West": ["E05006652"],
        },
        "Carterton and Burford": {
            "Burford": ["E05009363"],
            "Carterton North East": ["E05006632"],
            "Carterton North West": ["E05009365"],
            "Carterton South": ["E05006634"],
        },
        "Chipping Norton and Woodstock": {
            "Chipping Norton": ["E05006637"],
            "Woodstock and Bladon": ["E05006653"],
        },
    },
}

POSTCODES: list[tuple[str, float, float, str]] = [
    # Made up: no such unit exists, so no household is meant. Each lies near the middle of its town.
    ("OX119ZA", 51.6089, -1.2412, "E05009740"),
    ("OX119ZB", 51.6120, -1.2300, "E05011702"),
    ("OX119ZC", 51.6003, -1.2395, "E05011703"),
    ("OX119ZD", 51.6064, -1.2467, "E05009740"),
    ("OX109ZA", 51.5990, -1.1250, "E05011710"),
    ("OX109ZB", 51.5750, -1.1500, "E05011701"),
    ("OX107ZA", 51.6620, -1.1760, "E05009734"),
    ("OX149ZA", 51.6707, -1.2800, "E05009757"),
    ("OX149ZB", 51.6780, -1.2740, "E05009754"),
    ("OX149ZC", 51.6660, -1.2900, "E05009755"),
    ("OX149ZD", 51.6850, -1.2700, "E05012971"),
    ("OX149ZE", 51.6820, -1.2900, "E05012970"),
    ("OX129ZA", 51.5890, -1.4260, "E05012979"),
    ("OX129ZB", 51.5940, -1.4200, "E05012978"),
    ("OX129ZC", 51.6080, -1.4220, "E05012974"),
    ("SN79ZA", 51.6570, -1.5860, "E05012973"),
    ("OX99ZA", 51.7470, -0.9740, "E05009749"),
    ("OX99ZB", 51.7500, -0.9800, "E05009749"),
    ("RG99ZA", 51.5370, -0.9030, "E05012853"),
    ("RG89ZA", 51.5230, -1.1330, "E05009743"),
    ("OX339ZA", 51.7460, -1.1360, "E05011711"),
    ("OX289ZA", 51.7850, -1.4850, "E05006648"),
    ("OX289ZB", 51.7900, -1.4750, "E05006649"),
    ("OX189ZA", 51.7590, -1.5930, "E05006634"),
]
