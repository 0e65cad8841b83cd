from tests.e2e.nouns.meetings import meeting

WHO = {"meetings:packs": "officer"}
NO_PAGE = {"meetings:send_papers", "meetings:pack_build", "meetings:pack", "meetings:minutes_pdf"}
ARGUMENTS = {"meetings:packs": (lambda: meeting().reference,)}
