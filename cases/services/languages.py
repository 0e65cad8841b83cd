"""A letter that asks, in the languages people here read most, whether somebody wants it in theirs."""

from dataclasses import dataclass

# ruff: noqa: RUF001 -- letters of other scripts that look like ours


@dataclass(frozen=True)
class Offer:
    code: str
    name: str
    words: str
    right_to_left: bool = False


OFFERS = (
    Offer("ar", "العربية", "هذه الرسالة تتعلق بأمر أخبرتنا عنه. إذا أردتها بلغتك، يرجى الاتصال بنا.", True),
    Offer(
        "bn",
        "বাংলা",
        "আপনি আমাদের যে বিষয়ে জানিয়েছেন, এই চিঠি সেই বিষয়ে। আপনার "
        "ভাষায় পেতে চাইলে অনুগ্রহ করে আমাদের সঙ্গে যোগাযোগ করুন।",
    ),
    Offer(
        "pl",
        "Polski",
        "Ten list dotyczy sprawy, którą nam zgłoszono. Aby otrzymać go w swoim języku, prosimy o kontakt.",
    ),
    Offer(
        "pt",
        "Português",
        "Esta carta é sobre algo que nos comunicou. Se a quiser receber na sua língua, contacte-nos.",
    ),
    Offer(
        "pa",
        "ਪੰਜਾਬੀ",
        "ਇਹ ਚਿੱਠੀ ਉਸ ਗੱਲ ਬਾਰੇ ਹੈ ਜੋ ਤੁਸੀਂ ਸਾਨੂੰ ਦੱਸੀ ਸੀ। ਜੇ ਤੁਸੀਂ ਇਹ ਆਪਣੀ ਭਾਸ਼ਾ ਵਿੱਚ ਚਾਹੁੰਦੇ ਹੋ, ਤਾਂ ਕਿਰਪਾ ਕਰਕੇ ਸਾਡੇ ਨਾਲ ਸੰਪਰਕ ਕਰੋ।",
    ),
    Offer(
        "ro",
        "Română",
        "Această scrisoare este despre ceva ce ne-ați spus. Dacă "
        "o doriți în limba dumneavoastră, contactați-ne.",
    ),
    Offer(
        "ur",
        "اردو",
        "یہ خط اس بات کے بارے میں ہے جو آپ نے ہمیں بتائی تھی۔ اگر آپ "
        "اسے اپنی زبان میں چاہتے ہیں تو براہ کرم ہم سے رابطہ کریں۔",
        True,
    ),
)
HEADING = "This letter in your language"


def block() -> str:
    """As it stands at the end of a letter: a heading, and a line for each language."""
    return "\n\n".join([HEADING, *(offer.words for offer in OFFERS)])


def offer_in(text: str) -> Offer | None:
    """The offer that this paragraph is, so that a screen reader speaks it in its own language."""
    return next((offer for offer in OFFERS if offer.words == text), None)
