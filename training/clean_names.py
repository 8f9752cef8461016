"""Names of nobody listed: ordinary names of many countries, namesakes made of listed words, companies and vessels."""

import re

from faker import Faker

from training.east_asian import arrange, spell_chinese, spell_korean
from training.spellings import (
    ARABIC,
    CYRILLIC,
    company,
    initials,
    middle_added,
    natural,
    respell,
    titled,
    turned,
    typo,
    vessel,
)

LOCALES = [
    "es_MX",
    "en_US",
    "en_IN",
    "de_DE",
    "fr_FR",
    "it_IT",
    "pt_BR",
    "tr_TR",
    "vi_VN",
    "id_ID",
    "es_CO",
    "es_ES",
    "en_GB",
    "nl_NL",
    "pl_PL",
    "sv_SE",
    "el_GR",
    "he_IL",
    "ja_JP",
    "th_TH",
    "ro_RO",
    "cs_CZ",
    "fa_IR",
    "ar_SA",
    "ar_EG",
    "ru_RU",
    "uk_UA",
    "bg_BG",
    "zh_CN",
    "zh_TW",
    "ko_KR",
    "fil_PH",
    "en_NG",
    "az_AZ",
    "ka_GE",
    "hi_IN",
]
LINES = [
    "Trading",
    "Shipping",
    "Logistics",
    "Engineering",
    "General",
    "International",
    "Holding",
    "Industrial",
    "Technology",
    "Energy",
    "Petrochemical",
    "Electronics",
    "Construction",
    "Medical",
    "Consulting",
    "Investment",
    "Maritime",
    "Import",
    "Export",
    "Foods",
    "Steel",
    "Textile",
    "Motors",
    "Chemical",
    "Services",
    "Bank",
    "Group",
    "Mining",
    "Systems",
    "Aviation",
]
FORMS = [
    "LLC",
    "Ltd",
    "Limited",
    "Inc",
    "GmbH",
    "Co., Ltd.",
    "S.A.",
    "S.A. de C.V.",
    "FZE",
    "Pte Ltd",
    "OOO",
    "JSC",
    "Corporation",
    "Company",
    "SARL",
    "S.r.l.",
    "AG",
    "B.V.",
    "Ltda",
    "",
    "",
    "FZCO",
    "A.S.",
    "Est.",
    "Pvt Ltd",
]
SHIPS = [
    "Ocean",
    "Sea",
    "Star",
    "Pacific",
    "Golden",
    "Eagle",
    "Pearl",
    "Spirit",
    "Fortune",
    "Express",
    "Nova",
    "Neptune",
    "Ivory",
    "Glory",
    "Wind",
    "Horizon",
    "Lady",
    "Queen",
    "King",
    "Blue",
    "Silver",
    "Atlantic",
    "Sun",
    "Moon",
    "Rose",
    "Grace",
    "Hope",
    "Victory",
    "Pioneer",
    "Trader",
    "Carrier",
    "Navigator",
    "Dragon",
    "Phoenix",
    "Orient",
    "Asia",
    "Baltic",
    "Nordic",
    "Sky",
    "Bright",
    "Lucky",
    "Happy",
    "Jade",
    "Crystal",
    "Diamond",
    "Emerald",
    "Falcon",
    "Swan",
    "Dolphin",
    "Marlin",
    "Orion",
    "Titan",
    "Atlas",
    "Maria",
    "Sofia",
    "Anna",
    "Elena",
    "Nikolay",
    "Kapitan",
    "Professor",
    "Ace",
    "Alpha",
    "Amber",
    "Angel",
    "Aurora",
    "Bay",
    "Beauty",
    "Breeze",
    "Castle",
    "Champion",
    "Coral",
    "Crown",
    "Dawn",
    "Destiny",
    "Discovery",
    "Dream",
    "Endeavour",
    "Eternity",
    "Faith",
    "Fiesta",
    "Flower",
    "Forest",
    "Freedom",
    "Galaxy",
    "Gem",
    "Genesis",
    "Giant",
    "Grand",
    "Gulf",
    "Harmony",
    "Hawk",
    "Hero",
    "Island",
    "Jewel",
    "Joy",
    "Jupiter",
    "Kingdom",
    "Leader",
    "Legend",
    "Liberty",
    "Light",
    "Lion",
    "Lotus",
    "Luna",
    "Magic",
    "Majestic",
    "Meteor",
    "Miracle",
    "Mercury",
    "Noble",
    "Oasis",
    "Olympic",
    "Opal",
    "Palm",
    "Panther",
    "Paradise",
    "Peace",
    "Pegasus",
    "Planet",
    "Pride",
    "Prince",
    "Princess",
    "Prosperity",
    "Quest",
    "Rainbow",
    "Regal",
    "River",
    "Royal",
    "Ruby",
    "Saga",
    "Sapphire",
    "Shark",
    "Shine",
    "Sirius",
    "Spring",
    "Success",
    "Summer",
    "Sunrise",
    "Sunset",
    "Tiger",
    "Topaz",
    "Trinity",
    "Triumph",
    "Union",
    "Unity",
    "Universe",
    "Valiant",
    "Venus",
    "Vision",
    "Voyager",
    "Wave",
    "Whale",
    "White",
    "Wisdom",
    "Wolf",
    "Zenith",
]


