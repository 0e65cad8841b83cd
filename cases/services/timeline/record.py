"""Reports that came in and were joined; merges, links, hand-overs and closings."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from cases.enums.timeline import TimelineKind
from cases.models import CaseLink, CaseMerge, Closure, Decision, FurtherInformation, HandOver, Report
from cases.services.timeline.items import Reading, TimelineItem
from csp.core.text import mid_sentence

REPORT, CASE = TimelineKind.REPORT, TimelineKind.CASE


def reports(reading: Reading) -> Iterator[TimelineItem]:
    """Those of the case that they read in full."""
    found = Report.objects.readable_by(reading.user).filter(case__in=reading.in_full)
    for report in reading.newest(found.select_related("source_partner", "lead")):
        yield TimelineItem(
            at=report.received_at,
            kind=REPORT,
            title=f"Report {report} came in: {mid_sentence(report.get_channel_display())}",
            text=report.what_happened,
            partner=report.source_partner or report.lead,
            url=reverse("reports:detail", args=[report.reference]),
        )


def information(reading: Reading) -> Iterator[TimelineItem]:
    readable = Report.objects.readable_by(reading.user).filter(case__in=reading.in_full)
    for added in reading.newest(
        FurtherInformation.objects.filter(report__in=readable).select_related("report", "by")
    ):
        yield TimelineItem(
            at=added.at,
            kind=REPORT,
            title=f"More about report {added.report}",
            text=added.text,
            who=str(added.by or "The caller"),
            url=reverse("reports:detail", args=[added.report.reference]),
        )


def decisions(reading: Reading) -> Iterator[TimelineItem]:
    """How reports came into the case, and out of it again. The reasons are for the team that decided."""
    readable = Report.objects.readable_by(reading.user)
    found = Decision.objects.filter(case__in=reading.in_full, report__in=readable)
    for decision in reading.newest(found.select_related("report__lead", "by", "undone_by")):
        ours = decision.report.lead_id in reading.user.partner_ids
        told: dict[str, Any] = {"kind": REPORT, "partner": decision.report.lead}
        yield TimelineItem(
            at=decision.at,
            title=f"Report {decision.report}: {mid_sentence(decision.get_outcome_display())}",
            text=decision.reason if ours else "",
            who=str(decision.by),
            url=reverse("reports:detail", args=[decision.report.reference]),
            **told,
        )
        if decision.undone_at:
            yield TimelineItem(
                at=decision.undone_at,
                title=f"The decision on report {decision.report} was undone",
                text=decision.undo_reason if ours else "",
                who=str(decision.undone_by),
                **told,
            )


def merges(reading: Reading) -> Iterator[TimelineItem]:
    """Only of cases that they see both."""
    seen = reading.both_seen(CaseMerge, "kept", "gone")
    for merge in reading.newest(seen.select_related("kept__lead", "gone", "by", "undone_by")):
        told: dict[str, Any] = {
            "kind": CASE,
            "partner": merge.kept.lead,
            "url": merge.gone.get_absolute_url(),
        }
        in_full = {merge.kept_id, merge.gone_id} & set(reading.in_full)
        yield TimelineItem(
            at=merge.at,
            title=f"Case {merge.gone} became part of {merge.kept}",
            text=merge.reason if in_full else "",
            who=str(merge.by),
            **told,
        )
        if merge.undone_at:
            yield TimelineItem(
                at=merge.undone_at,
                title=f"Case {merge.gone} was taken out of {merge.kept} again",
                text=merge.undo_reason if in_full else "",
                who=str(merge.undone_by),
                **told,
            )


def links(reading: Reading) -> Iterator[TimelineItem]:
    for link in reading.newest(
        reading.both_seen(CaseLink, "case", "other").select_related("case__lead", "other", "made_by")
    ):
        other = link.case if link.other_id == reading.case.pk else link.other
        yield TimelineItem(
            at=link.made_at,
            kind=CASE,
            title=f"Case {link.case} was linked: {mid_sentence(link.get_kind_display())} {link.other}",
            text=link.why if link.case_id in reading.in_full or link.other_id in reading.in_full else "",
            who=str(link.made_by),
            partner=link.case.lead,
            url=other.get_absolute_url(),
        )


def hand_overs(reading: Reading) -> Iterator[TimelineItem]:
    """For the team that leads, and for those who asked or were asked."""
    mine = reading.user.partner_ids
    found = HandOver.objects.filter(
        Q(case__in=reading.led) | Q(from_partner__in=mine) | Q(to_partner__in=mine), case__in=reading.cases
    )
    for asked in reading.newest(
        found.select_related("from_partner", "to_partner", "asked_by", "answered_by")
    ):
        yield TimelineItem(
            at=asked.asked_at,
            kind=CASE,
            title=f"{asked.to_partner} was asked to take the case over",
            text=asked.reason,
            who=str(asked.asked_by),
            partner=asked.from_partner,
        )
        if asked.answered_at:
            yield TimelineItem(
                at=asked.answered_at,
                kind=CASE,
                title=f"Hand-over to {asked.to_partner}: {mid_sentence(asked.get_status_display())}",
                text=asked.answer,
                who=str(asked.answered_by or ""),
                partner=asked.to_partner,
            )


def closures(reading: Reading) -> Iterator[TimelineItem]:
    found = Closure.objects.filter(case__in=reading.in_full)
    people = ("proposed_by", "approved_by", "refused_by", "reopened_by")
    for closure in reading.newest(found.select_related("case__lead", *people)):
        reason = closure.get_reason_display()
        steps = (
            ("proposed", f"Closing was proposed: {reason}", closure.note),
            ("approved", f"Closing was agreed: {reason}", ""),
            ("refused", "Closing was not agreed", closure.refusal),
            ("reopened", "The case was reopened", closure.reopen_reason),
        )
        for step, title, text in steps:
            if at := getattr(closure, f"{step}_at"):
                who = str(getattr(closure, f"{step}_by") or "")
                yield TimelineItem(
                    at=at, kind=CASE, title=title, text=text, who=who, partner=closure.case.lead
                )
