"""Builds the benchmark's data inside the database: rows are made by SQL from one template row of each table.

The first partnership is a county: it holds a tenth of all reports. The others share the rest evenly.
Each report and each case is led by its partnership's community safety team; a third are shared with the
police (summary), a tenth with a housing association (full). One report in ten awaits triage, one case in
three is open.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.utils import timezone

from cases.enums import Audience, CallerKind, CaseStatus, Channel, LinkRole, NoteKind
from cases.models import Case, CasePerson, CaseShare, Category, Note, Person, Place, Report, ReportPerson
from csp.agencies.enums import AgencyKind, Consent, Gateway, Role, ShareLevel
from csp.agencies.models import Agency, Membership, Partner, Partnership, User
from csp.core.clocks import Unit

PARTNERSHIPS = 300
PARTNERS_EACH = 10
JOINED = dt.date(2020, 4, 1)
KINDS = (
    "noise",
    "vehicles",
    "neighbours",
    "litter",
    "drugs",
    "harassment",
    "damage",
    "rowdy",
    "begging",
    "animals",
)
LEVELS = ("know", "view", "read", "contribute")


@dataclass(frozen=True)
class Cast:
    """The people who open the pages that are measured."""

    manager: User
    police: User
    housing: User


def build(rows: int) -> Cast:
    """Fill an empty, migrated database with `rows` reports."""
    partners = _partners()
    cast = _people_who_look(partners[0])
    _fill_reports(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return cast


def _partners() -> list[list[Partner]]:
    groups = Group.objects.bulk_create(
        Group(name=f"bench {p}/{n}") for p in range(PARTNERSHIPS) for n in range(PARTNERS_EACH)
    )
    agencies = Agency.objects.bulk_create(
        Agency(name=f"Agency {n}", kind=AgencyKind.OTHER) for n in range(PARTNERSHIPS * PARTNERS_EACH)
    )
    partnerships = Partnership.objects.bulk_create(
        Partnership(name=f"Partnership {p}", slug=f"partnership-{p}", code=f"B{p}")
        for p in range(PARTNERSHIPS)
    )
    partners = Partner.objects.bulk_create(
        Partner(
            partnership=partnership,
            agency=agencies[p * PARTNERS_EACH + n],
            group=groups[p * PARTNERS_EACH + n],
            name=f"Partner {n}",
            joined_on=JOINED,
        )
        for p, partnership in enumerate(partnerships)
        for n in range(PARTNERS_EACH)
    )
    by_partnership = [partners[p * PARTNERS_EACH : (p + 1) * PARTNERS_EACH] for p in range(PARTNERSHIPS)]
    for partnership, seats in zip(partnerships, by_partnership, strict=True):
        partnership.receiving_partner = seats[0]
    Partnership.objects.bulk_update(partnerships, ["receiving_partner"])
    Category.objects.bulk_create(
        Category(partnership=partnership, code=code, label=code.title(), qualifier="nuisance")
        for partnership in partnerships
        for code in KINDS
    )
    return by_partnership


def _people_who_look(county: list[Partner]) -> Cast:
    def user(name: str, partner: Partner, role: Role) -> User:
        made = User.objects.create(email=f"{name}@bench.example", name=name.title())
        Membership.objects.create(user=made, partner=partner, role=role, starts_on=JOINED)
        made.groups.add(partner.group)
        return made

    return Cast(
        manager=user("manager", county[0], Role.MANAGER),
        police=user("police", county[1], Role.PRACTITIONER),
        housing=user("housing", county[2], Role.PRACTITIONER),
    )


def _templates() -> None:
    """One row of each table, to be copied with changes."""
    partnership = Partnership.objects.order_by("pk").first()
    if partnership is None or partnership.receiving_partner is None:
        raise ValueError("Make the partnerships first")
    now = timezone.now()
    Place.objects.create(partnership=partnership, address="Template", address_key="template")
    person = Person.objects.create(
        partnership=partnership, name="Template", search_key="template", created_at=now
    )
    case = Case.objects.create(
        partnership=partnership,
        lead=partnership.receiving_partner,
        reference="template",
        title="Template",
        status=CaseStatus.OPEN,
        opened_at=now,
    )
    report = Report.objects.create(
        partnership=partnership,
        lead=partnership.receiving_partner,
        reference="template",
        channel=Channel.PHONE,
        caller_kind=CallerKind.PERSON,
        received_at=now,
        logged_at=now,
        what_happened="Template",
        clock_started_at=now,
        clock_amber_at=now,
        clock_due_at=now,
        clock_unit=Unit.WORKING_DAYS,
    )
    ReportPerson.objects.create(report=report, person=person, role=LinkRole.COMPLAINANT, is_caller=True)
    CasePerson.objects.create(case=case, person=person, role=LinkRole.COMPLAINANT, added_at=now)
    lead = partnership.receiving_partner
    Note.objects.create(
        case=case, partner=lead, audience=Audience.SHARED, at=now, kind=NoteKind.FACT, text="Template"
    )
    CaseShare.objects.create(
        record=case,
        from_partner=lead,
        to_partner=partnership.partners.exclude(pk=lead.pk).order_by("pk")[0],
        level=ShareLevel.SUMMARY,
        gateway=Gateway.CDA_115,
        purpose="Template",
        necessity="Template",
        consent=Consent.GIVEN,
        starts_at=now,
    )


def _copy(model: type, count: str, values: str, source: str = "") -> str:
    """SQL that copies the table's template row once for each n, with `values` laid over it."""
    table = model._meta.db_table  # type: ignore[attr-defined]
    return f"""
        INSERT INTO {table}
        SELECT made.* FROM generate_series(1::bigint, {count}) AS n
        CROSS JOIN (SELECT * FROM {table} ORDER BY id LIMIT 1) AS template {source}
        CROSS JOIN LATERAL jsonb_populate_record(
            template::{table}, jsonb_build_object('id', n + 1, {values})) AS made
    """  # noqa: S608 -- table names and our own expressions, nothing from outside


