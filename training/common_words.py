"""Words that many people and companies bear, from the name lists of Faker (MIT licence): how common each sound is."""

import random
from math import log10

from faker import Faker

from openembargo.screening.anatomy import take_apart
from training.clean_names import LINES, LOCALES, SHIPS

LEFT_OUT = 0.3
"""Share of words left out, so that training also sees names of nobody whose words are not in the table."""
DIGITS = 9


def provided(faker):
    """Return a locale's lists of names as pairs of word and weight."""
    for provider in faker.get_providers():
        for attribute in dir(type(provider)):
            if (attribute.endswith("names") and not attribute.startswith(("_", "prefix", "suffix"))) or attribute in (
                "word_list",
                "city_prefixes",
                "catch_phrase_words",
            ):
                held = getattr(provider, attribute)
                if callable(held) or not held:
                    continue
                listed = (
                    list(held.items()) if hasattr(held, "items") else [(h, 1.0) for h in held if isinstance(h, str)]
                )
                total = sum(w for _, w in listed) or 1.0
                yield from ((word, weight / total) for word, weight in listed if isinstance(word, str))


def common(seed, whole=True):
    """Return sound -> commonness from 1 to 9; 9 is borne by more than one in a hundred of some country."""
    share = {}
    for locale in LOCALES:
        for word, weight in provided(Faker(locale)):
            for part in take_apart(word, "person").words:
                if len(part.sound.main) > 1:
                    share[part.sound.main] = max(share.get(part.sound.main, 0.0), weight)
    for word in [*SHIPS, *LINES]:
        for part in take_apart(word, "person").words:
            share[part.sound.main] = max(share.get(part.sound.main, 0.0), 0.003)
    rng = random.Random(seed)
    found = {}
    for word in sorted(share):
        digit = min(DIGITS, max(1, round(3 * (log10(share[word]) + 5))))
        if whole or rng.random() > LEFT_OUT:
            found[word] = digit
    return found
