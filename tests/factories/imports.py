import factory
from django.core.files.base import ContentFile

from cases.models import ImportRun
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import NOON


class ImportRunFactory(factory.django.DjangoModelFactory):
    """An upload whose columns are not chosen yet. `content` is what is in the file."""

    class Meta:
        model = ImportRun
        skip_postgeneration_save = True

    lead = factory.SubFactory(PartnerFactory, receiving=True)
    partnership = factory.SelfAttribute("lead.partnership")
    source_partner = factory.SubFactory(PartnerFactory, partnership=factory.SelfAttribute("..partnership"))
    at = NOON
    file_name = "export.csv"
    file_sha256 = "0" * 64

    @factory.post_generation
    def content(self, create, extracted, **kwargs):
        if extracted is not None:
            self.file.save(self.file_name, ContentFile(extracted), save=True)
