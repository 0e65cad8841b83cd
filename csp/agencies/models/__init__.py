from csp.agencies.models.agreements import AgreementSignatory, SharingAgreement
from csp.agencies.models.filters import SavedFilter
from csp.agencies.models.geography import Lsoa, Postcode, Ward
from csp.agencies.models.invitations import invitation_token, invited_by_token
from csp.agencies.models.partnerships import Agency, Area, Partner, Partnership
from csp.agencies.models.rules import DatedQuerySet, DatedRule
from csp.agencies.models.sharing import GroupPermission, NamedPerson, Share, ShareQuerySet
from csp.agencies.models.terms import Term, term
from csp.agencies.models.users import Membership, User

__all__ = [
    "Agency",
    "AgreementSignatory",
    "Area",
    "DatedQuerySet",
    "DatedRule",
    "GroupPermission",
    "Lsoa",
    "Membership",
    "NamedPerson",
    "Partner",
    "Partnership",
    "Postcode",
    "SavedFilter",
    "Share",
    "ShareQuerySet",
    "SharingAgreement",
    "Term",
    "User",
    "Ward",
    "invitation_token",
    "invited_by_token",
    "term",
]
