import rules

from csp.agencies.rules import works_for_lead

rules.add_perm("meetings.escalate", works_for_lead)
