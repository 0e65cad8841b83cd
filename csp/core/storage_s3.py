from storages.backends.s3 import S3Storage

from csp.core.storage import UnguessableNames


class PrivateS3Storage(UnguessableNames, S3Storage):
    """In a bucket that nobody can list. Apart from the others, since its library takes long to load."""
