import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.services.keys import (
    LONGEST_NAME_KEY,
    address_key,
    fold,
    name_key,
    phone_key,
    sound_keys,
    split_birthday,
)


@given(st.text())
def test_fold_twice_is_fold_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_gives_folded_words_with_single_spaces(text):
    folded = fold(text)

    assert folded == " ".join(folded.split())
    assert all(c == " " or unicodedata.category(c)[0] in "LMN" for c in folded)


@given(st.text(), st.text())
def test_keys_fit_their_columns(one, other):
    assert len(name_key(one * 50, other)) <= LONGEST_NAME_KEY
    assert len(address_key(one * 50, other)) <= 300
    assert len(phone_key(one * 50)) <= 20


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("O'Brien", "obrien"),
        ("O\u2019Brien", "obrien"),
        ("Siân ÉVANS-Jones", "sian evans jones"),
        ("Łukasz Świątek", "lukasz swiatek"),
        ("Straße", "strasse"),
        ("Nguyễn Văn Ánh", "nguyen van anh"),
        ("محمد", "محمد"),
        ("李小龙", "李小龙"),
        ("किरण", "किरण"),
        ("\uff26\uff55\uff4c\uff4c\u3000\uff37\uff49\uff44\uff54\uff48", "full width"),
        ("  Flat 2/4,  Mill Rd. ", "flat 2 4 mill rd"),
        ("!!!", ""),
    ],
)
def test_fold_reads_names_of_every_script(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("07700 900123", "07700900123"),
        ("+44 7700 900123", "07700900123"),
        ("+44 (0)7700 900 123", "07700900123"),
        ("0044 7700 900123", "07700900123"),
        ("01235 123456 ext 12", "01235123456"),
        ("\u0660\u0667\u0667\u0660\u0660 900123", "07700900123"),
        ("+353 1 496 0123", "35314960123"),
        ("none", ""),
    ],
)
def test_phone_key_is_the_number_as_dialled_here(typed, key):
    assert phone_key(typed) == key


def test_address_key_finds_the_postcode_wherever_it_was_typed():
    inside = address_key("4 Mill Road, Didcot, OX11 7AA", "OX11 7AA")

    assert inside == address_key("4 Mill Road, Didcot", "OX117AA") == "4 mill road didcot ox117aa"


def test_address_key_of_signs_alone_is_not_empty():
    assert address_key("???") == "???"


def test_name_key_spells_every_alphabet_in_plain_letters():
    assert name_key("Łukasz", "محمد").isascii()
    assert name_key("محمد") != name_key("محمود")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith", "Smyth"),
        ("Sean", "Shaun"),
        ("Stephen", "Steven"),
        ("Mohammed", "Muhammad"),
        ("Kathryn", "Catherine"),
        ("Geoffrey", "Jeffrey"),
        ("Claire", "Clare"),
    ],
)
def test_sound_keys_are_shared_by_names_that_sound_alike(one, other):
    assert set(sound_keys(one)) & set(sound_keys(other))


def test_sound_keys_hold_every_word_and_leave_out_what_says_nothing():
    assert set(sound_keys("Ann Brown")) == {*sound_keys("Ann"), *sound_keys("Brown")}
    assert sound_keys("", "O", "7", "محمد", "???") == []


@given(st.text())
def test_sound_keys_fit_their_column(text):
    assert all(2 <= len(key) <= 20 for key in sound_keys(text))


@pytest.mark.parametrize(
    ("typed", "rest", "day"),
    [
        ("3.4.1990", "", dt.date(1990, 4, 3)),
        ("03/04/1990", "", dt.date(1990, 4, 3)),
        ("03 04 1990", "", dt.date(1990, 4, 3)),
        ("1990-04-03", "", dt.date(1990, 4, 3)),
        ("3 April 1990", "", dt.date(1990, 4, 3)),
        ("Ann Brown, 3/4/1990", "Ann Brown", dt.date(1990, 4, 3)),
        ("31/02/1990", "31/02/1990", None),
        ("3 Mill 1990", "3 Mill 1990", None),
        ("07700 900123", "07700 900123", None),
        ("01235 12 1990 12", "01235 12 1990 12", None),
        ("4 Mill Road", "4 Mill Road", None),
    ],
)
def test_date_of_birth_is_read_out_of_what_was_typed(typed, rest, day):
    assert split_birthday(typed) == (rest, day)
