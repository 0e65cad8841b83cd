import rules

from csp.agencies.rules import does_casework

rules.add_perm("meetings.refer_subject", does_casework)  # into a meeting to which their agency is invited
