"""Chinese names: the pinyin syllables that a spelling can stand for, and how Han letters read in Chinese and Korean.

The spellings are pinyin, Wade-Giles and common Cantonese surnames and syllables. Readings of Han letters come from
anyascii (Chinese) and hanja (Korean). Source: the published tables of these systems.
"""

from functools import cache, lru_cache

from anyascii import anyascii

from openembargo.screening.syllables import Lattice

_FREE = 0.8
MOST_LETTERS = 4
"""Letters of a Korean person's name at most."""
_INITIALS = {
    "zh": "ch", "ch": "ch", "sh": "sh", "b": "p", "p": "p", "m": "m", "f": "f", "d": "t", "t": "t", "n": "n", "l": "l", "g": "k", "k": "k",
    "h": "h", "j": "ch", "q": "ch", "x": "hs", "r": "j", "z": "ts", "c": "ts", "s": "s", "y": "y", "w": "w",
}  # fmt: skip
"""Pinyin initial -> Wade-Giles initial without the mark of breath."""
_RHYMES = {"ian": "ien", "ong": "ung", "uo": "o", "ie": "ieh", "ue": "ueh", "iong": "iung", "er": "erh"}
_WHOLE = {
    "zhi": ("chih",), "chi": ("chih",), "shi": ("shih",), "ri": ("jih",), "zi": ("tzu", "tze"), "ci": ("tzu",), "si": ("ssu", "szu"), "yi": ("i",), "you": ("yu",),
    "yan": ("yen",), "ye": ("yeh",), "yue": ("yueh",), "gui": ("kuei",), "kui": ("kuei",), "ge": ("ko",), "ke": ("ko",), "he": ("ho",), "e": ("o",), "guo": ("kuo",), "kuo": ("kuo",),
    "shuo": ("shuo",), "yong": ("yung",), "er": ("erh",), "ju": ("chu",), "qu": ("chu",), "xu": ("hsu",), "yu": ("yu",), "lv": ("lu",), "nv": ("nu",), "jun": ("chun",), "xun": ("hsun",), "yun": ("yun",),
}  # fmt: skip
CANTONESE = {
    "wong": "huang|wang", "chan": "chen", "cheung": "zhang|jiang", "lam": "lin", "leung": "liang", "lau": "liu", "kwok": "guo", "tse": "xie", "tsang": "zeng", "yeung": "yang", "ng": "wu", "chow": "zhou", "chau": "zhou", "chiu": "zhao|qiu",
    "kwan": "guan", "kwong": "kuang", "tang": "deng", "hui": "xu", "tsui": "xu|cui", "yip": "ye", "ip": "ye", "mak": "mai", "choi": "cai", "tsoi": "cai", "poon": "pan", "pun": "pan", "fung": "feng", "ho": "he", "to": "du", "yuen": "yuan|ruan", "szeto": "situ",
    "siu": "xiao|shao", "shum": "shen|cen", "sum": "shen", "so": "su", "mok": "mo", "law": "luo", "lo": "luo|lu", "lok": "luo", "lui": "lu|lv", "yau": "qiu|you", "yiu": "yao", "yu": "yu|ru", "au": "ou", "hung": "hong|xiong", "kam": "jin|gan", "wai": "wei|hui", "ming": "ming", "kin": "jian",
    "wing": "yong|rong", "chi": "zhi|ci", "kit": "jie", "yee": "yi|er", "man": "wen|min", "mei": "mei", "fai": "hui", "keung": "qiang", "kwai": "gui", "shing": "cheng|sheng", "sing": "sheng|cheng|xing", "chun": "jun|zhen|chun", "hing": "xing|qing", "tak": "de", "kei": "qi|ji", "chung": "zhong|cong|song",
    "pui": "pei|bei", "lai": "li|lai", "hong": "kang|hang", "kong": "jiang|kang", "pang": "peng", "tong": "tang", "yan": "ren|en|yan", "yin": "yan|xian", "yuk": "yu", "suk": "shu", "sau": "xiu", "siew": "xiao", "tung": "dong", "tin": "tian", "tai": "dai|tai", "wah": "hua", "wa": "hua", "kuen": "quan|juan", "shun": "shun|chun", "shui": "shui",
}  # fmt: skip
"""Cantonese spelling -> pinyin."""


