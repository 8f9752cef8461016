"""US, UK and EU lists: each format with small invented files, and the real files with the counts of their sources."""

import gzip
import re
from datetime import date

import pytest

from openembargo.lists import bis, eu_fsf, ofac_advanced, ofac_csv, ofac_enhanced, ofac_xml, uk_conlist, uk_list
from openembargo.lists.entry import Entry
from openembargo.lists.formats import unzipped
from openembargo.lists.ofac_remarks import read_remarks
from openembargo.terms.errors import SourceError

from .conftest import REFERENCE, needs_reference

LISTS = REFERENCE / "lists"
HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"


def content(path):
    raw = (LISTS / path).read_bytes()
    return gzip.decompress(raw) if path.endswith(".gz") else raw


def numbers(entry: Entry):
    return [(i.kind, i.value) for i in entry.identifiers]


# ---- OFAC, CSV

EMPTY = ",-0- " * 7


def sdn(*rows):
    return ("\r\n".join(rows) + "\r\n\x1a").encode()


COMPANY = '36,"EXAMPLE TRADING CO",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- '
SHIP = '400,"EXAMPLE STAR","vessel","DPRK] [DPRK2",-0- ,"HMAB","General Cargo","2597","1098","Korea, North","Example Owner","Vessel Registration Identification IMO 9187629; MMSI 445123456."'


def person(remarks):
    return f'306,"PERSON, Example","individual","TEST","Director"{",-0- " * 6},"{remarks}"'


def test_ofac_vessel_sails_under_its_flag_and_not_under_its_tonnage():
    (ship,) = ofac_csv.read(sdn(SHIP)).entries
    assert (ship.kind, ship.nationalities, ship.countries) == ("vessel", ("Korea, North",), ("KP",))
    assert ship.programmes == ("DPRK", "DPRK2")
    assert {("imo", "9187629"), ("mmsi", "445123456"), ("call_sign", "HMAB")} <= set(numbers(ship))


def test_ofac_empty_cells_are_empty():
    (company,) = ofac_csv.read(sdn(COMPANY)).entries
    assert company == Entry(id="36", kind="entity", names=company.names, programmes=("TEST",))


def test_ofac_remarks_of_a_person():
    text = "DOB circa 1965; alt. DOB 30 Feb 1966; POB Town; nationality Iran; Gender Male; Passport A123 (Iran); a.k.a. 'EXE'; Linked To: EXAMPLE TRADING CO."
    (entry,) = ofac_csv.read(sdn(person(text))).entries
    assert [(b.printed, b.first, b.last) for b in entry.births] == [
        ("circa 1965", date(1963, 1, 1), date(1967, 12, 31)),
        ("30 Feb 1966", None, None),
    ]
    assert (entry.birth_places, entry.countries, entry.gender, entry.titles) == (
        ("Town",),
        ("IR",),
        "male",
        ("Director",),
    )
    assert ("EXE", "low") in [(n.text, n.quality) for n in entry.names]
    assert [(i.kind, i.value, i.country) for i in entry.identifiers] == [("passport", "A123", "IR")]
    assert "Linked To: EXAMPLE TRADING CO" in entry.remarks


@pytest.mark.parametrize(
    ("cut", "rest", "whole"),
    [
        ("Linked To: EXAM", "PLE TRADING CO.", "Linked To: EXAMPLE TRADING CO."),
        ("Linked To: EXAMPLE ", "TRADING CO.", "Linked To: EXAMPLE TRADING CO."),
        ("Linked To: EXAMPLE", " TRADING CO.", "Linked To: EXAMPLE TRADING CO."),
    ],
    ids=["within a word", "after a space", "before a space"],
)
def test_ofac_remarks_go_on_where_they_were_cut(cut, rest, whole):
    found = ofac_csv.read(sdn(person(cut)), comments=f'306,"{rest}"\r\n'.encode())
    assert found.entries[0].remarks == whole


def test_ofac_with_a_head_and_empty_lines():
    head = "ent_num,SDN_Name,SDN_Type,Program,Title,Call_Sign,Vess_type,Tonnage,GRT,Vess_flag,Vess_owner,Remarks"
    assert [e.id for e in ofac_csv.read(sdn(head, COMPANY, "", SHIP)).entries] == ["36", "400"]


