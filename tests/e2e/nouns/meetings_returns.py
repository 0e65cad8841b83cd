from tests.e2e.nouns.meetings import meeting

WHO = {"meetings:return": "police", "meetings:returns": "officer"}
NO_PAGE = {
    "meetings:return_save",
    "meetings:return_send",
    "meetings:return_nothing",
    "meetings:returns_chase",
}


def _reference() -> str:
    return meeting().reference


ARGUMENTS = dict.fromkeys(WHO, (_reference,))
