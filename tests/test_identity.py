"""Places, countries, ships, aircraft, banks and accounts: what papers print is told, asked, or noted - never guessed."""

import csv
import gzip
import json
import re
from itertools import pairwise

import pycountry
import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.draft import Draft, paper_of
from openembargo.papers.formats import read_paper
from openembargo.papers.identities import put_account, put_aircraft, put_bic, put_vessel
from openembargo.papers.unlocode import read_unlocode
from openembargo.papers.vessels_in_text import put_vessels_in
from openembargo.storage import place_archive
from openembargo.storage.place_files import open_gazetteer
from openembargo.terms.errors import SourceError
from openembargo.terms.numbers import fault, plain
from openembargo.terms.origin import Origin
from openembargo.terms.vessel_marks import country_of_aircraft, country_of_call_sign, mmsi_countries, read_mmsi

from .conftest import REFERENCE, ROOT, needs_reference

REGIMES = ROOT / "src" / "openembargo" / "regimes"
UNLOCODE = [REFERENCE / "codes" / f"unlocode_2025-1_part{part}.csv.gz" for part in (1, 2, 3)]
run = CliRunner()


@pytest.fixture
def gazetteer():
    return open_gazetteer()


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    open_gazetteer.cache_clear()
    yield tmp_path
    open_gazetteer.cache_clear()


def rows_of(name):
    with (REGIMES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- places ---


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("Rajin", ["KPRJN"]),
        ("NAJIN", ["KPRJN"]),
        ("Rason", ["KPRJN"]),
        ("Rasŏn", ["KPRJN"]),
        ("라진", ["KPRJN"]),
        ("나진항", ["KPRJN"]),
        ("Раджин", ["KPRJN"]),
        ("порт Раджин", ["KPRJN"]),
        ("羅津", ["KPRJN"]),
        ("Rajin (Rason), DPRK", ["KPRJN"]),
        ("KPRJN", ["KPRJN"]),
        ("KP RJN", ["KPRJN"]),
        ("KP-RJN", ["KPRJN"]),
        ("Namp'o", ["KPNAM"]),
        ("NAMP\u2019O", ["KPNAM"]),
        ("Nampho-si", ["KPNAM"]),
        ("Port of Nampo", ["KPNAM"]),
        ("NAMPO PORT", ["KPNAM"]),
        ("NAMPO-DPRK", ["KPNAM"]),
        ("NAMPO D.P.R. OF KOREA", ["KPNAM"]),
        ("Nampo, PRK", ["KPNAM"]),
        ("Nampo, Corée du Nord", ["KPNAM"]),
        ("Nampo, Korea", ["KPNAM"]),
        ("Ch'ŏngjin", ["KPCHO"]),
        ("Seishin", ["KPCHO"]),
        ("Hŭngnam", ["KPHGM"]),
        ("Sunan International Airport", ["KPFNJ"]),
        ("BUSAN KOREA", ["KRPUS"]),
        ("Pusan, Korea", ["KRPUS"]),
        ("Dalian, Liaoning, China", ["CNDAL"]),
        ("DALIAN CHINA PRC", ["CNDAL"]),
        ("CNDLC", ["CNDLC"]),
        ("Ji'an, Jilin", ["CNKNC"]),
        ("Kismaayo", ["SOKMU"]),
        ("Chisimaio (Somalia)", ["SOKMU"]),
        ("El-Geneina", ["SDEGN"]),
        ("Port of Spain", ["TTPOS"]),
        ("Port Said", ["EGPSD"]),
        ("ST. PETERSBURG, RUSSIA", ["RULED"]),
        ("Barcelona", ["ESBCN"]),
        ("Vancouver, BC", ["CAVAN"]),
        ("Vancouver, WA", ["USVAN"]),
        ("VANCOUVER WA", ["USVAN"]),
        ("Los Angeles, CA", ["USLAX"]),
        ("Tripoli, Lebanon", ["LBKYE"]),
        ("TRIPOLI LIBYA", ["LYTIP"]),
        ("Tripoli, LY", ["LYTIP"]),
        ("Songnim, DPR Korea", ["KPSGN"]),
    ],
)
def test_a_place_is_told_by_what_papers_print(gazetteer, printed, codes):
    assert [place.code for place in gazetteer.named(printed)] == codes