def test_ofac_a_few_aliases_of_another_day_are_told_and_many_are_refused():
    rows = [COMPANY.replace("36,", f"{n},") for n in range(1000, 1200)]
    aliases = [f'{n},1,aka,"EXAMPLE","-0- "' for n in range(1000, 1200)]
    strange = [f'{n},1,aka,"EXAMPLE","-0- "' for n in range(5000, 5020)]
    told = ofac_csv.read(sdn(*rows), sdn(*aliases, *strange[:2]))
    assert told.faults == ("ALT record 5000: no such record in SDN", "ALT record 5001: no such record in SDN")
    with pytest.raises(SourceError, match=r"20 of 220 records have no row in SDN \(5000, 5001"):
        ofac_csv.read(sdn(*rows), sdn(*aliases, *strange))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (HTML, "HTML page"),
        (sdn(COMPANY, '37,"EXAMPLE'), "SDN line 2.*2 columns"),
        (sdn(COMPANY.replace("-0- ", '"robot"', 1)), "record 36: SDN_Type 'robot'"),
        (sdn(COMPANY, COMPANY.replace("CO", "LTD")), "36.*stands twice"),
        (b"", "no record"),
        (b"PK\x03\x04\x00\x00", "not text"),
    ],
    ids=["html", "truncated", "unknown type", "duplicate", "empty", "packed"],
)
def test_ofac_csv_refuses(rows, says):
    with pytest.raises(SourceError, match=says):
        ofac_csv.read(rows)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Digital Currency Address - XBT bc1qexample0000", "bc1qexample0000"),
        ("alt. Digital Currency Address - LTC LExample00", "LExample00"),
        ("Tax ID No. 7700000000 (Russia)", "7700000000"),
    ],
)
def test_ofac_remarks_keep_numbers_whole(printed, value):
    assert [i.value for i in read_remarks(printed).numbers] == [value]


# ---- OFAC, XML

XML = """<sdnList xmlns="{space}"><publshInformation><Publish_Date>02/03/2017</Publish_Date><Record_Count>2</Record_Count></publshInformation>
<sdnEntry><uid>1</uid><firstName>Example</firstName><lastName>PERSON</lastName><sdnType>Individual</sdnType><programList><program>TEST</program></programList>
<akaList><aka><uid>2</uid><type>a.k.a.</type><category>weak</category><lastName>EXE</lastName></aka></akaList>
<dateOfBirthList><dateOfBirthItem><uid>3</uid><dateOfBirth>circa 1965</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList>
<idList><id><uid>4</uid><idType>Gender</idType><idNumber>Male</idNumber></id></idList></sdnEntry>
<sdnEntry><uid>9</uid><lastName>EXAMPLE STAR</lastName><sdnType>Vessel</sdnType><idList><id><uid>5</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9187629</idNumber></id>
<id><uid>6</uid><idType>Registration Number</idType><idNumber>77</idNumber></id></idList><vesselInfo><vesselFlag>Panama</vesselFlag></vesselInfo></sdnEntry></sdnList>"""
SPACES = (
    "http://tempuri.org/sdnList.xsd",
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML",
)


@pytest.mark.parametrize("space", SPACES)
def test_ofac_xml_in_both_namespaces(space):
    found = ofac_xml.read(XML.format(space=space).encode(), "us.ofac.nonsdn")
    someone, ship = found.entries
    assert (found.list_id, found.published) == ("us.ofac.nonsdn", date(2017, 2, 3))
    assert [(n.text, n.quality) for n in someone.names] == [("PERSON, Example", "primary"), ("EXE", "low")]
    assert (someone.births[0].first, someone.births[0].last, someone.gender) == (
        date(1963, 1, 1),
        date(1967, 12, 31),
        "male",
    )
    assert numbers(ship) == [("imo", "9187629"), ("registration", "77")]
    assert ship.countries == ("PA",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<Record_Count>2<", "<Record_Count>3<", "2 records.*the file says 3"),
        ("<uid>9</uid>", "<uid>9</uid><shoeSize>44</shoeSize>", "record 9.*shoeSize"),
        ("<uid>9</uid>", "<uid>1</uid>", "1.*stands twice"),
        ("</sdnList>", "", "cut short"),
        ("<sdnType>Vessel", "<sdnType>Robot", "kind 'Robot'"),
    ],
    ids=["count", "unknown element", "duplicate", "truncated", "unknown type"],
)
def test_ofac_xml_refuses(old, new, says):
    with pytest.raises(SourceError, match=says):
        ofac_xml.read(XML.format(space=SPACES[0]).replace(old, new).encode())


