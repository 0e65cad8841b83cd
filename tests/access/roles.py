"""Who reads how much of the shared records, by role."""

TEAM = frozenset({"officer", "manager"})
FULL = TEAM | {"housing", "lead"}
SUMMARY = FULL | {"police"}
ASKED = TEAM | {"housing", "lead"}
RECORD = SUMMARY | {"auditor"}
TEAM_RECORD = TEAM | {"auditor"}
OWN = frozenset({"officer"})