@pytest.mark.parametrize(
    ("printed", "countries"),
    [
        ("Tripoli", {"LB", "LY"}),
        ("Songnim", {"KP", "KR"}),
        ("Songdo", {"KP", "KR"}),
        ("Vancouver", {"CA", "US"}),
        ("Santiago", {"CL", "DO"}),
        ("Georgetown", {"AU", "CA", "GY", "KY", "MY", "US"}),
        ("Hamilton", {"AU", "BM", "CA", "NZ", "US"}),
        ("Bor", {"RS", "RU", "SS"}),
        ("St. John's", {"AG", "CA"}),
    ],
)
def test_an_ambiguous_name_gives_every_candidate(gazetteer, printed, countries):
    assert {place.country for place in gazetteer.named(printed)} >= countries


@pytest.mark.parametrize(
    ("printed", "offered"),
    [
        ("Rajin, China", "KPRJN"),
        ("Rotterdam, NY", "NLRTM"),
        ("Naples, IN", "ITNAP"),
        ("Chongjn", "KPCHO"),
        ("Wonsann", "KPWON"),
        ("Kismayoo", "SOKMU"),
    ],
)
def test_what_does_not_fit_is_offered_and_not_taken(gazetteer, printed, offered):
    assert gazetteer.named(printed) == ()
    assert offered in [place.code for place in gazetteer.suggested(printed)]


@pytest.mark.parametrize("printed", ["", "  ", ",", "()", "x" * 5000, "any port in China", "to be advised", "12345"])
def test_what_is_no_place_gives_none(gazetteer, printed):
    assert gazetteer.named(printed) == ()


@pytest.mark.parametrize(
    ("printed", "country"),
    [
        ("D.P.R. of KOREA", "KP"),
        ("DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA", "KP"),
        ("Nordkorea", "KP"),
        ("КНДР", "KP"),
        ("朝鲜", "KP"),
        ("조선민주주의인민공화국", "KP"),
        ("PRK", "KP"),
        ("Korea, Republic of", "KR"),
        ("Korea", ""),
        ("CONGO", ""),
        ("Republic of the Congo", "CG"),
        ("R.D. Congo", "CD"),
        ("République démocratique du Congo", "CD"),
        ("REPUBLIC OF CHINA", "TW"),
        ("P.R. China", "CN"),
        ("CÔTE D\u2019IVOIRE", "CI"),
        ("Guinée-Bissau", "GW"),
        ("Soudan", "SD"),
        ("Soudan du Sud", "SS"),
        ("ليبيا", "LY"),
        ("U.S.A.", "US"),
        ("Netherlands (the)", "NL"),
        ("and", ""),
        ("AND", "AD"),
        ("nowhere", ""),
    ],
)
def test_a_country_is_told_in_many_languages(gazetteer, printed, country):
    assert gazetteer.country(printed) == country


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("RYUGYONG-DONG\nPYONGYANG DPRK", "KP"),
        ("Dandong China", "CN"),
        ("1 Main St, Albuquerque New Mexico", ""),
        ("Port of Spain", ""),
        ("Seoul Peoples Republic of Korea", ""),
        ("Seoul Korea", ""),
        ("Atlanta Georgia", ""),
        ("5 Jordan Road Hong Kong", "HK"),
        ("Los Angeles, CA", ""),
    ],
)
def test_the_country_of_an_address_is_its_last_words_and_not_a_trap(gazetteer, address, country):
    assert gazetteer.country_within(address) == country


def test_every_place_is_well_formed():
    regions = {region.code for region in pycountry.subdivisions}
    codes = [code for row in rows_of("places.csv") for code in (row["code"], *row["also"].split()) if len(code) > 2]
    assert len(codes) == len(set(codes))
    assert len(codes) > 1500
    for row in rows_of("places.csv"):
        assert row["name"], row
        assert not row["region"] or row["region"] in regions, row
        assert not row["region"] or row["region"][:2] == row["code"][:2], row
        assert all(code[:2] == row["code"][:2] for code in row["also"].split()), row


@needs_reference
def test_every_code_stands_in_unlocode():
    published = read_unlocode([(p.name, gzip.decompress(p.read_bytes())) for p in UNLOCODE], frozenset())
    known = {place.code for place in published.places}
    codes = [code for row in rows_of("places.csv") for code in (row["code"], *row["also"].split()) if len(code) > 2]
    assert [code for code in codes if code not in known] == []


# --- a place in a deal ---


def put_place(printed, name="to", country=""):
    draft = Draft("paper", open_gazetteer())
    draft.place(name, Origin("line 1", printed), country)
    return draft