# ---- OFAC, advanced: valid against the published schema, see the last test of this part

FIXED = 'YearFixed="false" MonthFixed="false" DayFixed="false"'
VALUE_SETS = {
    "AliasType": '<AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1403">Name</AliasType>',
    "CalendarType": '<CalendarType ID="1">Gregorian</CalendarType>',
    "Country": '<Country ID="11088" ISO2="KP">Korea, North</Country>',
    "CountryRelevance": '<CountryRelevance ID="1">Default</CountryRelevance>',
    "DetailReference": '<DetailReference ID="91526">Male</DetailReference>',
    "DetailType": '<DetailType ID="1430">DATE</DetailType><DetailType ID="1431">LOOKUP</DetailType>',
    "DocNameStatus": '<DocNameStatus ID="1">Primary Latin</DocNameStatus>',
    "EntryEventType": '<EntryEventType ID="1">Created</EntryEventType>',
    "FeatureTypeGroup": '<FeatureTypeGroup ID="1">Default</FeatureTypeGroup>',
    "FeatureType": "".join(
        f'<FeatureType ID="{ref}" FeatureTypeGroupID="1">{name}</FeatureType>'
        for ref, name in ((8, "Birthdate"), (10, "Nationality Country"), (224, "Gender"))
    ),
    "IDRegDocType": '<IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType>',
    "IdentityFeatureLinkType": '<IdentityFeatureLinkType ID="1">Unknown</IdentityFeatureLinkType>',
    "NamePartType": '<NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1524">Vessel Name</NamePartType>',
    "PartySubType": '<PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType>',
    "PartyType": '<PartyType ID="1">Individual</PartyType><PartyType ID="4">Transport</PartyType>',
    "Reliability": '<Reliability ID="1">Default</Reliability>',
    "SanctionsType": '<SanctionsType ID="1">Program</SanctionsType>',
    "Script": '<Script ID="215" ScriptCode="Latn">Latin</Script>',
    "ScriptStatus": '<ScriptStatus ID="1">Default</ScriptStatus>',
}
VALUE_SET_ORDER = [
    "AliasType",
    "AreaCode",
    "AreaCodeType",
    "CalendarType",
    "Country",
    "CountryRelevance",
    "DecisionMakingBody",
    "DetailReference",
    "DetailType",
    "DocNameStatus",
    "EntryEventType",
    "EntryLinkType",
    "ExRefType",
    "FeatureType",
    "FeatureTypeGroup",
    "IDRegDocDateType",
    "IDRegDocType",
    "IdentityFeatureLinkType",
    "LegalBasis",
    "LegalBasisType",
    "List",
    "LocPartType",
    "LocPartValueStatus",
    "LocPartValueType",
    "NamePartType",
    "Organisation",
    "PartySubType",
    "PartyType",
    "RelationQuality",
    "RelationType",
    "Reliability",
    "SanctionsProgram",
    "SanctionsType",
    "Script",
    "ScriptStatus",
    "SubsidiaryBody",
    "SupInfoType",
    "TargetType",
    "Validity",
]


def point(year, month, of_month):
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{of_month}</Day>"


def alias(ref, parts, primary, low):
    values = "".join(
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="{group}" ScriptID="215" ScriptStatusID="1" Acronym="false">{text}</NamePartValue></DocumentedNamePart>'
        for group, text in parts
    )
    kind = 1403 if primary == "true" else 1400
    return f'<Alias FixedRef="{ref}" AliasTypeID="{kind}" Primary="{primary}" LowQuality="{low}"><DocumentedName ID="{ref}" FixedRef="{ref}" DocNameStatusID="1">{values}</DocumentedName></Alias>'


def identity(ref, aliases, groups):
    held = "".join(
        f'<MasterNamePartGroup><NamePartGroup ID="{group}" NamePartTypeID="{kind}"/></MasterNamePartGroup>'
        for group, kind in groups
    )
    return f'<Identity ID="{ref}" FixedRef="{ref}" Primary="true" False="false">{aliases}<NamePartGroups>{held}</NamePartGroups></Identity>'


def feature(ref, kind, said, owner):
    return f'<Feature ID="{ref}" FeatureTypeID="{kind}"><FeatureVersion ID="{ref}" ReliabilityID="1">{said}</FeatureVersion><IdentityReference IdentityID="{owner}" IdentityFeatureLinkTypeID="1"/></Feature>'


