"""How listed names get written by others: generators of spellings for training. None is taken from a test set."""

import re
import string

ARABIC = [
    ("ou", "u", "oo"), ("o", "u"), ("e", "i"), ("a", "e"), ("ee", "i", "y"), ("kh", "h", "k"), ("q", "k", "gh", "g"), ("gh", "g", "r"), ("dh", "d", "z", "th"), ("th", "t", "s"), ("j", "dj", "g"),
    ("sh", "ch", "sch"), ("y", "i"), ("w", "ou", "u", "v"), ("ay", "ai", "ei", "ey"), ("aw", "au", "ao"), ("iyy", "iy", "i"), ("ah", "a", "eh", "e"), ("z", "dh", "s"), ("i", "ee"), ("u", "oo"),
]  # fmt: skip
CYRILLIC = [
    ("yu", "iu", "ju"), ("ya", "ia", "ja"), ("yo", "io", "e"), ("iy", "y", "ii", "ij", "i"), ("y", "i", "j"), ("ks", "x"), ("v", "w"), ("zh", "j", "sh", "g"), ("kh", "h", "ch"), ("ts", "c", "tz", "z"), ("ch", "tch", "tsch", "cz"),
    ("shch", "sch", "stch", "shtch", "sh"), ("sh", "sch", "ch"), ("ye", "e", "ie", "je"), ("ei", "ey", "ej", "eï"), ("ai", "ay", "aj"), ("ov", "off", "ow", "of"), ("ev", "eff", "ew"), ("sky", "skiy", "skii", "ski", "skij"), ("ovich", "owitsch", "ovitch", "ovic", "avich"), ("g", "h"), ("ij", "iy", "i"),
]  # fmt: skip
FIRST_NAMES = [
    ("aleksandr", "alexander", "alexandre", "oleksandr", "aliaksandr", "alyaksandr"), ("aleksey", "alexei", "alexey", "oleksii", "oleksiy", "aleksei", "aliaksei"), ("sergey", "sergei", "serhii", "serhiy", "siarhei", "sergej"),
    ("dmitry", "dmitri", "dmitriy", "dmytro", "dzmitry"), ("vladimir", "volodymyr", "uladzimir", "wladimir"), ("yuri", "yury", "yuriy", "iurii", "jurij", "iouri"), ("igor", "ihor"), ("nikolai", "nikolay", "mykola", "mikalai"), ("andrei", "andrey", "andrii", "andriy", "andrej"),
    ("mikhail", "michail", "mykhailo", "mihail"), ("yevgeny", "evgeny", "evgenii", "yevhen", "eugene", "evgeniy"), ("yelena", "elena", "olena", "jelena"), ("petr", "pyotr", "petro", "piotr", "peter"), ("viktor", "victor", "wiktor"), ("oleg", "oleh"), ("pavel", "pavlo"), ("konstantin", "kostyantyn", "constantin"),
    ("mohammed", "muhammad", "mohamed", "mohammad", "mohamad", "muhammed", "mohamud", "mehmed", "mohd", "mahamed"), ("ahmed", "ahmad", "ahmet", "achmed"), ("hussein", "husayn", "hussain", "hosein", "hossein", "husain", "houssein"), ("hassan", "hasan", "hassane"), ("ali", "aly"),
    ("omar", "umar", "omer"), ("osama", "usama", "oussama"), ("uthman", "othman", "osman", "usman"), ("ibrahim", "ebrahim", "brahim"), ("ismail", "ismael", "esmail", "ismaeel"), ("yusuf", "yousef", "youssef", "yousuf", "yosef"), ("khalid", "khaled", "kaled"), ("mahmud", "mahmoud", "mahmood", "mehmood"), ("mustafa", "mostafa", "moustafa"),
    ("said", "saeed", "sayed", "saïd", "saed"), ("abdullah", "abdallah", "abdulla", "abdollah", "abd allah"), ("yasin", "yassine", "yaseen"), ("jamal", "gamal", "djamel", "jamaal"), ("bin", "ibn", "ben"), ("abu", "abou"), ("salih", "saleh", "salah"), ("tariq", "tarek", "tareq"), ("rashid", "rachid", "rasheed"), ("faysal", "faisal", "feisal"),
    ("jose", "josé"), ("juan", "joan"), ("luis", "louis"), ("carlos", "karlos"), ("gonzalez", "gonzales"), ("rodriguez", "rodrigues"), ("jean", "john"), ("steven", "stephen"), ("katherine", "catherine"), ("jorge", "george"), ("natalia", "natalya", "nataliya"), ("maria", "mariya"), ("tatiana", "tatyana", "tetiana"), ("yulia", "julia", "iuliia"),
]  # fmt: skip
GIVEN = [
    "Mohamed",
    "Ali",
    "Ahmad",
    "Hassan",
    "Luis",
    "Antonio",
    "Peter",
    "Alexandrovich",
    "Sergeevich",
    "Maria",
    "Jose",
    "John",
    "Abdul",
    "Ibrahim",
    "Carlos",
    "Ivanovich",
    "David",
    "Michael",
    "Khalid",
    "Omar",
    "Juan",
    "Rosa",
    "Anna",
    "Young",
    "Min",
    "Fernando",
    "Vladimirovich",
    "Salih",
    "Hussein",
]
SHORT_FORMS = {"COMPANY": ["CO", "Co."], "CORPORATION": ["CORP", "Corp."], "LIMITED": ["LTD", "Ltd."], "INTERNATIONAL": ["INTL", "Int'l", "INTERN."], "TRADING": ["TRDG", "TRAD."], "SHIPPING": ["SHPG", "SHIPG"], "IMPORT": ["IMP"], "EXPORT": ["EXP"], "INDUSTRIES": ["IND", "INDS"], "INDUSTRIAL": ["IND"], "MANUFACTURING": ["MFG"], "GENERAL": ["GEN"], "DEVELOPMENT": ["DEV"], "ENGINEERING": ["ENGG", "ENG"], "AND": ["&"], "GROUP": ["GRP"], "COMMERCIAL": ["COML"], "TECHNOLOGY": ["TECH"], "MANAGEMENT": ["MGMT"], "SERVICES": ["SVCS"], "PETROCHEMICAL": ["PETROCHEM"], "ASSOCIATION": ["ASSN"], "NATIONAL": ["NATL"]}  # fmt: skip
FOREIGN = {"COMPANY": ["COMPANIA", "COMPAGNIE", "KOMPANIYA", "SHERKAT", "SOCIETE"], "TRADING": ["TORGOVAYA", "COMERCIAL", "TEJARAT", "TRADE", "COMERCIALIZADORA"], "INTERNATIONAL": ["INTERNATIONALE", "INTERNACIONAL", "MEZHDUNARODNAYA"], "BANK": ["BANCO", "BANQUE", "BANK"], "INDUSTRIES": ["SANAYE", "INDUSTRIAS", "INDUSTRIES"], "INDUSTRIAL": ["INDUSTRIELLE", "INDUSTRIAL", "SANATI"], "SERVICES": ["SERVICIOS", "KHADAMAT", "SERVICE"], "SERVICIOS": ["SERVICES"], "INVERSIONES": ["INVESTMENTS"], "GROUP": ["GRUPO", "GROUPE", "GRUPPA"], "SHIPPING": ["KESHTIRANI", "NAVIERA", "SHIPMENT"], "CENTER": ["CENTRE", "CENTRO"], "FOUNDATION": ["FUNDACION", "FONDATION", "BONYAD"], "ORGANIZATION": ["ORGANISATION", "ORGANIZACION"], "DEVELOPMENT": ["DEVELOPPEMENT", "DESARROLLO"], "INVESTMENT": ["INVESTMENTS", "INVERSION"], "AND": ["Y", "VA", "ET", "UND"], "GENERAL": ["GENERALE", "AAM"], "STATE": ["STATAL", "GOSUDARSTVENNAYA"], "INMOBILIARIA": ["REAL ESTATE"], "MANAGING": ["MANAGEMENT"], "ENTERPRISE": ["EMPRESA", "PREDPRIYATIE"], "INSTITUTE": ["INSTITUT", "INSTITUTO"]}  # fmt: skip
FORMS = [
    "LLC",
    "LTD",
    "LIMITED",
    "CO",
    "CO., LTD.",
    "COMPANY",
    "OOO",
    "JSC",
    "PJSC",
    "S.A.",
    "S.A. DE C.V.",
    "GMBH",
    "INC",
    "PTE LTD",
    "FZE",
    "LTDA",
    "S.R.L.",
    "PLC",
    "CORPORATION",
    "SARL",
    "TRADING CO",
    "PRIVATE JOINT STOCK COMPANY",
    "A.S.",
]
FORM = re.compile(
    r"[\s,]+(?:LLC|LTD\.?|LIMITED|CO\.?|CO\.?,? LTD\.?|COMPANY|OOO|OAO|JSC|PJSC|S\.?A\.?|S\.A\. DE C\.V\.|GMBH|INC\.?|PTE\.? LTD\.?|FZE|LTDA\.?|S\.?R\.?L\.?|PLC|CORPORATION|CORP\.?|SARL|PRIVATE JOINT STOCK COMPANY)$",
    re.IGNORECASE,
)
KEYS = {a: b for a, b in zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopasdfghjklazxcvbnmx", strict=False)}
CYR = [("shch", "щ"), ("yo", "ё"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("iy", "ий"), ("ey", "ей"), ("ay", "ай"), ("oy", "ой"), ("ph", "ф"), ("th", "т"), ("ck", "к"), ("oo", "у"), ("ou", "у"), ("ee", "и"), ("x", "кс"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"), ("i", "и"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"), ("h", "х"), ("y", "й"), ("w", "в"), ("q", "к"), ("j", "дж"), ("c", "к")]  # fmt: skip
ARA = [("kh", "خ"), ("gh", "غ"), ("sh", "ش"), ("th", "ث"), ("dh", "ذ"), ("ch", "تش"), ("aa", "ا"), ("ee", "ي"), ("oo", "و"), ("ou", "و"), ("ay", "ي"), ("ai", "ي"), ("aw", "و"), ("au", "و"), ("b", "ب"), ("t", "ت"), ("j", "ج"), ("h", "ح"), ("d", "د"), ("r", "ر"), ("z", "ز"), ("s", "س"), ("q", "ق"), ("f", "ف"), ("k", "ك"), ("l", "ل"), ("m", "م"), ("n", "ن"), ("w", "و"), ("y", "ي"), ("p", "ب"), ("g", "ج"), ("v", "ف"), ("x", "كس"), ("c", "ك")]  # fmt: skip


def natural(name):
    """Return `Given FAMILY` for `FAMILY, Given`."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name


def titled(name):
    return " ".join(w.capitalize() if w.isupper() else w for w in name.split())


def vary(rng, text, table, share):
    """Replace letter groups by another member of their row, each with a chance."""
    for row in table:
        found = [f for f in row if f in text]
        if found and rng.random() < share:
            was = rng.choice(found)
            text = text.replace(was, rng.choice([r for r in row if r != was]), 1)
    return text


def respell(rng, name, table, share):
    listed = []
    for word in name.split():
        low = word.lower()
        row = next((r for r in FIRST_NAMES if low in r), None)
        if row and rng.random() < 0.5:
            listed.append(rng.choice(row).title())
            continue
        new = vary(rng, low, table, share) if len(low) > 2 else low
        if rng.random() < 0.1:
            new = re.sub(r"(.)\1", r"\1", new)
        elif rng.random() < 0.08:
            new = re.sub(r"(?<=[aeiou])([dlmnrst])(?=[aeiou])", r"\1\1", new, count=1)
        listed.append(new.capitalize())
    text = " ".join(listed)
    if table is ARABIC:
        text = re.sub(r"\b[Aa]l[- ](?=\w)", lambda m: rng.choice(["al-", "el-", "al ", "El ", "Al", "", "al-"]), text)
    return text


def typo(rng, name, count):
    letters = list(name)
    for _ in range(count):
        places = [i for i, c in enumerate(letters) if c.isalpha()]
        if len(places) < 5:
            break
        i = rng.choice(places)
        kind = rng.randrange(4)
        if kind == 0:
            del letters[i]
        elif kind == 1:
            letters.insert(i, rng.choice([letters[i].lower(), rng.choice(string.ascii_lowercase)]))
        elif kind == 2:
            letters[i] = rng.choice([KEYS.get(letters[i].lower(), "a"), rng.choice(string.ascii_lowercase)])
        elif i + 1 < len(letters) and letters[i + 1].isalpha():
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


def initials(rng, name):
    w = name.split()
    if len(w) < 2:
        return name
    places = rng.sample(range(len(w) - 1), rng.randint(1, max(1, min(2, len(w) - 1))))
    for i in places:
        w[i] = w[i][0].upper() + rng.choice([".", "", "."])
    return " ".join(w)


def middle_dropped(rng, name):
    w = name.split()
    if len(w) < 3:
        return name
    del w[rng.randint(1, len(w) - 2) if rng.random() < 0.6 else rng.randint(0, len(w) - 1)]
    return " ".join(w)


def middle_dropped_twice(rng, name):
    """Leave out two middle names of a long name, as papers of other countries do."""
    w = name.split()
    return (
        " ".join([w[0], *sorted(rng.sample(w[1:-1], len(w) - 4), key=w.index), w[-1]])
        if len(w) > 4
        else middle_dropped(rng, name)
    )


def middle_added(rng, name, others=GIVEN):
    """Put a name of the father, the grandfather or the tribe into a name."""
    w = name.split()
    w.insert(rng.randint(1, len(w)) if len(w) < 3 or rng.random() < 0.2 else 1, rng.choice(others))
    return " ".join(w)


def without_vowels(rng, name):
    """Drop the vowels of all words or of one, as hasty databases do."""
    words = name.split()
    chosen = range(len(words)) if rng.random() < 0.7 else [rng.randrange(len(words))]
    for i in chosen:
        words[i] = words[i][0] + re.sub("[aeiou]", "", words[i][1:]) if len(words[i]) > 2 else words[i]
    return " ".join(words)


def cut_short(rng, name):
    """Cut a name off after some letters, as fields of fixed length do."""
    least = max(8, len(name) * 2 // 3)
    return name[: rng.randint(least, len(name) - 1)].strip() if len(name) > least else name


def turned(rng, name):
    w = name.split()
    if len(w) < 2:
        return name
    if rng.random() < 0.3:
        rng.shuffle(w)
        return " ".join(w)
    return rng.choice([f"{w[-1]} {' '.join(w[:-1])}", f"{w[-1]}, {' '.join(w[:-1])}", f"{' '.join(w[1:])} {w[0]}"])


def respaced(rng, name):
    w = name.split()
    if len(w) > 1 and rng.random() < 0.6:
        i = rng.randrange(len(w) - 1)
        w[i : i + 2] = [w[i] + rng.choice(["", "-", ""]) + w[i + 1].lower()]
    else:
        i = max(range(len(w)), key=lambda k: len(w[k]))
        if len(w[i]) > 5:
            cut = rng.randint(2, len(w[i]) - 2)
            w[i : i + 1] = [w[i][:cut], w[i][cut:].capitalize()]
    return " ".join(w)


def lettered(name, table, drop=""):
    """Write a Latin name in another alphabet, longest groups first."""
    out, low, i = [], name.lower(), 0
    while i < len(low):
        hit = next(((a, b) for a, b in table if low.startswith(a, i)), None)
        if hit:
            out.append(hit[1])
            i += len(hit[0])
        else:
            if low[i] in " -" or low[i] not in drop:
                out.append(" " if low[i] == "-" else low[i] if low[i] == " " else "")
            i += 1
    return "".join(out)


def in_cyrillic(rng, name):
    return " ".join(w.capitalize() for w in lettered(re.sub(r"[^A-Za-z \-]", "", name), CYR).split())


def in_arabic(rng, name):
    listed = []
    for word in re.sub(r"[^A-Za-z \-]", "", name).lower().replace("-", " ").split():
        if word in ("al", "el"):
            listed.append("ال")
            continue
        if word == "allah":
            listed.append("الله")
            continue
        head = "ا" if word[0] in "aeiou" else ""
        tail = (
            "ة"
            if word.endswith("ah") and rng.random() < 0.5
            else "ي"
            if word[-1] in "iy" and len(word) > 2
            else "ا"
            if word[-1] in "a" and len(word) > 2
            else ""
        )
        body = word[:-2] if tail == "ة" else word[:-1] if tail else word
        body = re.sub(r"(.)\1", r"\1", body)
        middle = re.sub(r"(?<=.)u(?=.)", lambda m: rng.choice(["oo", ""]), body)
        middle = re.sub(r"(?<=.)i(?=.)", lambda m: rng.choice(["ee", ""]), middle)
        middle = re.sub(r"(?<=.)a(?=.)", lambda m: rng.choice(["aa", "", ""]), middle)
        text = head + lettered(middle, ARA, "aeiou") + tail
        if rng.random() < 0.15:
            text = text.replace("ت", "ط").replace("س", "ص") if rng.random() < 0.5 else text.replace("ح", "ه")
        listed.append(text)
    return " ".join(listed).replace("ال ", "ال")


def company(rng, name):
    """Return a company's name as others write it, with the manner."""
    manner = rng.choice(
        [
            "short",
            "form",
            "form",
            "foreign",
            "typo",
            "drop",
            "drop",
            "add",
            "add",
            "order",
            "respell",
            "exact",
            "translit",
            "brackets",
        ]
    )
    words = name.replace(",", " ").split()
    if manner == "short":
        text = " ".join(
            rng.choice(SHORT_FORMS[w.upper()]) if w.upper() in SHORT_FORMS and rng.random() < 0.8 else w for w in words
        )
    elif manner == "form":
        bare = FORM.sub("", name.strip())
        text = bare if rng.random() < 0.3 else f"{bare}{rng.choice([' ', ', '])}{rng.choice(FORMS)}"
        if rng.random() < 0.15:
            text = f"{rng.choice(['PJSC', 'OOO', 'JSC', 'LLC', 'PT', 'Sherkat', 'Société'])} {bare}"
    elif manner == "foreign":
        text = " ".join(
            rng.choice(FOREIGN[w.upper()]) if w.upper() in FOREIGN and rng.random() < 0.7 else w for w in words
        )
    elif manner == "typo":
        text = typo(rng, name, rng.randint(1, 2))
    elif manner == "drop" and len(words) > 2:
        general = [i for i, w in enumerate(words) if w.upper() in SHORT_FORMS or w.upper() in FOREIGN]
        i = rng.choice(general) if general else rng.randrange(1, len(words))
        text = " ".join(words[:i] + words[i + 1 :])
    elif manner == "add":
        i = rng.randint(1, len(words))
        text = " ".join(
            [
                *words[:i],
                rng.choice(
                    [
                        "Trading",
                        "International",
                        "General",
                        "Group",
                        "Holding",
                        "Industrial",
                        "Company",
                        "Industries",
                        "Commercial",
                    ]
                ),
                *words[i:],
            ]
        )
    elif manner == "order" and len(words) > 2:
        i = rng.randrange(len(words) - 1)
        words[i], words[i + 1] = words[i + 1], words[i]
        text = " ".join(words)
    elif manner == "respell":
        text = respaced(rng, name)
    elif manner == "translit":
        text = respell(rng, name, rng.choice([ARABIC, CYRILLIC]), 0.12)
    elif manner == "brackets":
        text = f"{name} ({rng.choice(['Iran', 'HK', 'Dubai', 'BVI', 'NGO', 'Holding'])})"
    else:
        text = name
    return titled(text) if rng.random() < 0.8 else text.upper()


def vessel(rng, name):
    text = name
    manner = rng.randrange(6)
    if manner == 0:
        text = rng.choice(["MV ", "M/V ", "MT ", "M/T ", "M.V. "]) + titled(name)
    elif manner == 1:
        text = rng.choice(['M/V "%s"', '"%s"', "MV '%s'"]) % name
    elif manner == 2:
        text = respaced(rng, titled(name))
    elif manner == 3:
        text = name.replace(" ", "").capitalize()
    elif manner == 4:
        text = typo(rng, titled(name), 1) if len(name) > 6 else name
    return text
