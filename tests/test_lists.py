"""Official lists: every format read strictly, real files with their counts, deltas, history, the archive."""

import gzip
import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openembargo.lists import (
    bis,
    eu_fsf,
    followthemoney,
    ofac_csv,
    ofac_enhanced,
    ofac_xml,
    uk_conlist,
    un_consolidated,
    un_vessels,
    watchlist,
)
from openembargo.lists.delta import applied, delta
from openembargo.lists.entry import Entry, ListedName, Publication
from openembargo.lists.formats import guess, read_list, unzipped
from openembargo.lists.history import Snapshot, history_of, state_on
from openembargo.lists.printed import birth_date, country_code, day, identifier_kind
from openembargo.storage import list_archive
from openembargo.storage.list_archive import Arrival
from openembargo.terms.errors import SourceError

from .conftest import REFERENCE, needs_reference

LISTS = REFERENCE / "lists"


def content(path):
    raw = (LISTS / path).read_bytes()
    return gzip.decompress(raw) if path.endswith(".gz") else raw


# ---- what lists print


@pytest.mark.parametrize(
    ("printed", "first", "last"),
    [
        ("1965", "1965-01-01", "1965-12-31"),
        ("circa 1965", "1963-01-01", "1967-12-31"),
        ("approximately 1960", "1958-01-01", "1962-12-31"),
        ("1960-1965", "1960-01-01", "1965-12-31"),
        ("Between 1958 and 1962", "1958-01-01", "1962-12-31"),
        ("12 Jun 1965", "1965-06-12", "1965-06-12"),
        ("Jun 1965", "1965-06-01", "1965-06-30"),
        ("August 1961", "1961-08-01", "1961-08-31"),
        ("1965-06-12", "1965-06-12", "1965-06-12"),
        ("12/06/1965", "1965-06-12", "1965-06-12"),
        ("00/00/1980", "1980-01-01", "1980-12-31"),
        ("00/06/1965", "1965-06-01", "1965-06-30"),
        ("01 Jan 1953 to 31 Dec 1954", "1953-01-01", "1954-12-31"),
        ("30 Feb 1965", None, None),
        ("about 30 years old", None, None),
    ],
)
def test_birth_dates_as_printed(printed, first, last):
    found = birth_date(printed)
    assert found.printed == printed
    assert (found.first and found.first.isoformat(), found.last and found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Democratic People's Republic of Korea", "KP"),
        ("Korea, North", "KP"),
        ("DPRK", "KP"),
        ("Korea, South", "KR"),
        ("Syrian Arab Republic", "SY"),
        ("Iranian", "IR"),
        ("Atlantis", ""),
    ],
)
def test_countries_as_printed(printed, code):
    assert country_code(printed) == code


def test_days_and_numbers_as_printed():
    assert day("04/06/2018") == date(2018, 6, 4)
    assert day("04/06/2018", month_first=True) == date(2018, 4, 6)
    labels = {
        "Passport": "passport",
        "IMO number": "imo",
        "SWIFT/BIC": "bic",
        "Registration Number": "registration",
        "Tax ID No.": "tax",
        "LEI": "lei",
        "Hat size": "other",
    }
    assert {label: identifier_kind(label) for label in labels} == labels


# ---- strict reading