@pytest.mark.parametrize(
    ("printed", "place", "region"),
    [
        ("Nyala", "SDUYL", "SD-DS"),
        ("El Fasher, Sudan", "SDELF", "SD-DN"),
        ("Ed Daein", "SD", "SD-DE"),
        ("Khartoum", "SDKRT", "SD-KH"),
        ("Goma", "CDGOM", "CD-NK"),
        ("Kinshasa", "CDFIH", "CD-KN"),
        ("Libya", "LY", None),
        ("Any port in Libya", "LY", None),
        ("Rajinn, China", "CN", None),
    ],
)
def test_a_place_tells_its_region(printed, place, region):
    route = put_place(printed).deal().route
    assert (route["to"], route.get("to_region")) == (place, region)


@pytest.mark.parametrize(
    "printed", ["Tripoli", "Songnim", "Rajin, China", "Korea", "Chongjn", "Rotterdam, NY", "somewhere"]
)
def test_a_place_that_is_not_sure_is_asked(printed):
    draft = put_place(printed)
    assert draft.deal().route == {}
    assert printed in draft.questions[0].question


def test_several_places_of_one_country_put_the_country_and_ask():
    draft = put_place("Ji'an")
    assert draft.deal().route == {"to": "CN"}
    assert set(draft.questions[0].answers) == {"CNJIN", "CNKNC"}


def test_a_code_that_contradicts_the_country_is_asked():
    draft = put_place("CNDLC", country="KP")
    assert draft.deal().route == {}
    assert draft.questions


# --- the whole of UN/LOCODE ---

LINES = (
    ',KP,,".KOREA",,,,,,,,\r\n'
    ",KP,RJN,Rajin (Najin),Rajin (Najin),13,123-----,AA,1901,,4213N 13017E,\r\n"
    ",XX,AAA,Nowhere,Nowhere,,1-------,AA,1901,,,\r\n"
    '+,FR,XYZ,Évreux-Port,Evreux-Port,27,1-------,AA,1901,,,"a, b"\r\n'
    ",CD,MGH,Mahagi,Mahagi,OR,--3-----,RL,0601,,,\r\n"
    ",IT,LIV,Livorno,Livorno,LI,1-------,AA,1901,,,\r\n"
    ",IT,,Leghorn = Livorno,Leghorn = Livorno,,,,,,,\r\n"
)


def test_unlocode_is_read_strictly_and_one_bad_line_is_left_out():
    regions = frozenset(region.code for region in pycountry.subdivisions)
    published = read_unlocode([("part1.csv", LINES.encode("cp1252"))], regions)
    places = {place.code: place for place in published.places}
    assert set(places) == {"KPRJN", "FRXYZ", "CDMGH", "ITLIV"}
    assert places["KPRJN"].aliases == ("Rajin", "Najin")
    assert (places["KPRJN"].region, places["CDMGH"].region) == ("KP-13", "")  # a province that was divided since
    assert "Leghorn" in places["ITLIV"].aliases
    assert places["FRXYZ"].name == "Évreux-Port"
    assert [(one.where, one.found) for one in published.wrong] == [("part1.csv: line 3", "country 'XX'")]
    assert "not UTF-8" in published.notes[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no line"),
        (b"a,b,c\n" * 5, "3 columns"),
        (b"PK\x03\x04\x00\x00\xff\xfe\x00", "no known encoding|columns"),
        (LINES.replace(",KP,RJN", ",KP,R1N").replace(",XX,", ",YY,").encode(), "location 'R1N'"),
        (b"\x1f\x8b\x08\x00broken", "not whole"),
    ],
)
def test_another_file_is_refused_and_changes_nothing(own_home, content, told):
    good, bad = own_home / "good.csv", own_home / "bad.csv"
    good.write_bytes(LINES.encode())
    assert run.invoke(app, ["places", "load", str(good)]).exit_code == 0
    before = place_archive.in_use()
    bad.write_bytes(content)
    done = run.invoke(app, ["places", "load", str(good), str(bad)])
    assert done.exit_code != 0
    assert re.search(told, done.output)
    assert place_archive.in_use() == before
    assert run.invoke(app, ["places", "show", "FRXYZ"]).exit_code == 0


def test_a_damaged_index_is_told(own_home):
    (own_home / "good.csv").write_bytes(LINES.encode())
    run.invoke(app, ["places", "load", str(own_home / "good.csv")])
    index = next((own_home / "places").glob("*.sqlite"))
    index.write_bytes(b"nothing" * 500)
    place_archive._opened.cache_clear()
    with pytest.raises(SourceError, match="load the files again"):
        open_gazetteer().named("Evreux")
    index.unlink()
    with pytest.raises(SourceError, match="has lost"):
        place_archive.in_use()


