from django.urls import path

from cases.views import case_contact, closing, contacts

urlpatterns = [
    path("<slug:reference>/letters/", case_contact.letters, name="letters"),
    path("<slug:reference>/letters/log/", case_contact.log, name="contact_log"),
    path("<slug:reference>/letters/to/<int:person>/<slug:kind>/", case_contact.write, name="letter_write"),
    path("<slug:reference>/letters/<int:pk>/pdf/", contacts.letter, name="letter"),
    path("<slug:reference>/letters/<int:pk>/done/", contacts.mark_done, name="contact_done"),
    path("<slug:reference>/letters/<int:pk>/no-answer/", contacts.no_answer, name="contact_no_answer"),
    path("<slug:reference>/letters/<int:pk>/write/", contacts.write_instead, name="contact_write"),
    path("<slug:reference>/letters/<int:pk>/again/", contacts.try_again, name="contact_again"),
    path("<slug:reference>/letters/<int:pk>/withdraw/", contacts.withdraw, name="contact_withdraw"),
    path("<slug:reference>/close/", closing.close, name="close"),
    path("<slug:reference>/close/approve/", closing.approve, name="close_approve"),
    path("<slug:reference>/close/refuse/", closing.refuse, name="close_refuse"),
    path("<slug:reference>/reopen/", closing.reopen, name="reopen"),
]
