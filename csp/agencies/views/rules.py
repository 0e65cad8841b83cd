"""Dated rules and lists, whichever room they belong to."""

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csp.agencies import rulebook
from csp.agencies.forms.rules import EndForm, rule_form
from csp.agencies.services import rulebook as services
from csp.agencies.views.set_up import administers, partnership_of
from csp.core.errors import RuleBroken


def book_or_404(slug):
    book = rulebook.book(slug)
    if book is None:
        raise Http404
    return book


def sorted_by_time(book, rules, today):
    """Those that hold, those to come, those of the past."""
    now, planned, past = [], [], []
    for rule in rules:
        starts = getattr(rule, book.starts) if book.starts else today
        ends = getattr(rule, book.ends)
        row = {
            "rule": rule,
            "cells": book.cells(rule),
            "starts": starts if book.starts else None,
            "ends": ends,
        }
        if ends is not None and ends <= max(today, starts):
            past.append(row)
        elif starts > today:
            planned.append(row)
        else:
            now.append(row)
    return {"now": now, "planned": planned, "past": past}


@require_safe
@administers
def rule_list(request, slug):
    book = book_or_404(slug)
    rules = book.model.objects.filter(partnership=partnership_of(request))
    related = [field.name for field in book.model._meta.fields if field.is_relation]
    rules = rules.select_related(*related).order_by(*book.order, "pk")
    rows = sorted_by_time(book, rules, timezone.localdate())
    return render(request, "agencies/rule_list.html", {"book": book, **rows})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def add_rule(request, slug):
    return write_rule(request, book_or_404(slug), replaces=None)


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def change_rule(request, slug, pk):
    book = book_or_404(slug)
    rule = get_object_or_404(book.model, partnership=partnership_of(request), pk=pk)
    return write_rule(request, book, replaces=rule)


def write_rule(request, book, replaces):
    """The page of a new rule, and of a new version of one."""
    here = partnership_of(request)
    initial = model_to_dict(replaces, book.fields) if replaces else {}
    form = rule_form(book, replaces=replaces is not None)(
        request.POST or None, partnership=here, initial=initial
    )
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in book.fields}
        try:
            save_rule(request, book, values, form.cleaned_data.get("starts_on"), replaces)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"“{book.title}” is changed")
            return redirect("agencies:rules", slug=book.slug)
    return render(request, "agencies/rule_form.html", {"form": form, "book": book, "replaces": replaces})


def save_rule(request, book, values, starts_on, replaces):
    if book.starts is None and replaces is not None:
        return services.change_entry(book=book, entry=replaces, values=values, by=request.user)
    return services.add_rule(
        book=book,
        partnership=request.partnership,
        values=values,
        starts_on=starts_on,
        by=request.user,
        at=timezone.now(),
        replaces=replaces,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def end_rule(request, slug, pk):
    book = book_or_404(slug)
    rule = get_object_or_404(book.model, partnership=partnership_of(request), pk=pk)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            services.end_rule(book=book, rule=rule, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "It ends on that day")
            return redirect("agencies:rules", slug=slug)
    return render(request, "agencies/rule_end.html", {"form": form, "book": book, "rule": rule})


@require_POST
@administers
def cancel_rule(request, slug, pk):
    book = book_or_404(slug)
    rule = get_object_or_404(book.model, partnership=partnership_of(request), pk=pk)
    try:
        services.cancel_rule(book=book, rule=rule, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The planned version is cancelled")
    return redirect("agencies:rules", slug=slug)