def sanctioned(ref, profile, day):
    period = f'<DatePeriod CalendarTypeID="1" {FIXED}/>'
    return f'<SanctionsEntry ID="{ref}" ProfileID="{profile}"><EntryEvent ID="{ref}" EntryEventTypeID="1"><Date CalendarTypeID="1">{day}</Date></EntryEvent><SanctionsMeasure ID="{ref}" SanctionsTypeID="1"><Comment>DPRK</Comment>{period}</SanctionsMeasure></SanctionsEntry>'


def advanced(approximate="false"):
    bounds = f'Approximate="{approximate}" {FIXED}'
    birth = f'<DatePeriod CalendarTypeID="1" {FIXED}><Start {bounds}><From>{point(1965, 1, 1)}</From></Start><End {bounds}><To>{point(1965, 12, 31)}</To></End></DatePeriod>'
    sets = "".join(f"<{name}Values>{VALUE_SETS.get(name, '')}</{name}Values>" for name in VALUE_SET_ORDER)
    someone = identity(
        70,
        alias(1, [(1, "PERSON"), (2, "Example")], "true", "false") + alias(2, [(1, "EXE")], "false", "true"),
        [(1, 1520), (2, 1521)],
    )
    features = (
        feature(1, 8, birth + '<VersionDetail DetailTypeID="1430"/>', 70)
        + feature(2, 10, '<VersionDetail DetailTypeID="1431"/><VersionLocation LocationID="5"/>', 70)
        + feature(3, 224, '<VersionDetail DetailTypeID="1431" DetailReferenceID="91526"/>', 70)
    )
    ship = identity(71, alias(3, [(3, "EXAMPLE STAR")], "true", "false"), [(3, 1524)])
    return f"""<Sanctions xmlns="http://www.un.org/sanctions/1.0" Version="1"><DateOfIssue CalendarTypeID="1">{point(2017, 2, 3)}</DateOfIssue><ReferenceValueSets>{sets}</ReferenceValueSets>
<Locations><Location ID="5"><LocationCountry CountryID="11088" CountryRelevanceID="1"/></Location></Locations>
<IDRegDocuments><IDRegDocument ID="9" IDRegDocTypeID="1626" IdentityID="71"><IDRegistrationNo>IMO 9187629</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties><DistinctParty FixedRef="36"><Profile ID="36" PartySubTypeID="4">{someone}{features}</Profile></DistinctParty>
<DistinctParty FixedRef="40"><Profile ID="40" PartySubTypeID="1">{ship}</Profile></DistinctParty></DistinctParties><ProfileRelationships/>
<SanctionsEntries>{sanctioned(1, 36, point(2016, 3, 2))}{sanctioned(2, 40, point(2016, 3, 3))}</SanctionsEntries><SanctionsEntryLinks/></Sanctions>"""


def test_ofac_advanced_reads_persons_and_ships():
    found = ofac_advanced.read(advanced().encode())
    someone, ship = found.entries
    assert (found.published, someone.kind, someone.listed_on) == (date(2017, 2, 3), "person", date(2016, 3, 2))
    assert [(n.text, n.quality, n.family) for n in someone.names] == [
        ("PERSON, Example", "primary", "PERSON"),
        ("EXE", "low", "EXE"),
    ]
    assert (someone.gender, someone.countries, someone.programmes) == ("male", ("KP",), ("DPRK",))
    assert (someone.births[0].first, someone.births[0].last) == (date(1965, 1, 1), date(1965, 12, 31))
    assert (ship.kind, ship.name, numbers(ship)) == ("vessel", "EXAMPLE STAR", [("imo", "9187629")])


