from csp.agencies.services.sealed import seal, unseal


def test_sealed_text_opens_again_and_shows_nothing():
    sealed = seal("Ann Brown, 4 Mill Road")

    assert "Brown" not in sealed
    assert unseal(sealed) == "Ann Brown, 4 Mill Road"


def test_what_was_tampered_with_does_not_open():
    sealed = seal("secret")

    assert unseal(sealed[:-4] + "AAA=") is None
    assert unseal("nonsense") is None


def test_former_keys_still_open_what_they_sealed(settings):
    sealed = seal("secret")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"

    assert unseal(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None