UN = """<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2017-02-03T10:00:00"><INDIVIDUALS><INDIVIDUAL>
<DATAID>1</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>EXAMPLE</FIRST_NAME><SECOND_NAME>PERSON</SECOND_NAME>
<UN_LIST_TYPE>TEST</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><LISTED_ON>2016-03-02</LISTED_ON>
<COMMENTS1>Owner of a ship, IMO number: 9187629.</COMMENTS1><NATIONALITY><VALUE>Syrian Arab Republic</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Exa</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1965</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>EXAMPLE TRADING CO</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>
<UN_LIST_TYPE>TEST</UN_LIST_TYPE><LISTED_ON>2017-01-10</LISTED_ON></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""


def test_un_list_reads_names_births_and_numbers():
    found = un_consolidated.read(UN.encode())
    person, company = found.entries
    assert found.published == date(2017, 2, 3)
    assert [(n.text, n.quality) for n in person.names] == [("EXAMPLE PERSON", "primary"), ("Exa", "low")]
    assert (person.births[0].first, person.births[0].last) == (date(1963, 1, 1), date(1967, 12, 31))
    assert person.countries == ("SY",)
    assert [(i.kind, i.value) for i in person.identifiers] == [("imo", "9187629")]
    assert (company.kind, company.listed_on) == ("entity", date(2017, 1, 10))


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (UN.replace("<GENDER>", "").replace("<DATAID>1</DATAID>", "<SHOE_SIZE>44</SHOE_SIZE>"), r"XXi\.001.*SHOE_SIZE"),
        (UN[: len(UN) // 2], "cut short"),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "HTML page"),
        (BOMB, "entities or a document type"),
        (UN.replace("XXe.001", "XXi.001"), "stands twice"),
        (UN.replace("<REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>", ""), "no reference"),
        ("<other/>", "expected <CONSOLIDATED_LIST>"),
        ('<CONSOLIDATED_LIST dateGenerated="2017-01-01"><INDIVIDUALS/></CONSOLIDATED_LIST>', "no record"),
    ],
    ids=["unknown element", "truncated", "html", "bomb", "duplicate", "no reference", "another document", "empty"],
)
def test_un_list_refuses(text, says):
    with pytest.raises(SourceError, match=says):
        un_consolidated.read(text.encode())


SDN = b"""36,"EXAMPLE AIR",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r
306,"PERSON, Example","individual","TEST; DPRK2",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 18 Sep 1960; alt. DOB 1961; POB Town; nationality Korea, North; Gender Male; Passport A123 (Korea, North)."\r
400,"EXAMPLE STAR","vessel","TEST",-0- ,"HMAB",-0- ,-0- ,-0- ,"Korea, North",-0- ,"Vessel Registration Identification IMO 9187629."\r
\x1a"""
ALT = b'306,1,aka,"PERSONN, E.",-0- \r\n306,2,aka,"EXE","weak alias"\r\n'
ADD = b'36,25,"1 Street","Havana","Cuba",-0- \r\n'


def test_ofac_triple():
    found = ofac_csv.read(SDN, ALT, ADD)
    air, person, ship = found.entries
    assert [(n.text, n.quality) for n in person.names] == [
        ("PERSON, Example", "primary"),
        ("PERSONN, E.", "good"),
        ("EXE", "low"),
    ]
    assert [b.printed for b in person.births] == ["18 Sep 1960", "1961"]
    assert (person.countries, person.gender, person.programmes) == (("KP",), "male", ("TEST", "DPRK2"))
    assert ("passport", "A123", "KP") in [(i.kind, i.value, i.country) for i in person.identifiers]
    assert (air.kind, air.addresses[0].country) == ("entity", "CU")
    assert ("imo", "9187629") in [(i.kind, i.value) for i in ship.identifiers]


def test_ofac_refuses_aliases_of_another_day():
    strange = b"".join(b'%d,1,aka,"X",-0- \r\n' % n for n in range(900, 920))
    with pytest.raises(SourceError, match="have no row in SDN"):
        ofac_csv.read(SDN, strange)


def test_ofac_xml_counts_its_records():
    text = "<sdnList><publshInformation><Publish_Date>02/03/2017</Publish_Date><Record_Count>2</Record_Count></publshInformation><sdnEntry><uid>1</uid><lastName>EXAMPLE</lastName><sdnType>Entity</sdnType></sdnEntry></sdnList>"
    with pytest.raises(SourceError, match="the file says 2"):
        ofac_xml.read(text.encode())
    found = ofac_xml.read(text.replace(">2<", ">1<").encode())
    assert (found.published, found.entries[0].name) == (date(2017, 2, 3), "EXAMPLE")


def test_eu_xml():
    text = """<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-01-02T00:00:00"><sanctionEntity logicalId="7" designationDate="2016-05-20" euReferenceNumber="EU.1.1">
    <regulation programme="PRK" publicationDate="2016-05-27"/><subjectType code="person"/><nameAlias wholeName="Example Person" strong="true" gender="M" function="Head"/>
    <nameAlias wholeName="Exa" strong="false"/><birthdate circa="true" year="1965"/><citizenship countryIso2Code="KP" countryDescription="NORTH KOREA"/>
    <identification number="A1" identificationTypeDescription="National passport" countryIso2Code="KP"/></sanctionEntity></export>"""
    (entry,) = eu_fsf.read_xml(text.encode()).entries
    assert (entry.kind, entry.gender, entry.countries, entry.listed_on) == (
        "person",
        "male",
        ("KP",),
        date(2016, 5, 20),
    )
    assert [n.quality for n in entry.names] == ["primary", "low"]
    assert entry.identifiers[0].kind == "passport"
    with pytest.raises(SourceError, match="shoeSize"):
        eu_fsf.read_xml(text.replace("<subjectType", "<shoeSize/><subjectType").encode())


ADVANCED = """<Sanctions xmlns="http://www.un.org/sanctions/1.0"><DateOfIssue><Year>2017</Year><Month>2</Month><Day>3</Day></DateOfIssue>
<ReferenceValueSets><PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues><PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType></NamePartTypeValues><FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType>
<FeatureType ID="10">Nationality Country</FeatureType></FeatureTypeValues><CountryValues><Country ID="11">Korea, North</Country></CountryValues><IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType></IDRegDocTypeValues></ReferenceValueSets>
<Locations><Location ID="5"><LocationCountry CountryID="11"/></Location></Locations>
<IDRegDocuments><IDRegDocument ID="9" IDRegDocTypeID="1571" IdentityID="70" IssuedBy-CountryID="11"><IDRegistrationNo>A123</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties><DistinctParty FixedRef="36"><Profile ID="36" PartySubTypeID="4"><Identity ID="70"><Alias Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="1">PERSON</NamePartValue></DocumentedNamePart>
<DocumentedNamePart><NamePartValue NamePartGroupID="2">Example</NamePartValue></DocumentedNamePart></DocumentedName></Alias><Alias Primary="false" LowQuality="true"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="1">EXE</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="1520"/></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity>
<Feature FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From><Year>1965</Year></From></Start><End><To><Year>1966</Year><Month>6</Month></To></End></DatePeriod></FeatureVersion></Feature>
<Feature FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="5"/></FeatureVersion></Feature></Profile></DistinctParty></DistinctParties>
<SanctionsEntries><SanctionsEntry ProfileID="36"><EntryEvent><Date><Year>2016</Year><Month>3</Month><Day>2</Day></Date></EntryEvent><SanctionsMeasure><Comment>DPRK</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>"""


def test_ofac_advanced_follows_its_references():
    form, found = read_list(ADVANCED.encode())
    (entry,) = found.entries
    assert (form, found.published, entry.kind, entry.listed_on) == (
        "ofac.advanced.xml",
        date(2017, 2, 3),
        "person",
        date(2016, 3, 2),
    )
    assert [(n.text, n.quality) for n in entry.names] == [("PERSON, Example", "primary"), ("EXE", "low")]
    assert (entry.births[0].first, entry.births[0].last) == (date(1965, 1, 1), date(1966, 6, 30))
    assert (entry.countries, entry.programmes, entry.identifiers[0].value) == (("KP",), ("DPRK",), "A123")
    with pytest.raises(SourceError, match=r"record 36: location '6'"):
        read_list(ADVANCED.replace('LocationID="5"', 'LocationID="6"').encode())
    with pytest.raises(SourceError, match="FeatureType '99'"):
        read_list(ADVANCED.replace('FeatureTypeID="8"', 'FeatureTypeID="99"').encode())


UK = """<Designations><DateGenerated>2024-01-02</DateGenerated><Designation><LastUpdated>02/01/2024</LastUpdated><DateDesignated>20/05/2016</DateDesignated><UniqueID>DPR0001</UniqueID><OFSIGroupID>1</OFSIGroupID><UNReferenceNumber>XXi.001</UNReferenceNumber>
<Names><Name><Name1>Example</Name1><Name6>PERSON</Name6><NameType>Primary Name</NameType></Name><Name><Name6>EXE</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>예시</NameNonLatinScript></NonLatinName></NonLatinNames><RegimeName>Test</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
<IndividualDetails><Individual><DOBs><DOB>dd/mm/1965</DOB></DOBs><Nationalities><Nationality>North Korea</Nationality></Nationalities></Individual></IndividualDetails></Designation></Designations>"""


def test_uk_list_in_both_editions():
    (entry,) = read_list(UK.encode())[1].entries
    assert [(n.text, n.quality) for n in entry.names] == [
        ("Example PERSON", "primary"),
        ("EXE", "low"),
        ("예시", "good"),
    ]
    assert (entry.listed_on, entry.countries, entry.births[0].first, entry.refs) == (
        date(2016, 5, 20),
        ("KP",),
        date(1965, 1, 1),
        ("XXi.001", "1"),
    )
    table = "Report Date: 02-Jan-2024\nUnique ID,Name 6,Name 1,Name type,Alias strength,Regime Name,Designation Type,D.O.B,Date Designated\nDPR0001,PERSON,Example,Primary Name,,Test,Individual,dd/mm/1965,20/05/2016\nDPR0001,EXE,,Alias,Low quality a.k.a,Test,Individual,,\n"
    (same,) = read_list(table.encode())[1].entries
    assert (same.names, same.listed_on, same.births) == (
        tuple(ListedName(n.text, n.quality, n.text.split()[-1]) for n in entry.names[:2]),
        entry.listed_on,
        entry.births,
    )


def test_watch_list_takes_qualities_and_names_its_mistakes():
    good = b"target_id,list,kind,name,aliases,dob,country,program,imo\nA1,own,person,Example Person,good:Exa Person|low:Exa,1965,Iran,X,\n"
    (entry,) = watchlist.read(good, "own").entries
    assert [n.quality for n in entry.names] == ["primary", "good", "low"]
    for bad, says in [
        (good.replace(b"aliases", b"aliasses"), "did you mean 'aliases'"),
        (good.replace(b",person,", b",peson,"), "line 2.*peson"),
        (b"name\nX\n", "no column 'target_id'"),
        (good + b"A2,own\n", "2 cells"),
    ]:
        with pytest.raises(SourceError, match=says):
            watchlist.read(bad, "own")


def test_followthemoney_joins_what_points_to_a_party():
    text = """{"id": "p1", "schema": "Person", "properties": {"name": ["Example Person"], "weakAlias": ["Exa"], "birthDate": ["1965"], "nationality": ["kp"]}}
{"id": "s1", "schema": "Sanction", "properties": {"entity": ["p1"], "startDate": ["2016-03-02"], "program": ["TEST"]}}
{"id": "i1", "schema": "Passport", "properties": {"holder": ["p1"], "number": ["A123"], "type": ["Passport"]}}
{"id": "o1", "schema": "Ownership", "properties": {"owner": ["p1"], "asset": ["c1"]}}"""
    (entry,) = followthemoney.read(text.encode(), "bought").entries
    assert (entry.listed_on, entry.countries, [n.quality for n in entry.names]) == (
        date(2016, 3, 2),
        ("KP",),
        ["primary", "low"],
    )
    assert [(i.kind, i.value) for i in entry.identifiers] == [("passport", "A123")]
    with pytest.raises(SourceError, match=r"line 1.*Wombat"):
        followthemoney.read(b'{"id": "x", "schema": "Wombat", "properties": {}}', "bought")
    with pytest.raises(SourceError, match="cut short"):
        followthemoney.read(text[:90].encode(), "bought")


def test_vessel_numbers_have_a_check_digit():
    head = "imo,name,other_names,designated,p8d_1718_p12_2270,p12a_2321,p12d_2321,p6_2371_p6_2375,omm_economic_resource,mmsi\n"
    with pytest.raises(SourceError, match="9187628"):
        un_vessels.read((head + "9187628,EXAMPLE,,2018-03-30,na,na,Yes,Yes,na,\n").encode())


def test_unknown_files_are_refused_with_what_they_look_like():
    with pytest.raises(SourceError, match="HTML page"):
        guess(b"<html><body>Moved</body></html>")
    with pytest.raises(SourceError, match="known formats"):
        guess(b"hello")


# ---- real files


@needs_reference
def test_all_un_snapshots_load_with_their_counts():
    said = (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    files = sorted((LISTS / "un").glob("consolidated_*.xml.gz"))
    assert len(files) == 26
    publications = []
    for path in files:
        found = un_consolidated.read(gzip.decompress(path.read_bytes()))
        counts = re.search(re.escape(f"lists/un/{path.name}") + r".*?(\d+) individuals, (\d+) entities", said)
        kinds = (sum(e.kind == "person" for e in found.entries), sum(e.kind == "entity" for e in found.entries))
        assert kinds == (int(counts[1]), int(counts[2])), path.name
        assert found.published.isoformat() in path.name
        publications.append(found)
    for old, new in pairwise(publications):
        assert applied(old.entries, delta(old, new)) == new.entries


@needs_reference
@pytest.mark.parametrize(
    ("path", "reader", "count"),
    [
        ("ofac/archerimpact/sdn.csv.gz", ofac_csv.read, 6068),
        ("ofac/jackdwyer_2024-05-01/sdn.csv.gz", ofac_csv.read, 14966),
        ("ofac/seavoyage_2015/sdn.csv.gz", ofac_csv.read, 5876),
        ("ofac/cons_xml/cons_2018-04-06.xml.gz", ofac_xml.read, 639),
        ("ofac/cons_xml/cons_2025-10-22.xml.gz", ofac_xml.read, 443),
        ("us_other/CONS_ENHANCED.ZIP", lambda packed: ofac_enhanced.read(next(iter(unzipped(packed).values()))), 443),
        ("vessels/un_1718_vessels_2020-06-04.csv", un_vessels.read, 58),
        ("us_other/csl_consolidated.csv.gz", bis.read_csl, 14160),
        ("us_other/dpl_test.txt", bis.read_dpl, 543),
        ("uk/conlist_2018-04-13.csv.gz", uk_conlist.read, 2106),
        ("eu/EUSanctionsShort.csv.gz", eu_fsf.read_csv, 93),
    ],
)
def test_real_files_load(path, reader, count):
    assert len(reader(content(path)).entries) == count


@needs_reference
def test_a_file_cut_short_is_refused():
    with pytest.raises(SourceError, match="cut short"):
        bis.read_csl(content("us_other/csl_older.csv.gz"))


# ---- deltas and history

names = st.sampled_from(["A", "B", "C"]).map(lambda n: (ListedName(n),))
entries = st.lists(
    st.builds(Entry, id=st.sampled_from("abcdefgh"), kind=st.just("person"), names=names), unique_by=lambda e: e.id
)


@given(entries, entries)
def test_old_and_delta_give_new(old, new):
    one, other = Publication("x", None, tuple(old)), Publication("x", None, tuple(new))
    assert applied(one.entries, delta(one, other)) == other.entries
    assert not any(delta(one, one).__getattribute__(part) for part in ("added", "removed", "changed"))


def entry(ref, listed, **more):
    return Entry(ref, "person", (ListedName(ref),), listed_on=date.fromisoformat(listed), **more)


def snapshot(day_, *held):
    return Snapshot(date.fromisoformat(day_), day_, Publication("x", date.fromisoformat(day_), held))


OLD, LEFT, LATE, LATER = (
    entry("old", "2009-04-24"),
    entry("left", "2010-01-01"),
    entry("late", "2016-03-02"),
    entry("later", "2017-06-02"),
)
SNAPSHOTS = (snapshot("2015-03-27", OLD, LEFT), snapshot("2017-06-20", OLD, LATE, LATER))


@pytest.mark.parametrize(
    ("on", "listed", "exact"),
    [
        ("2009-04-23", set(), False),
        ("2009-04-24", {"old"}, False),
        ("2015-03-27", {"old", "left"}, True),
        ("2016-03-01", {"old", "left"}, False),
        ("2016-03-02", {"old", "left", "late"}, False),
        ("2017-02-03", {"old", "left", "late"}, False),
        ("2017-06-20", {"old", "late", "later"}, True),
        ("2020-01-01", {"old", "late", "later"}, False),
    ],
)
def test_the_list_on_a_day(on, listed, exact):
    state = state_on(SNAPSHOTS, date.fromisoformat(on))
    assert ({e.id for e in state.entries}, state.exact) == (listed, exact)
    assert state.notes


def test_what_was_published_by_a_day():
    state = state_on(SNAPSHOTS, date(2017, 2, 3), known_on=date(2016, 1, 1))
    assert {e.id for e in state.entries} == {"old", "left"}
    assert state_on(SNAPSHOTS, date(2017, 2, 3), known_on=date(2014, 1, 1)) is None
    assert state_on(SNAPSHOTS, date(2016, 6, 1)).doubtful == {"left"}


def test_entries_without_a_day_are_kept_and_doubted():
    undated = replace(LATE, id="undated", listed_on=None)
    for held in (
        (snapshot("2017-06-20", OLD, undated),),
        (snapshot("2015-03-27", OLD), snapshot("2017-06-20", OLD, undated)),
    ):
        state = state_on(held, date(2016, 6, 1))
        assert {e.id for e in state.entries} == {"old", "undated"}
        assert (state.exact, state.doubtful) == (False, {"undated"})


def test_an_entry_over_time():
    changed = replace(OLD, remarks="amended")
    episodes = history_of((*SNAPSHOTS, snapshot("2018-01-01", changed)), "old")
    assert [(e.first_seen.year, e.last_seen.year, e.changed) for e in episodes] == [
        (2015, 2017, ()),
        (2018, 2018, ("remarks",)),
    ]
    gone = history_of(SNAPSHOTS, "left")
    assert [e.entry is not None for e in gone] == [True, False]


# ---- the archive


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    return tmp_path


def own(count, first=1):
    rows = "".join(f"A{n},own,person,Example Person {n},,,,,\n" for n in range(first, first + count))
    return ("target_id,list,kind,name,aliases,dob,country,program,imo\n" + rows).encode()


def test_a_list_is_kept_by_its_bytes_and_loads_once(archive):
    arrival = Arrival(gzip.compress(own(30)), "own.csv.gz", date(2026, 1, 1), "own")
    assert [list_archive.add(arrival)[2], list_archive.add(arrival)[2]] == [True, False]
    assert len(list_archive.held("own")) == 1
    assert len(list_archive.publication("own", list_archive.held("own")[0]).entries) == 30


def test_a_list_that_shrank_is_kept_but_not_used(archive):
    list_archive.add(Arrival(own(100), "a", date(2026, 1, 1), "own"))
    _, held, _ = list_archive.add(Arrival(own(59), "b", date(2026, 1, 2), "own"))
    assert "shrank by 41%" in held.withheld
    assert [h.total for h in list_archive.active("own")] == [100]
    _, held, _ = list_archive.add(Arrival(own(59), "b", date(2026, 1, 2), "own", accept_shrink="the regime ended"))
    assert (held.withheld, held.reason, len(list_archive.active("own"))) == ("", "the regime ended", 2)


def mixed(persons, entities):
    rows = "".join(f"P{n},own,person,Example Person {n},,,,,\n" for n in range(persons))
    rows += "".join(f"E{n},own,entity,Example Trading {n},,,,,\n" for n in range(entities))
    return ("target_id,list,kind,name,aliases,dob,country,program,imo\n" + rows).encode()


@pytest.mark.parametrize(
    ("persons", "entities", "told"),
    [
        (60, 60, "120 entries after 200 on 2026-01-01: shrank by 40%"),
        (300, 0, "0 entities after 100 on 2026-01-01: shrank by 100%"),
        (10, 300, "10 persons after 100 on 2026-01-01: shrank by 90%"),
        (11, 300, ""),
        (61, 61, ""),
        (100, 99, ""),
    ],
    ids=["by 40 %", "a kind gone", "a kind by 90 %", "a kind by 89 %", "by 39 %", "hardly"],
)
def test_a_list_may_not_lose_four_tenths_of_its_entries_or_nearly_all_of_a_kind(archive, persons, entities, told):
    list_archive.add(Arrival(mixed(100, 100), "a", date(2026, 1, 1), "own"))
    _, held, _ = list_archive.add(Arrival(mixed(persons, entities), "b", date(2026, 1, 2), "own"))
    assert held.withheld.startswith(told)
    assert bool(held.withheld) == bool(told)
    assert len(list_archive.active("own")) == (1 if told else 2)


def test_a_short_kind_may_vanish(archive):
    list_archive.add(Arrival(mixed(100, 20), "a", date(2026, 1, 1), "own"))
    _, held, _ = list_archive.add(Arrival(mixed(100, 0), "b", date(2026, 1, 2), "own"))
    assert held.withheld == ""


def test_a_list_of_a_day_to_come_is_refused(archive):
    list_archive.add(Arrival(own(30), "a", date(2026, 1, 1), "own"))
    with pytest.raises(SourceError, match="published on 2099-01-01, a day to come"):
        list_archive.add(Arrival(own(31), "b", date(2026, 1, 2), "own", published=date(2099, 1, 1)))
    assert [h.total for h in list_archive.held("own")] == [30]


@pytest.mark.parametrize(
    "bad",
    [b"target_id,nam\nA,B\n", b"<html></html>", gzip.compress(own(30))[:40], b""],
    ids=["columns", "html", "broken gzip", "empty"],
)
def test_a_bad_file_changes_nothing(archive, bad):
    list_archive.add(Arrival(own(30), "a", date(2026, 1, 1), "own"))
    before = sorted((p.name, p.read_bytes()) for p in (archive / "lists").rglob("*") if p.is_file())
    with pytest.raises(SourceError):
        list_archive.add(Arrival(bad, "b", date(2026, 1, 2), "own"))
    assert sorted((p.name, p.read_bytes()) for p in (archive / "lists").rglob("*") if p.is_file()) == before


def test_an_archive_that_was_tampered_with_is_noticed(archive):
    _, held, _ = list_archive.add(Arrival(own(30), "a", date(2026, 1, 1), "own"))
    (archive / "lists" / "raw" / f"{held.sha256}.gz").write_bytes(gzip.compress(own(31)))
    list_archive.publication.cache_clear()
    with pytest.raises(SourceError, match="digest differs"):
        list_archive.publication("own", held)


def test_formats_are_guessed():
    assert read_list(UN.encode())[0] == "un.xml"
    assert read_list(SDN)[0] == "ofac.csv"
    assert read_list(own(3), list_id="own")[0] == "watchlist"


def test_the_designations_that_come_with_the_program_are_counted_without_any_list(archive):
    from typer.testing import CliRunner

    from openembargo.apps.cli.main import app

    asked = ["lists", "count", "--list", "annexes", "--regime", "un.dprk", "--on", "2017-02-03", "--json"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert (told["individuals"], told["entities"]) == (39, 42)