SEAT = """
    CROSS JOIN LATERAL (
        SELECT CASE WHEN n % 10 = 0 THEN 0
               ELSE 1 + (n * 7919) % (SELECT count(*) - 1 FROM bench_seat) END AS at
    ) AS pick
    JOIN bench_seat AS seat ON seat.at = pick.at
"""

NAMES = """(ARRAY['Ann','Bola','Chen','Dara','Eve','Femi','Gita','Hal','Ida','Jo','Kofi','Lena']
    )[1 + (n * 31) % 12]
    || ' ' || (ARRAY['Brown','Okafor','Smith','Patel','Jones','Nowak','Ali','Taylor','Evans','Khan','Green',
                     'Hughes','Moss'])[1 + (n * 17) % 13]
    || (n % 997)::text"""


def _on_cases(people: int) -> list[str]:
    """Somebody in each case, its kind, a note on every other, and a share for each agency that sees it."""
    every = "FROM cases_case c JOIN bench_seat seat ON seat.lead = c.lead_id WHERE c.reference <> 'template'"
    share = """
        INSERT INTO cases_caseshare
        SELECT made.* FROM cases_case c JOIN bench_seat seat ON seat.lead = c.lead_id
        CROSS JOIN (SELECT * FROM cases_caseshare ORDER BY id LIMIT 1) AS template
        CROSS JOIN LATERAL jsonb_populate_record(template::cases_caseshare, jsonb_build_object(
            'id', c.id * 2 + {odd}, 'record_id', c.id, 'from_partner_id', seat.lead,
            'to_partner_id', seat.{seat}, 'level', {level})) AS made
        WHERE (c.id / 10) % {each} = 0 AND c.reference <> 'template'"""
    return [
        f"""INSERT INTO cases_caseperson (id, case_id, person_id, role, added_at)
            SELECT c.id, c.id, 2 + (c.id - 2) % {people}, 'complainant', now() {every}""",
        f"""INSERT INTO cases_case_categories (case_id, category_id)
            SELECT c.id, seat.kind + c.id % 10 {every}""",
        f"""INSERT INTO cases_note
            SELECT made.* FROM (SELECT c.id, seat.lead {every} AND c.id % 2 = 0) AS c
            CROSS JOIN (SELECT * FROM cases_note ORDER BY id LIMIT 1) AS template
            CROSS JOIN LATERAL jsonb_populate_record(template::cases_note, jsonb_build_object(
                'id', c.id, 'case_id', c.id, 'partner_id', c.lead,
                'text', 'Heard the music from number ' || c.id)) AS made""",  # noqa: S608
        share.format(odd=0, seat="police_seat", level=2, each=3),
        share.format(odd=1, seat="housing_seat", level=3, each=10),
    ]