def test_ofac_advanced_approximate_birth_is_circa():
    (birth,) = ofac_advanced.read(advanced("true").encode()).entries[0].births
    assert birth.printed.startswith("circa ")
    assert (birth.first, birth.last) == (date(1963, 1, 1), date(1967, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('VersionLocation LocationID="5"', 'VersionLocation LocationID="6"', "record 36: location '6'"),
        ('FeatureTypeID="224"', 'FeatureTypeID="225"', "record 36: FeatureType '225'"),
        ('IDRegDocTypeID="1626"', 'IDRegDocTypeID="1"', "document 9: IDRegDocType '1'"),
        ('DetailReferenceID="91526"', 'DetailReferenceID="7"', "record 36: DetailReference '7'"),
        ('IDRegDocTypeID="1626" IdentityID="71"', 'IDRegDocTypeID="1626" IdentityID="72"', "Identity '72'"),
        ('ProfileID="40"', 'ProfileID="41"', "Profile '41'"),
        ("<ProfileRelationships/>", "<Shoes/>", "unknown element <Shoes>"),
        ('FixedRef="40"', 'FixedRef="36"', "36.*stands twice"),
        ("</Sanctions>", "", "cut short"),
    ],
)
def test_ofac_advanced_refuses(old, new, says):
    assert old in advanced()
    with pytest.raises(SourceError, match=says):
        ofac_advanced.read(advanced().replace(old, new).encode())


@needs_reference
def test_the_advanced_sample_follows_the_published_schema():
    etree = pytest.importorskip("lxml.etree", reason="lxml, which checks a file against a schema, is not installed")
    schema = etree.XMLSchema(etree.fromstring(content("ofac/sdn_advanced.xsd")))
    schema.assertValid(etree.fromstring(advanced("true").encode()))


# ---- OFAC, enhanced

ENHANCED = """<sanctionsData xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML"><publicationInfo><dataAsOf>2025-01-10T00:00:00</dataAsOf></publicationInfo>
<entities><entity id="1"><generalInfo><identityId>5</identityId><entityType>Vessel</entityType></generalInfo><sanctionsLists><sanctionsList datePublished="2016-03-02">SDN List</sanctionsList></sanctionsLists>
<names><name id="1"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations><translation><isPrimary>true</isPrimary><formattedFullName>EXAMPLE STAR</formattedFullName></translation></translations></name>
<name id="2"><isPrimary>false</isPrimary><isLowQuality>true</isLowQuality><translations><translation><isPrimary>true</isPrimary><formattedFullName>EXE</formattedFullName></translation></translations></name></names>
<features><feature><type featureTypeId="8">Birthdate</type><value>circa 1965</value><valueDate><fromDateBegin>1965-01-01</fromDateBegin><toDateEnd>1965-12-31</toDateEnd><isApproximate>true</isApproximate></valueDate></feature></features>
<identityDocuments><identityDocument><type>Vessel Registration Identification</type><documentNumber>IMO 9187629</documentNumber></identityDocument></identityDocuments></entity></entities></sanctionsData>"""


def test_ofac_enhanced():
    (entry,) = ofac_enhanced.read(ENHANCED.encode()).entries
    assert [(n.text, n.quality) for n in entry.names] == [("EXAMPLE STAR", "primary"), ("EXE", "low")]
    assert (entry.listed_on, numbers(entry)) == (date(2016, 3, 2), [("imo", "9187629")])
    assert (entry.births[0].first, entry.births[0].last) == (date(1963, 1, 1), date(1967, 12, 31))
    with pytest.raises(SourceError, match=r"record 1.*shoeSize"):
        ofac_enhanced.read(ENHANCED.replace("<generalInfo>", "<shoeSize/><generalInfo>").encode())
    with pytest.raises(SourceError, match="cut short"):
        ofac_enhanced.read(ENHANCED[:-20].encode())


# ---- UK

UK_HEAD = [
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Title",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Details",
    "NI Number",
    "Position",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Group Type",
    "Alias Type",
    "Regime",
    "Listed On",
    "Last Updated",
    "Group ID",
]


def conlist(*rows, head=UK_HEAD):
    lines = [",".join(f'"{row.get(c, "")}"' for c in head) for row in rows]
    return "\n".join(["Last Updated,13/04/2018", ",".join(head), *lines]).encode()


UK_PERSON = {
    "Name 6": "PERSON", "Name 1": "Example", "DOB": "(1) 00/00/1965. (2) 12/06/1966.", "Nationality": "North Korea", "Country": "China", "Address 1": "1 Street", "Group Type": "Individual",
    "Alias Type": "Prime Alias", "Regime": "Test", "Listed On": "02/03/2016", "Last Updated": "03/03/2016", "Group ID": "7", "Other Information": "UN Ref XXi.001. Example.",
}  # fmt: skip


