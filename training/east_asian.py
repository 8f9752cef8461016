"""Spellings of Korean and Chinese names in the systems that are in use."""

from openembargo.screening.chinese import CANTONESE, chinese, pinyin_syllables, wade_giles
from openembargo.screening.korean import korean

BASE, FINALS_A_ROW, VOWELS_A_ROW = 0xAC00, 28, 21
INITIAL = {
    "dprk": ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "kh", "th", "ph", "h"],
    "mr": ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch'", "k'", "t'", "p'", "h"],
    "rr": ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"],
}
VOWEL = {
    "dprk": [
        "a",
        "ae",
        "ya",
        "yae",
        "o",
        "e",
        "yo",
        "ye",
        "o",
        "wa",
        "wae",
        "oe",
        "yo",
        "u",
        "wo",
        "we",
        "wi",
        "yu",
        "u",
        "ui",
        "i",
    ],
    "mr": [
        "a",
        "ae",
        "ya",
        "yae",
        "ŏ",
        "e",
        "yŏ",
        "ye",
        "o",
        "wa",
        "wae",
        "oe",
        "yo",
        "u",
        "wŏ",
        "we",
        "wi",
        "yu",
        "ŭ",
        "ŭi",
        "i",
    ],
    "rr": [
        "a",
        "ae",
        "ya",
        "yae",
        "eo",
        "e",
        "yeo",
        "ye",
        "o",
        "wa",
        "wae",
        "oe",
        "yo",
        "u",
        "wo",
        "we",
        "wi",
        "yu",
        "eu",
        "ui",
        "i",
    ],
    "free": [
        "a",
        "ae",
        "ya",
        "yae",
        "u",
        "e",
        "young",
        "ye",
        "o",
        "wa",
        "wae",
        "oi",
        "yo",
        "oo",
        "wo",
        "we",
        "wi",
        "yoo",
        "eu",
        "ee",
        "i",
    ],
}
FINAL = {0: "", 1: "k", 4: "n", 8: "l", 16: "m", 17: "p", 19: "t", 21: "ng"}
VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}
FREE = {
    "김": ["Kim"], "이": ["Lee", "Rhee", "Yi"], "리": ["Lee", "Rhee", "Ri"], "박": ["Park", "Pak"], "최": ["Choi", "Choe"], "정": ["Jung", "Chung", "Jeong"], "강": ["Kang"],
    "조": ["Cho", "Jo"], "윤": ["Yoon", "Yun"], "장": ["Jang", "Chang"], "임": ["Lim", "Im"], "림": ["Lim", "Rim"], "오": ["Oh"], "한": ["Han"], "신": ["Shin", "Sin"], "서": ["Seo", "Suh"], "권": ["Kwon"],
    "황": ["Hwang"], "안": ["Ahn", "An"], "송": ["Song"], "류": ["Ryu", "Yoo"], "유": ["Yoo", "Yu", "Ryu"], "홍": ["Hong"], "전": ["Jeon", "Chun", "Jon"], "고": ["Ko", "Koh"], "문": ["Moon", "Mun"], "양": ["Yang"], "량": ["Ryang", "Yang"],
    "손": ["Son", "Sohn"], "배": ["Bae", "Pae"], "백": ["Paek", "Baek", "Paik"], "허": ["Huh", "Hur", "Ho"], "심": ["Shim", "Sim"], "노": ["Roh", "Noh"], "로": ["Ro", "Roh"], "우": ["Woo", "U"], "영": ["young", "yong"], "철": ["chul", "chol"],
    "혁": ["hyuk", "hyok"], "성": ["sung", "song"], "현": ["hyun", "hyon"], "경": ["kyung", "kyong"], "명": ["myung", "myong"], "희": ["hee", "hui"], "수": ["soo", "su"], "준": ["joon", "jun"], "식": ["sik", "shik"], "구": ["koo", "ku"],
    "국": ["kook", "guk"], "훈": ["hoon", "hun"], "선": ["sun", "son"], "순": ["soon", "sun"], "주": ["joo", "ju"], "은": ["eun", "un"], "승": ["seung", "sung"], "일": ["il"], "호": ["ho"], "남": ["nam"], "진": ["jin", "chin"],
}  # fmt: skip


def parts(syllable):
    code = ord(syllable) - BASE
    initial, rest = divmod(code, VOWELS_A_ROW * FINALS_A_ROW)
    return (initial, *divmod(rest, FINALS_A_ROW))


def spell_korean(rng, written, system):
    """Return the syllables of a Korean name in one system."""
    spelled = []
    for place, syllable in enumerate(written):
        initial, vowel, final = parts(syllable)
        if system == "free" and syllable in FREE:
            spelled.append(rng.choice(FREE[syllable]).lower())
            continue
        table = "rr" if system == "free" and rng.random() < 0.5 else "dprk" if system == "free" else system
        head = INITIAL[table][initial]
        if table == "mr" and place > 1 and head in VOICED and rng.random() < 0.6:
            head = VOICED[head]
        if place == 0 and table == "rr" and syllable in "김":
            head = rng.choice(["g", "k"])
        spelled.append(head + VOWEL[table][vowel] + FINAL.get(final, ""))
    if system in ("mr",) and rng.random() < 0.5:
        spelled = [s.replace("ŏ", "o").replace("ŭ", "u").replace("'", "") for s in spelled]
    return spelled


def arrange(rng, syllables):
    """Return a name of syllables, family name first, in one of the usual arrangements."""
    family, given = syllables[0].capitalize(), syllables[1:]
    if not given:
        return family
    joined = rng.choice([
        " ".join(s.capitalize() for s in given), "-".join(given).capitalize(), "".join(given).capitalize(), given[0].capitalize() + "".join("-" + g for g in given[1:]),
    ])  # fmt: skip
    return rng.choice([f"{family} {joined}", f"{joined} {family}", f"{family}, {joined}", f"{family} {joined}"])


def to_hangul(rng, spelled, likely):
    """Return Hangul for syllables spelled in the DPRK's manner: a likely reading for each, or None."""
    written = []
    for syllable in spelled:
        options = [w for w, weight in korean().readings(syllable).items() if weight >= 1.0]
        if not options:
            return None
        written.append(rng.choices(options, [likely.get(o, 0.02) for o in options])[0])
    return "".join(written)


def spell_chinese(rng, syllables, system):
    """Return pinyin syllables in pinyin, Wade-Giles or Cantonese."""
    if system == "wade":
        marks = {"ch": "ch'", "k": "k'", "p": "p'", "t": "t'", "ts": "ts'"}
        found = []
        for s in syllables:
            w = wade_giles(s)[0]
            aspirated = s[0] in "kptqc"
            head = next((h for h in ("ch", "ts", "k", "p", "t") if w.startswith(h)), "")
            found.append(marks[head] + w[len(head) :] if aspirated and head and rng.random() < 0.5 else w)
        return found
    if system == "canton":
        back = {}
        for spelled, several in CANTONESE.items():
            for s in several.split("|"):
                back.setdefault(s, []).append(spelled)
        return [rng.choice(back[s]) if s in back else s for s in syllables]
    return list(syllables)


def is_chinese(words):
    return all(w in pinyin_syllables() or chinese().parts(w) for w in words)