def fakers(seed):
    """Return one seeded generator a locale."""
    made = {}
    for place, locale in enumerate(LOCALES):
        made[locale] = Faker(locale)
        made[locale].seed_instance(seed + place)
    return made


def person(rng, made):
    """Return a full name in a locale's own letters, without titles."""
    locale = rng.choice(LOCALES)
    name = f"{made[locale].first_name()} {made[locale].last_name()}"
    if locale in ("zh_CN", "zh_TW", "ko_KR", "ja_JP"):
        name = f"{made[locale].last_name()}{made[locale].first_name()}"
    if rng.random() < 0.15:
        name = f"{made[locale].first_name()} {name}" if " " in name else name
    return name


def korean_name(rng, made, syllables):
    """Return a Korean name that nobody need bear: frequent syllables at random, in a random system."""
    family = made["ko_KR"].last_name()
    written = family + "".join(rng.choice(syllables) for _ in range(rng.choice([2, 2, 2, 2, 1])))
    system = rng.choice(["dprk", "dprk", "mr", "rr", "free", "free", "hangul"])
    return written if system == "hangul" else arrange(rng, spell_korean(rng, written, system))


def spaced_east(rng, made):
    """Return a Korean, Chinese or Japanese name in its own letters, with spaces, sometimes two given names first."""
    locale = rng.choice(["ko_KR", "ko_KR", "zh_CN", "ja_JP"])
    given, family = [made[locale].first_name() for _ in range(rng.choice([1, 2]))], made[locale].last_name()
    return " ".join(rng.choice([[*given, family], [family, *given]]))


def chinese_name(rng, syllables):
    """Return a Chinese name in a random system."""
    chosen = [rng.choice(syllables) for _ in range(rng.choice([2, 2, 3, 3]))]
    return arrange(rng, spell_chinese(rng, chosen, rng.choice(["pinyin", "pinyin", "pinyin", "wade", "canton"])))


def han_name(made):
    """Return an ordinary Chinese name in Han letters."""
    return made["zh_CN"].last_name() + made["zh_CN"].first_name()


def namesake(rng, persons):
    """Return a name of two listed persons' words: what makes an ordinary namesake of a region."""
    a, b = rng.choice(persons), rng.choice(persons)
    one, two = natural(a).split(), natural(b).split()
    parts = one[: max(1, len(one) - 1)][:2] + two[-1:]
    name = titled(" ".join(parts))
    pick = rng.random()
    if pick < 0.2:
        name = respell(rng, name, rng.choice([ARABIC, CYRILLIC]), 0.12)
    elif pick < 0.25:
        name = typo(rng, name, 1)
    elif pick < 0.3:
        name = initials(rng, name)
    elif pick < 0.35:
        name = middle_added(rng, name)
    elif pick < 0.45:
        name = turned(rng, name)
    return name


def swapped(rng, names):
    """Return a listed name of three words or more in which one word is another: a brother, a son, another company."""
    for _ in range(50):
        name, other = natural(rng.choice(names)).split(), natural(rng.choice(names)).split()
        places = [i for i, w in enumerate(name) if len(w) > 3]
        foreign = [w for w in other if len(w) > 3 and w not in name]
        if len(name) > 2 and places and foreign:
            place = rng.choice(places)
            if rng.random() < 0.3:
                name[place] = name[place][: rng.randint(1, 2)] + rng.choice(foreign)[rng.randint(1, 2) :].lower()
            else:
                name[place] = rng.choice(foreign)
            return titled(" ".join(name))
    return "Nobody Whosoever Atall"


def firm(rng, made, entities):
    """Return a company name: invented, of a locale, or of words that listed companies use."""
    pick = rng.random() * 0.75 if rng.random() < 0.6 else rng.random()
    if pick < 0.25:
        return made[
            rng.choice(["en_US", "de_DE", "fr_FR", "es_MX", "ru_RU", "it_IT", "zh_CN", "en_GB", "tr_TR", "pt_BR"])
        ].company()
    if pick < 0.5:
        words = [rng.choice(LINES) for _ in range(rng.randint(1, 3))]
        head = rng.choice(
            [
                made["en_US"].last_name(),
                made["tr_TR"].last_name(),
                made["zh_CN"].romanized_name().split()[0],
                made["fr_FR"].last_name(),
                made["en_US"].city(),
                made["id_ID"].last_name(),
                rng.choice(SHIPS),
            ]
        )
        return re.sub(r"\s+", " ", f"{head} {' '.join(words)} {rng.choice(FORMS)}").strip()
    a, b = rng.choice(entities).split(), rng.choice(entities).split()
    mixed = a[: rng.randint(1, max(1, len(a) // 2))] + b[-rng.randint(1, max(1, len(b) // 2)) :]
    text = titled(" ".join(mixed))
    return company(rng, text) if rng.random() < 0.3 else text


def ship(rng, made, vessels):
    """Return a vessel's name that is not on the list."""
    name = " ".join(rng.choice(SHIPS) for _ in range(rng.choice([1, 1, 2, 2, 2, 3])))
    if rng.random() < 0.1:
        name = made["en_US"].last_name()
    elif rng.random() < 0.15:
        a, b = rng.choice(vessels).split(), rng.choice(vessels).split()
        name = titled(" ".join([*a[:1], *b[-1:]]))
    if rng.random() < 0.2:
        name += f" {rng.randint(1, 20)}"
    return vessel(rng, name) if rng.random() < 0.4 else name
