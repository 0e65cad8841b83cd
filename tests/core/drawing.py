"""Forms filled in and drawn without a page around them."""

from django.http import QueryDict
from django.template import Context, Template

PAGE = Template("{% load crispy_forms_tags crispy_forms_gds %}{% error_summary form %}{% crispy form %}")


def bound(form_class, **data):
    query = QueryDict(mutable=True)
    for key, value in data.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return form_class(query)


def draw(form):
    return PAGE.render(Context({"form": form}))
