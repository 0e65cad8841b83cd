import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_limits_from_other_tests():
    """Rate limits and locks are counted in the cache, which no transaction rolls back."""
    cache.clear()