@needs_reference
def test_the_real_files_load_and_are_asked_place_by_place(own_home):
    done = run.invoke(app, ["places", "load", *map(str, UNLOCODE), "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["places"] > 110_000
    assert len(told["wrong"]) == 3
    found = json.loads(run.invoke(app, ["places", "find", "Rotterdam", "--json"]).stdout)
    assert [place["code"] for place in found["places"]] == ["NLRTM", "USRAJ"]
    found = json.loads(run.invoke(app, ["places", "find", "Rotterdam, NY", "--json"]).stdout)
    assert [place["code"] for place in found["places"]] == ["USRAJ"]
    assert [place.code for place in open_gazetteer().named("Rajin")] == ["KPRJN"]


def test_places_are_found_and_shown_without_a_load(own_home):
    found = run.invoke(app, ["places", "find", "Kismaayo", "--json"])
    assert json.loads(found.stdout)["places"][0]["code"] == "SOKMU"
    assert run.invoke(app, ["places", "find", "Xyzzy"]).exit_code == 1
    assert "KPRJN" in run.invoke(app, ["places", "show", "kp rjn"]).stdout
    assert run.invoke(app, ["places", "show", "ZZZZZ"]).exit_code == 2
    assert run.invoke(app, ["places", "find", "Rajin", "--country", "Korea"]).exit_code == 2


# --- marks of ships and aircraft ---


@pytest.mark.parametrize(
    ("printed", "kind", "country"),
    [
        ("445123000", "ship", "KP"),
        ("MMSI: 445 123 000", "ship", "KP"),
        ("511444000", "ship", "PW"),
        ("004450001", "coast station", "KP"),
        ("044512300", "group of ships", "KP"),
        ("111445123", "search and rescue aircraft", "KP"),
        ("994451234", "aid to navigation", "KP"),
        ("984451234", "craft of a parent ship", "KP"),
        ("844512345", "handheld radio", "KP"),
        ("970012345", "search and rescue transmitter", ""),
        ("299000000", "ship", ""),
    ],
)
def test_an_mmsi_tells_kind_and_country(printed, kind, country):
    found = read_mmsi(printed)
    assert found is not None
    assert (found.kind, found.country) == (kind, country)


@pytest.mark.parametrize("printed", ["", "44512300", "4451230000", "44512300O", "MMSI"])
def test_what_is_no_mmsi_is_none(printed):
    assert read_mmsi(printed) is None


OF_OTHER_CODES = {"501", "607", "608", "618", "635"}
"""Southern lands and an island: the other table gives the State, ours the territory's own code."""
ONLY_ONE_HAS = {"334", "335", "471", "550"}
"""The other table has Honduras under 335, which the ITU gives as 334, and lacks two that are newer."""


@needs_reference
def test_the_digits_agree_with_another_table():
    theirs = {digits: row[0] for digits, row in json.loads((REFERENCE / "codes" / "mids.json").read_text()).items()}
    ours = mmsi_countries()
    differ = {digits for digits in {*theirs, *ours} if theirs.get(digits) != ours.get(digits)}
    assert differ == OF_OTHER_CODES | ONLY_ONE_HAS


@pytest.mark.parametrize(
    ("sign", "country"),
    [("HMYN", "KP"), ("P5AB", "KP"), ("T8XY2", "PW"), ("3FAB7", "PA"), ("BZXY", "CN"), ("BMAB", "TW"), ("UBXY", "RU"), ("SSNA", "SD"), ("QAAA", ""), ("H", "")],
)  # fmt: skip
def test_a_call_sign_tells_its_country(sign, country):
    assert country_of_call_sign(sign) == country


@pytest.mark.parametrize(
    ("mark", "country"),
    [("P-632", "KP"), ("p-885", "KP"), ("EP-MNK", "IR"), ("RA-86031", "RU"), ("HL7789", "KR"), ("N123AB", "US"), ("VP-CAB", "KY"), ("B-HXA", "HK"), ("B-2345", ""), ("NEWS", ""), ("", ""), ("P-", "")],
)  # fmt: skip
def test_a_nationality_mark_tells_its_country(mark, country):
    assert country_of_aircraft(mark) == country


@pytest.mark.parametrize("table", ["maritime-digits.csv", "call-signs.csv", "aircraft-marks.csv"])
def test_the_tables_name_countries_of_today(table):
    today = {country.alpha_2 for country in pycountry.countries}
    assert [row for row in rows_of(table) if row["country"] not in today] == []


def test_call_signs_do_not_overlap():
    rows = sorted((row["first"], row["last"]) for row in rows_of("call-signs.csv"))
    assert all(first <= last for first, last in rows)
    assert [pair for pair in pairwise(rows) if pair[0][1] >= pair[1][0]] == []


@pytest.mark.parametrize(
    ("kind", "value", "bare", "wrong"),
    [
        ("imo", "IMO 9187629", "9187629", False),
        ("imo", "IMO No. 9187629", "9187629", False),
        ("imo", "9187628", "9187628", True),
        ("imo", "918762", "918762", True),
        ("bic", "ASPBRUMMXXX", "ASPBRUMM", False),
        ("iban", "DE02 3002 0900 0106 5310 65", "DE02300209000106531065", False),
        ("iban", "DE03300209000106531065", "DE03300209000106531065", True),
        ("passport", "645121", "645121", False),
    ],
)
def test_numbers_are_checked_by_their_own_digits(kind, value, bare, wrong):
    assert plain(kind, value) == bare
    assert bool(fault(kind, value)) is wrong


# --- identities in a deal ---


def draft_with(**marks):
    draft = Draft("paper", open_gazetteer())
    row = draft.add("vessel")
    origins = {
        name: tuple(Origin("line 1", one) for one in text) if isinstance(text, tuple) else Origin("line 1", text)
        for name, text in marks.items()
    }
    put_vessel(draft, row, **origins)
    return draft


@pytest.mark.parametrize(
    ("marks", "facts", "asked", "noted"),
    [
        ({"imo": "IMO 8898740"}, {"imo": "8898740"}, "", ""),
        ({"imo": "8898741"}, {}, "“8898741” fails its check digit", ""),
        ({"flag": "DPRK", "mmsi": "445123000"}, {"flag": "KP", "mmsi": "445123000"}, "", ""),
        ({"flag": "Palau", "mmsi": "445123000"}, {"flag": "PW", "mmsi": "445123000"}, "", "MMSI 445123000 is DPRK's, the flag is Palau's"),
        ({"flag": "Palau", "call_sign": "hmyn"}, {"flag": "PW", "call_sign": "HMYN"}, "", "call sign HMYN is DPRK's"),
        ({"mmsi": "445123000"}, {"mmsi": "445123000"}, "Which flag does it fly?", ""),
        ({"mmsi": "12345"}, {}, "is not an MMSI", ""),
        ({"flag": "KP", "mmsi": "004450001"}, {"flag": "KP", "mmsi": "004450001"}, "", "that of a coast station"),
        ({"flag": "KP", "mmsi": "299123000"}, {"flag": "KP", "mmsi": "299123000"}, "", "no country holds the digits 299"),
        ({"flag": "Korea"}, {}, "Which State's flag is “Korea”?", ""),
        ({"former_names": ("JI SONG 6", "HUI LONG")}, {"former_names": ("JI SONG 6", "HUI LONG")}, "", ""),
        ({"former_flags": ("Togo", "North Korea")}, {"former_flags": ("TG", "KP")}, "", ""),
        ({"former_flags": ("Togo", "Atlantis")}, {"former_flags": ("TG",)}, "“Atlantis”", ""),
    ],
)  # fmt: skip
def test_the_marks_of_a_ship(marks, facts, asked, noted):
    draft = draft_with(**marks)
    assert dict(draft.deal().vessel[0]) == facts
    assert [asked in one.question for one in draft.questions] == ([True] if asked else [])
    assert [noted in note for note in draft.notes] == ([True] if noted else [])


def test_an_aircraft_is_registered_where_its_mark_says():
    draft = Draft("paper", open_gazetteer())
    put_aircraft(draft, draft.add("vessel"), mark=Origin("line 1", "p-632"))
    assert dict(draft.deal().vessel[0]) == {"craft": "aircraft", "aircraft_mark": "P-632", "flag": "KP"}


@pytest.mark.parametrize(
    ("put", "text", "facts", "asked"),
    [
        (put_bic, "ASPBRUMM", {"bic": "ASPBRUMM", "located_in": "RU"}, 0),
        (put_bic, "NOTABIC", {}, 1),
        (put_account, "/DE02300209000106531065", {"iban": "DE02300209000106531065"}, 0),
        (put_account, "DE03300209000106531065", {}, 1),
        (put_account, "40702840000000000017", {}, 0),
    ],
)
def test_banks_and_accounts(put, text, facts, asked):
    draft = Draft("paper", open_gazetteer())
    put(draft, draft.add("party"), Origin("line 1", text))
    assert dict(draft.deal().party[0]) == facts
    assert len(draft.questions) == asked


def test_an_account_abroad_is_a_note():
    draft = Draft("paper", open_gazetteer())
    row = draft.add("party")
    row.put("located_in", "CN", Origin("line 1", "Dandong"))
    assert put_account(draft, row, Origin("line 2", "DE02300209000106531065")) == "DE"
    assert "kept in Germany, the party is in China" in draft.notes[0]


@pytest.mark.parametrize(
    ("text", "ships"),
    [
        ("MV JI SONG 6\nIMO 8898740 MMSI 511444000", [("JI SONG 6", "8898740", "511444000")]),
        ("freight m.v. x, IMO: 9187629", [(None, "9187629", None)]),
        ("M/V HAI LONG (IMO NO. 9187629) and M/T SEA STAR IMO8898740", [("HAI LONG", "9187629", None), ("SEA STAR", "8898740", None)]),
        ("MT OCEAN, MMSI 445123000", [("OCEAN", None, "445123000")]),
        ("IMO 9187629 / IMO 9187629", [(None, "9187629", None)]),
        ("IMO 9187628", [(None, None, None)]),
        ("paid to IMO regulation 13, invoice 9187629", []),
    ],
)  # fmt: skip
def test_ships_named_in_text(text, ships):
    draft = Draft("paper", open_gazetteer())
    assert put_vessels_in(draft, Origin("field", text)) == len(ships)
    rows = draft.deal().vessel
    assert [(row.get("name"), row.get("imo"), row.get("mmsi")) for row in rows] == ships


# --- end to end ---


def test_a_hire_paid_for_a_named_ship_is_prohibited_by_its_imo_number_alone():
    paper = ROOT / "examples" / "papers" / "charter-hire.mt103"
    answer = json.loads(run.invoke(app, ["decide", str(paper), "--json"]).stdout)
    assert answer["outcome"] == "prohibited"
    assert any(finding["provision"] == "un.dprk.2321.12" for finding in answer["findings"])
    assert answer["read_from"]["vessel[0].imo"]["at"].startswith(":70:")


DEAL = """
on = 2018-04-12
seen_from = "SG"
conduct = ["port_call"]
[[vessel]]
emergency = false
returning_to_origin_port = false
{marks}
"""


@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        ('imo = "8898740"', "authorisation_required"),
        ('imo = "IMO 8898740"', "authorisation_required"),
        ('name = "Happy Star"\nimo = "8898740"\nflag = "PW"\nmmsi = "445123000"', "authorisation_required"),
        ('name = "JI SONG 6"', "authorisation_required"),
        ('name = "JI SONG 6"\nimo = "8898741"', "undetermined"),
        ('name = "Happy Star"\nimo = "8898741"\nflag = "PW"', "undetermined"),
        ('name = "Happy Star"\nformer_names = ["JI SONG 6"]\nflag = "PW"', "undetermined"),
    ],
)
def test_a_ship_is_named_by_number_and_a_wrong_number_clears_nobody(tmp_path, marks, outcome):
    deal = tmp_path / "deal.toml"
    deal.write_text(DEAL.format(marks=marks))
    answer = json.loads(run.invoke(app, ["decide", str(deal), "--json"]).stdout)
    assert answer["outcome"] == outcome
    effects = {one["provision"]: one["effect"] for one in answer["findings"]}
    named = effects.get("un.dprk.2321.12") == "requires_authorisation"
    assert named is (("JI SONG 6" in marks and "former" not in marks) or "8898740" in marks)


def test_a_contradiction_is_a_note_and_never_a_verdict():
    content = (ROOT / "examples" / "papers" / "charter-hire.mt103").read_bytes()
    paper = read_paper(content.replace(b"8898740", b"8898741"), "hire.mt103", open_gazetteer())
    assert "imo" not in paper.deals[0].vessel[0]
    assert "8898741" in paper.questions[0].question
    draft = draft_with(flag="Palau", mmsi="445123000")
    assert paper_of("paper", ("x", "x"), [draft]).notes[0].endswith("a warning sign")
