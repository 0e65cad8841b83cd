from csp.core.forms.base import GDSForm, GDSModelForm
from csp.core.forms.dates import DayField, DayPartsField, MomentField, TimeField
from csp.core.forms.text import NameField, PhoneField, PostcodeField
from csp.core.forms.uploads import MultipleUploadField, UploadField

__all__ = [
    "DayField",
    "DayPartsField",
    "GDSForm",
    "GDSModelForm",
    "MomentField",
    "MultipleUploadField",
    "NameField",
    "PhoneField",
    "PostcodeField",
    "TimeField",
    "UploadField",
]