def test_uk_conlist_groups_the_rows_of_a_party():
    again = {**UK_PERSON, "Address 1": "2 Street"}
    found = uk_conlist.read(conlist({**UK_PERSON, "Name 6": "PERSONN", "Alias Type": "AKA"}, UK_PERSON, again))
    (entry,) = found.entries
    assert (found.published, entry.id, entry.listed_on) == (date(2018, 4, 13), "7", date(2016, 3, 2))
    assert [(n.text, n.quality) for n in entry.names] == [("Example PERSON", "primary"), ("Example PERSONN", "good")]
    assert [(b.first, b.last) for b in entry.births] == [
        (date(1965, 1, 1), date(1965, 12, 31)),
        (date(1966, 6, 12), date(1966, 6, 12)),
    ]
    assert (entry.countries, entry.refs, len(entry.addresses)) == (("KP",), ("XXi.001",), 2)


def test_uk_conlist_weak_alias_and_old_un_reference():
    head = [*UK_HEAD, "Alias Quality"]
    weak = {**UK_PERSON, "Name 6": "EXE", "Name 1": "", "Alias Type": "AKA", "Alias Quality": "Low"}
    old = {**UK_PERSON, "Other Information": "UN Ref E.29.I.11. Owned by another."}
    (entry,) = uk_conlist.read(conlist(old, {**weak, "Other Information": ""}, head=head)).entries
    assert [(n.text, n.quality) for n in entry.names] == [("Example PERSON", "primary"), ("EXE", "low")]
    assert entry.refs == ("E.29.I.11",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HTML, "HTML page"),
        (conlist(UK_PERSON).partition(b"\n")[2], "the words 'Last Updated'"),
        (conlist(UK_PERSON, head=[*UK_HEAD, "Shoe Size"]), "Shoe Size"),
        (conlist(UK_PERSON)[:-60], "cells.*cut short"),
        (conlist({**UK_PERSON, "Group Type": "Robot"}), "Group Type 'Robot'"),
        (conlist(), "no record"),
    ],
    ids=["html", "no first line", "unknown column", "truncated", "unknown type", "empty"],
)
def test_uk_conlist_refuses(text, says):
    with pytest.raises(SourceError, match=says):
        uk_conlist.read(text)


UK_XML = """<Designations><DateGenerated>2024-01-02</DateGenerated><Designation><LastUpdated>02/01/2024</LastUpdated><DateDesignated>20/05/2016</DateDesignated><UniqueID>TST0001</UniqueID><OFSIGroupID>1</OFSIGroupID>
<Names><Name><Name6>EXAMPLE STAR</Name6><NameType>Primary Name</NameType></Name><Name><Name6>EXAMPLE STARR</Name6><NameType>Primary Name Variation</NameType></Name>
<Name><Name6>EXE</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name></Names><RegimeName>Test</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip>
<ShipDetails><Ship><IMONumbers><IMONumber>9187629</IMONumber></IMONumbers></Ship></ShipDetails></Designation></Designations>"""


def test_uk_list_xml():
    (ship,) = uk_list.read_xml(UK_XML.encode()).entries
    assert [n.quality for n in ship.names] == ["primary", "good", "low"]
    assert (ship.kind, numbers(ship), ship.listed_on) == ("vessel", [("imo", "9187629")], date(2016, 5, 20))
    for text, says in [
        (UK_XML.replace("<RegimeName>", "<ShoeSize/><RegimeName>"), "TST0001.*ShoeSize"),
        (UK_XML[:-30], "cut short"),
        (UK_XML.replace(">Ship<", ">Robot<"), "kind 'Robot'"),
        (HTML.decode(), "HTML page"),
    ]:
        with pytest.raises(SourceError, match=says):
            uk_list.read_xml(text.encode())


# ---- EU

EU_XML = """<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-01-02T00:00:00"><sanctionEntity logicalId="7" designationDate="2016-05-20" euReferenceNumber="EU.1.1"><regulation programme="PRK" publicationDate="2016-05-27"/>
<subjectType code="enterprise"/><nameAlias wholeName="Example Trading Co" strong="true"/><nameAlias wholeName="Exa" strong="false"/></sanctionEntity></export>"""


def test_eu_xml_refuses():
    assert [n.quality for n in eu_fsf.read_xml(EU_XML.encode()).entries[0].names] == ["primary", "low"]
    one = re.search("<sanctionEntity.*</sanctionEntity>", EU_XML, re.DOTALL)[0]
    for text, says in [
        (EU_XML.replace(one, one * 2), "7.*stands twice"),
        (EU_XML.replace(one, "<shoe/>" + one), "unknown element <shoe>"),
        (EU_XML[:-30], "cut short"),
        (HTML.decode(), "HTML page"),
        (EU_XML.replace('"enterprise"', '"robot"'), "kind 'robot'"),
    ]:
        with pytest.raises(SourceError, match=says):
            eu_fsf.read_xml(text.encode())


