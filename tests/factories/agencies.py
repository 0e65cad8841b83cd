import datetime as dt

import factory
from django.contrib.auth.models import Group

from csp.agencies.enums import CASEWORK_ROLES, AgencyKind, AreaKind, Role
from csp.agencies.models import Agency, Area, Membership, Partner, Partnership, User

PASSWORD = "demo-casework"
JOINED = dt.date(2011, 4, 1)


class PartnershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Partnership {n}")
    slug = factory.Sequence(lambda n: f"partnership-{n}")
    code = factory.Sequence(lambda n: f"P{n}")
    phone = "01235 000000"
    email = factory.LazyAttribute(lambda p: f"safety@{p.slug}.example")


class AgencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Agency {n}")
    kind = AgencyKind.DISTRICT_COUNCIL


class PartnerFactory(factory.django.DjangoModelFactory):
    """Trait `receiving` makes it the community safety team of its partnership."""

    class Meta:
        model = Partner
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Partner {n}")
    group = factory.LazyAttribute(lambda p: Group.objects.create(name=f"{p.partnership.slug}/{p.name}"))
    joined_on = JOINED

    @factory.post_generation
    def receiving(self, create, extracted, **kwargs):
        if extracted:
            self.partnership.receiving_partner = self
            self.partnership.save(update_fields=["receiving_partner"])


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@demo.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(factory.django.DjangoModelFactory):
    """A user in a partner with a role, and in its group where the role does casework."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    partner = factory.SubFactory(PartnerFactory)
    role = Role.PRACTITIONER
    starts_on = JOINED

    @factory.post_generation
    def in_group(self, create, extracted, **kwargs):
        if self.role in CASEWORK_ROLES:
            self.user.groups.add(self.partner.group)
        self.user.forget_seats()


def user_at(partner: Partner, role: Role = Role.PRACTITIONER, **fields) -> User:
    """A user who holds `role` at `partner`."""
    return MembershipFactory(partner=partner, role=role, user=UserFactory(**fields)).user


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    parent = None
    kind = AreaKind.WARD
    name = factory.Sequence(lambda n: f"Area {n}")
    path = ""

    @factory.post_generation
    def path_set(self, create, extracted, **kwargs):
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])