PINYIN = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu ca cai can cang cao
ce cei cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun
chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die din ding diu dong
dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen
geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan
huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken
keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie
lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming
miu mo mou mu na nai nan nang nao ne nei nen neng ni nia nian niang niao nie nin ning niu nong nou nu nuan nun
nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie
qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang
sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
si song sou su suan sui sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun
tuo wa wai wan wang wei wen weng wo wong wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan
yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao
zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
"""The syllables of pinyin without tones, u-umlaut written v. Source: ISO 7098."""


FAMILY_READINGS = dict(
    zip(
        "单單曾解仇区區任查盖蓋朴繁尉冼洗缪繆覃翟宓员員哈召折隗乐樂黑秘祭",
        [
            "shan",
            "shan",
            "zeng",
            "xie",
            "qiu",
            "ou",
            "ou",
            "ren",
            "zha",
            "ge",
            "ge",
            "piao",
            "po",
            "yu",
            "xian",
            "xian",
            "miao",
            "miao",
            "qin",
            "zhai",
            "mi",
            "yun",
            "yun",
            "ha",
            "shao",
            "she",
            "wei",
            "yue",
            "yue",
            "he",
            "bi",
            "zhai",
        ],
        strict=True,
    )
)
"""Letters that read otherwise as a family name."""


@cache
def pinyin_syllables() -> frozenset[str]:
    """Return the syllables of pinyin."""
    return frozenset(PINYIN.split())


def wade_giles(syllable: str) -> tuple[str, ...]:
    """Return the Wade-Giles spellings of a pinyin syllable without marks."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    initial = next((i for i in sorted(_INITIALS, key=len, reverse=True) if syllable.startswith(i)), "")
    rhyme = syllable[len(initial) :]
    rhyme = "ueh" if initial in ("j", "q", "x") and rhyme.startswith("ue") else _RHYMES.get(rhyme, rhyme)
    return (_INITIALS.get(initial, "") + rhyme,)


@cache
def chinese() -> Lattice:
    """Return the Chinese lattice, built once."""
    table: dict[str, dict[str, float]] = {}
    for syllable in pinyin_syllables():
        spellings = {syllable: 1.0, syllable.replace("v", "u"): 1.0, syllable.replace("v", "yu"): _FREE}
        spellings |= dict.fromkeys(wade_giles(syllable), 1.0)
        for spelled, weight in spellings.items():
            row = table.setdefault(spelled, {})
            row[syllable] = max(row.get(syllable, 0.0), weight)
    for spelled, several in CANTONESE.items():
        for syllable in several.split("|"):
            table.setdefault(spelled, {}).setdefault(syllable, _FREE)
    return Lattice(table, max(len(spelled) for spelled in table))


@lru_cache(maxsize=20_000)
def pinyin_of(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the pinyin readings of a name in Han letters; a family name's own reading comes first where it has one."""
    read = tuple(anyascii(letter).strip().lower() for letter in name)
    if not all(syllable in pinyin_syllables() for syllable in read):
        return ()
    own = FAMILY_READINGS.get(name[0])
    return ((own, *read[1:]), read) if own and own != read[0] else (read,)


@lru_cache(maxsize=20_000)
def korean_of(name: str) -> tuple[str, ...]:
    """Return the Korean reading of a name in Han letters, syllable by syllable, or nothing.

    A leading 金 before one to three letters is the family name Kim, which is read otherwise than the word for gold.
    """
    import hanja  # its table loads only when a name is written in Han letters

    read = hanja.translate(name, "substitution")
    if name[:1] == "金" and 1 < len(name) <= MOST_LETTERS:
        read = "김" + read[1:]
    return tuple(read) if read and all("가" <= c <= "힣" for c in read) else ()


def letters_alike(one: str, other: str) -> float:
    """Return the share of letters that two names in Hangul or Han letters have in common, place by place.

    A simplified letter stands for the full one: taken for the same are letters that read the same in Chinese, and in
    Korean where both have a Korean reading.
    """
    if one == other:
        return 1.0
    if len(one) != len(other):
        return 0.0
    return sum(a == b or _one_letter(a, b) for a, b in zip(one, other, strict=True)) / len(one)


@lru_cache(maxsize=20_000)
def _one_letter(one: str, other: str) -> bool:
    read, korean = pinyin_of(one), (korean_of(one), korean_of(other))
    return bool(read) and read == pinyin_of(other) and (not all(korean) or korean[0] == korean[1])