EU_CSV = """Date_file;Entity_logical_id;Subject_type;Programme;Naal_wholename;Naal_gender;Birt_date;Iden_number;Iden_country
04/07/2018;7;P;PRK;Example Person;M;1965-06-12;A123 (passport-National passport) ((passport));IRN
04/07/2018;7;P;PRK;Exa Person;;;;
"""


def test_eu_csv_joins_rows_and_reads_the_kind_of_a_number():
    found = eu_fsf.read_csv(EU_CSV.encode())
    (entry,) = found.entries
    assert (found.published, entry.kind, entry.gender) == (date(2018, 7, 4), "person", "male")
    assert [(n.text, n.quality) for n in entry.names] == [("Example Person", "primary"), ("Exa Person", "good")]
    assert [(i.kind, i.value, i.country) for i in entry.identifiers] == [("passport", "A123", "IR")]
    for text, says in [
        (EU_CSV.replace("Naal_gender", "Naal_shoe"), "Naal_shoe"),
        (EU_CSV + "04/07/2018;8", "2 cells"),
        (HTML.decode(), "HTML page"),
    ]:
        with pytest.raises(SourceError, match=says):
            eu_fsf.read_csv(text.encode())


# ---- US Consolidated Screening List and Denied Persons List


def csl(*rows):
    lines = [",".join(f'"{row.get(c, "")}"' for c in bis.CSL_COLUMNS) for row in rows]
    return "\n".join([",".join(bis.CSL_COLUMNS), *lines]).encode()


CSL_ROW = {
    "_id": "1", "source": "Specially Designated Nationals (SDN) - Treasury Department", "type": "Individual", "name": "PERSON, Example", "programs": "DPRK; DPRK2", "alt_names": "EXE PERSON", "dates_of_birth": "circa 1965",
    "nationalities": "KP", "ids": "KP, 2019-02-24, 2014-02-24, 654000000, Passport; 99000, National ID No.; bc1qexample0000, Digital Currency Address - XBT; IMO 9187629, Vessel Registration Identification; Male, Gender",
}  # fmt: skip


def test_csl_reads_each_number_before_its_label():
    (entry,) = bis.read_csl(csl(CSL_ROW)).entries
    assert [(i.kind, i.value, i.country) for i in entry.identifiers] == [
        ("passport", "654000000", "KP"),
        ("national_id", "99000", ""),
        ("wallet", "bc1qexample0000", ""),
        ("imo", "9187629", ""),
    ]
    assert (entry.id, entry.gender, entry.countries) == ("SDN-1", "male", ("KP",))
    assert entry.programmes == (CSL_ROW["source"], "DPRK", "DPRK2")
    assert (entry.births[0].first, entry.births[0].last) == (date(1963, 1, 1), date(1967, 12, 31))


def test_csl_tells_what_it_leaves_out_and_refuses_what_it_does_not_know():
    found = bis.read_csl(csl(CSL_ROW, {**CSL_ROW, "_id": "2", "name": ""}))
    assert (len(found.entries), found.faults) == (
        1,
        (f"line 3: record 2 of {CSL_ROW['source']} has no name, left out",),
    )
    for text, says in [
        (csl({**CSL_ROW, "type": "Robot"}), "kind 'Robot'"),
        (csl(CSL_ROW, CSL_ROW), "stands twice"),
        (csl(CSL_ROW).replace(b"alt_names", b"alt_shoes", 1), "alt_shoes"),
        (csl(CSL_ROW, CSL_ROW)[:-300], "cells.*cut short"),
        (HTML, "HTML page"),
    ]:
        with pytest.raises(SourceError, match=says):
            bis.read_csl(text)


def dpl(*rows):
    return "\n".join("\t".join(cells) for cells in (bis.DPL_COLUMNS, *rows)).encode()


DPL_ROW = (
    ["EXAMPLE TRADING CO", "1 STREET", "TOWN", "", "IR", "100", "02/03/2016", "03/04/2030", "Y", "2016-03-02", "", "81 F.R. 1"]
)  # fmt: skip


