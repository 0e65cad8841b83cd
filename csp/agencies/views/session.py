"""The session under way: which partnership it works in, and staying signed in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from csp.agencies.middleware import CHOSEN_PARTNERSHIP


@require_POST
def switch(request):
    """Work in another of my partnerships. Leads home, because the page left may belong to the other one."""
    chosen = request.POST.get("partnership", "")
    partnership = next((each for each in request.user.partnerships if str(each.pk) == chosen), None)
    if partnership is None:
        raise Http404
    request.session[CHOSEN_PARTNERSHIP] = partnership.pk
    messages.success(request, f"You now work in {partnership}")
    return redirect("home")


@require_POST
def stay(request):
    """The person is still there. Coming this far has renewed the session."""
    return HttpResponse(status=204)