def _fill_reports(rows: int) -> None:
    _templates()
    people, cases = max(rows // 2, 1), rows
    statements = [
        "SET session_replication_role = replica",  # bulk load: no history triggers, no foreign-key checks
        """CREATE TEMP TABLE bench_seat AS
           SELECT row_number() OVER (ORDER BY p.id) - 1 AS at, p.id AS partnership, p.code,
                  p.receiving_partner_id AS lead, lead.group_id AS team,
                  (SELECT group_id FROM agencies_partner
                   WHERE partnership_id = p.id ORDER BY id OFFSET 1 LIMIT 1) AS police,
                  (SELECT group_id FROM agencies_partner
                   WHERE partnership_id = p.id ORDER BY id OFFSET 2 LIMIT 1) AS housing,
                  (SELECT id FROM agencies_partner
                   WHERE partnership_id = p.id ORDER BY id OFFSET 1 LIMIT 1) AS police_seat,
                  (SELECT id FROM agencies_partner
                   WHERE partnership_id = p.id ORDER BY id OFFSET 2 LIMIT 1) AS housing_seat,
                  (SELECT min(id) FROM cases_category WHERE partnership_id = p.id) AS kind
           FROM agencies_partnership p JOIN agencies_partner lead ON lead.id = p.receiving_partner_id""",
        _copy(
            Place,
            str(people),
            """'partnership_id', seat.partnership, 'address', n || ' Mill Road',
               'address_key', n || ' mill road',
               'postcode', 'OX' || n % 40 || ' ' || n % 10 || 'AA', 'latitude', 51.4 + (n % 6007) / 15000.0,
               'longitude', -1.6 + (n % 8009) / 12000.0""",
            SEAT,
        ),
        _copy(
            Person,
            str(people),
            f"""'partnership_id', seat.partnership, 'name', {NAMES}, 'search_key', lower({NAMES}),
                'phone_key', '0770' || lpad(n::text, 7, '0'), 'place_id', n + 1""",
            SEAT,
        ),
        _copy(
            Case,
            str(cases),
            """'partnership_id', seat.partnership, 'lead_id', seat.lead,
               'reference', seat.code || '-C-20-' || lpad(n::text, greatest(6, length(n::text)), '0'),
               'risk', 1 + (n / 7) % 3,
               'title', CASE WHEN n % 5000 = 0 THEN 'Zebra' ELSE 'Noise' END || ', Mill Road ' || n,
               'summary', 'Shouting, loud music and litter at night',
               'status', CASE WHEN (n / 10) % 3 = 0 THEN 'open' ELSE 'closed' END,
               'officer_id', CASE WHEN n % 50 = 0
                   THEN (SELECT id FROM agencies_user WHERE name = 'Manager') END,
               'update_due_on', CASE WHEN n % 4 = 0 THEN current_date + (n % 40)::int - 10 END,
               'opened_at', now() - n * interval '1 minute',
               'ended_at', CASE WHEN (n / 10) % 3 = 0 THEN NULL ELSE now() - n * interval '1 minute' END""",
            SEAT,
        ),
        *_on_cases(people),
        _copy(
            Report,
            str(rows),
            """'partnership_id', seat.partnership, 'lead_id', seat.lead,
               'reference', seat.code || '-R-20-' || lpad(n::text, greatest(6, length(n::text)), '0'),
               'status', CASE WHEN (n / 10) % 10 = 0 THEN 'new' ELSE 'advice' END,
               'risk', 1 + (n / 7) % 3, 'received_at', now() - n * interval '1 minute',
               'clock_started_at', now() - n * interval '1 minute',
               'clock_amber_at', now() - n * interval '1 minute' + interval '5 days',
               'clock_due_at', now() - n * interval '1 minute' + interval '7 days',
               'what_happened', 'Shouting and loud music at number ' || n, 'location', n || ' Mill Road',
               'postcode', 'OX' || n % 40 || ' ' || n % 10 || 'AA', 'latitude', 51.4 + (n % 6007) / 15000.0,
               'longitude', -1.6 + (n % 8009) / 12000.0""",
            SEAT,
        ),
        f"""INSERT INTO cases_reportperson (id, report_id, person_id, role, is_caller)
            SELECT id, id, 2 + (id - 2) % {people}, 'complainant', true FROM cases_report
            WHERE reference <> 'template'""",  # noqa: S608
        """INSERT INTO cases_report_categories (report_id, category_id)
           SELECT r.id, seat.kind + r.id % 10 FROM cases_report r
           JOIN bench_seat seat ON seat.lead = r.lead_id""",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        for table, name in (("cases_report", "report"), ("cases_case", "case")):
            _grant_all(cursor, table, name)
        for model in (Place, Person, Case, CasePerson, CaseShare, Note, Report, ReportPerson):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        cursor.execute("SET session_replication_role = DEFAULT")


def _grant_all(cursor, table: str, name: str) -> None:
    """Four rows for the team; two for the police on each third record; three for housing on each tenth."""
    ids = dict(
        Permission.objects.filter(codename__in=[f"{v}_{name}" for v in LEVELS]).values_list("codename", "pk")
    )
    for seat, levels, share in (("team", LEVELS, 1), ("police", LEVELS[:2], 3), ("housing", LEVELS[:3], 10)):
        permissions = ",".join(str(ids[f"{level}_{name}"]) for level in levels)
        cursor.execute(
            f"""INSERT INTO {table}grouppermission (content_object_id, group_id, permission_id)
                SELECT r.id, seat.{seat}, p FROM {table} r JOIN bench_seat seat ON seat.lead = r.lead_id,
                unnest(ARRAY[{permissions}]) AS p WHERE (r.id / 10) % {share} = 0"""  # noqa: S608 -- our own names
        )
