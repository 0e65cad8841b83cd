from cases.services.letters import paragraphs


def test_paragraphs_tell_our_headings_from_what_an_officer_typed():
    blocks = ("We have looked at it.", "Talk to your neighbour", "What you can do next", "One\nTwo")
    text = "\n\n".join([*blocks, "What the warden said is right."])

    assert [(block["lines"], block["heading"]) for block in paragraphs(text)] == [
        (["We have looked at it."], False),
        (["Talk to your neighbour"], False),
        (["What you can do next"], True),
        (["One", "Two"], False),
        (["What the warden said is right."], False),
    ]