def test_dpl_merges_exact_repetitions_and_gives_stable_references():
    other = [DPL_ROW[0], "2 STREET", *DPL_ROW[2:]]
    found = bis.read_dpl(dpl(DPL_ROW, other, DPL_ROW))
    assert (found.entries[0].listed_on, found.entries[0].delisted_on) == (date(2016, 2, 3), date(2030, 3, 4))
    assert found.faults == ("line 4: EXAMPLE TRADING CO with the same day and address stands twice, read once",)
    assert [e.id for e in bis.read_dpl(dpl(other, DPL_ROW)).entries] == [e.id for e in found.entries[::-1]]
    for text, says in [
        (dpl(DPL_ROW, DPL_ROW[:5]), "5 cells"),
        (dpl(DPL_ROW).replace(b"Action", b"Shoes"), "Shoes"),
        (HTML, "HTML page"),
    ]:
        with pytest.raises(SourceError, match=says):
            bis.read_dpl(text)


# ---- real files, with the counts that their sources print

CSV_FILES = [path.parent.name for path in sorted(LISTS.glob("ofac/*/sdn.csv.gz"))]


def said(path):
    """The rows that SOURCES.md prints for a file."""
    found = re.search(
        rf"\| lists/{re.escape(path)} \|.*?\| (\d+) csv rows", (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    )
    return int(found[1])


@needs_reference
@pytest.mark.parametrize("folder", CSV_FILES)
def test_real_ofac_csv_files(folder):
    head = {"loudringphone_2023": 2}  # its head and its end mark, which has twelve cells there, are counted as rows
    parts = [
        content(f"ofac/{folder}/{name}") if (LISTS / "ofac" / folder / name).exists() else None
        for name in ("sdn.csv.gz", "alt.csv.gz", "add.csv.gz", "sdn_comments.csv")
    ]
    found = ofac_csv.read(*parts)
    twice = sum("the same row twice" in fault for fault in found.faults)
    assert len(found.entries) + twice == said(f"ofac/{folder}/sdn.csv.gz") - head.get(folder, 0)
    assert not any(re.fullmatch(r"[\d,]+", n) for e in found.entries for n in e.nationalities)


@needs_reference
def test_real_non_sdn_lists_agree_in_their_three_formats():
    names = ("prim", "alt", "add", "comments")
    triple = ofac_csv.read(*(content(f"ofac/cons/cons_{name}.csv") for name in names), list_id="us.ofac.nonsdn")
    assert len(triple.entries) == said("ofac/cons/cons_prim.csv")
    xml = {e.id: e for e in ofac_xml.read(content("ofac/cons_xml/cons_2025-10-22.xml.gz")).entries}
    (packed,) = unzipped(content("us_other/CONS_ENHANCED.ZIP")).values()
    enhanced = {e.id: e for e in ofac_enhanced.read(packed).entries}
    assert set(xml) == set(enhanced)
    assert all(xml[ref].kind == enhanced[ref].kind for ref in xml)
    assert sum(xml[ref].name == enhanced[ref].name for ref in xml) > 0.98 * len(xml)


@needs_reference
@pytest.mark.parametrize(
    ("path", "rows", "parties"),
    [
        ("uk/conlist_2018-04-13.csv.gz", 9489, 2106),
        ("uk/hmt_2016-03-23.csv.gz", 8748, 1924),
        ("uk/hmt_2016-02-12_part.csv", 802, 463),
    ],
)
def test_real_uk_lists(path, rows, parties):
    assert said(path) == rows  # a row is a name, the head is counted too; many rows are one party
    assert len(uk_conlist.read(content(path)).entries) == parties


@needs_reference
def test_real_screening_list():
    found = bis.read_csl(content("us_other/csl_consolidated.csv.gz"))
    assert len(found.entries) == said("us_other/csl_consolidated.csv.gz") - 1  # its head is counted too
    ships = [value for e in found.entries for kind, value in numbers(e) if kind == "imo"]
    assert len(ships) > 400
    assert sum(bool(re.fullmatch(r"\d{7}", value)) for value in ships) > 0.99 * len(ships)


@needs_reference
@pytest.mark.parametrize("path", ["dpl_bench.txt", "dpl_older.txt", "dpl_test.txt"])
def test_real_denied_persons_lists(path):
    found = bis.read_dpl(content(f"us_other/{path}"))
    assert len(found.entries) + len(found.faults) == said(f"us_other/{path}") - 1  # the head is counted too
