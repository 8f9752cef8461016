"""What companies and bodies call themselves: legal forms in one class each, and general words in one group each.

A form (`Ltd`, `OOO`, `S.A. de C.V.`) hardly tells companies apart; a general word (`Trading`, `Torgovaya`) tells
little, and the same word of several languages is one.
"""

from functools import cache

FORMS = {
    "LLC": "llc|ltd|limited|limited liability company|limited company|private limited|pvt ltd|pvt limited|pte ltd|pte limited|pty ltd|sdn bhd|co ltd|coltd|company limited|company ltd|gmbh|gesellschaft mit beschrankter haftung|ooo|tov|too|obshchestvo s ogranichennoi otvetstvennostyu|obshchestvo s ogranichennoy otvetstvennostyu|tovarystvo z obmezhenoyu vidpovidalnistyu|srl|s r l|sarl|s a r l|societe a responsabilite limitee|sociedad de responsabilidad limitada|s de rl|s de rl de cv|s de r l de c v|ltda|limitada|limitadas|bv|b v|bvba|doo|d o o|ood|eood|sp z oo|spol s ro|sro|kft|oy|aps|as|limited sirketi|ltd sti|fze|fzc|fzco|fz llc|fzllc|wll|w l l|spc|mmc|sia|uab|lda|sas|s a s|sociedad por acciones simplificada|inc|incorporated|llp|jlt|dmcc|est|establishment|limited partnership company|yhteio|pt|unlimited|ltdsti|ltd co|rl",
    "JSC": "jsc|j s c|pjsc|ojsc|cjsc|zao|oao|ao|pao|nao|at|pat|prat|plc|p l c|public limited company|public joint stock company|open joint stock company|closed joint stock company|private joint stock company|joint stock company|joint stock|aktsionernoe obshchestvo|otkrytoe aktsionernoe obshchestvo|zakrytoe aktsionernoe obshchestvo|publichnoe aktsionernoe obshchestvo|sa|s a|sociedad anonima|societe anonyme|spa|s p a|sacv|sa de cv|s a de c v|sociedad anonima de capital variable|sab de cv|ag|aktiengesellschaft|anonim sirketi|a s|aktiebolag|ab|nv|n v|ad|a d|bsc|sal|s a l|sae|saog|sak|psc|pjs|sherkat sahami|sherkate sahami|sherkat sahami aam|sherkat sahami khass|asa|kgaa|cooperative",
    "LP": "lp|kg|gmbh co kg|scs|commandite|s en c|sc|cv|c v|y cia s en c|y cia s c s|cia s en c",
    "SOE": "fgup|gup|fsue|federal state unitary enterprise|state unitary enterprise|state owned enterprise|sue|fgbu|mup",
}  # fmt: skip
"""Class of legal form -> its spellings, parted by a bar."""
COMPANY_FORMS = "company|co|corporation|corp|compania|cia|compagnie|kompaniya|kompanija|companhia|sirketi|sirket|sherkat|sherkate|shirkat|societe|sociedad|sociedade|obshchestvo|spolecnost|firma|firm|empresas|kabushiki|gongsi|yuhan|hoesa"
"""Words for company itself."""
LIGHT = {
    "TRADE": "trading|trade|traders|tejarat|tejari|ticaret|comercio|torgovaya|torgovyi|torgovy|commerce|comercializadora|comercializacion|trdg|trad|impex|tijarat|tijara|mouyuk|muyok|handels",
    "GROUP": "group|grupo|groupe|groupement|gruppa|gruppe|gruppo|grp|grup", "INDUSTRY": "industries|industry|industrial|industria|industrias|industrie|industrielle|sanayi|sanaye|sanat|sanati|ind|inds|promyshlennaya|promyshlennyi",
    "INTL": "international|internacional|internationale|internazionale|intl|intern|uluslararasi|mezhdunarodnaya|mezhdunarodnyi|internacionales|beynolmelali", "SERVICE": "services|servicios|service|servicio|servis|khadamat|serviços|servicos|svcs|hizmetleri",
    "GENERAL": "general|generale|gen|aam|generales", "COMMERCIAL": "commercial|comercial|commerciale|coml|kommercheskaya|bazargani", "ENTERPRISE": "enterprise|enterprises|empresa|entreprise|entreprises|predpriyatie|unternehmen|corporacion",
    "ORG": "organization|organisation|organizacion|org|organizatsiya|sazman|sazmane|munazzama|munazzamat", "MGMT": "management|managing|mgmt|upravlyayushchaya|administradora|administracion", "DEV": "development|developments|dev|desarrollo|developpement|razvitie|tosee|toseh|towse",
    "HOLDING": "holding|holdings|kholding|holdco", "GLOBAL": "global|worldwide|world|mondial|mundial|universal", "IMPORT": "import|imports|importaciones|importadora|imp|importacion|varedat|suip", "EXPORT": "export|exports|exportaciones|exportadora|exp|exportacion|saderat|suchul",
    "PRIVATE": "private|pvt|chastnaya|khass", "CONCERN": "concern|kontsern|consorcio|consortium|complex|kombinat|mojtame|mojtama", "PARTNER": "partners|partner|associates|associados|asociados|bros|brothers|hermanos|sons|hijos|freres", "NATIONAL": "national|nacional|nationale|natl|natsionalnyi|melli|meli|milli",
}  # fmt: skip
"""General words that companies add and leave out."""
DOMAINS = {
    "BANK": "bank|banco|banking|banque|banka|bankasi|unhaeng", "SHIPPING": "shipping|shpg|shipg|naviera|navigation|keshtirani|lines|line|denizcilik|maritime|marine|shipmanagement|haeun|sonbak", "INVEST": "investment|investments|inversiones|inversion|invest|investissement|investitsionnaya|sarmayegozari|sarmayeh",
    "FOUNDATION": "foundation|fundacion|fondation|stichting|fond|bonyad|bonyade|vakfi|muassasat|muassasa", "OIL": "oil|petroleum|petro|petrochemical|petrochem|petrochemicals|naft|neftyanaya|petrolera|petroleos", "TECH": "technology|technologies|technical|tech|tecnologia|tecnologias|technologie|technologies|tekhnologii|fanavari|technique|teknoloji|kisul",
    "EXCHANGE": "exchange|sarafi|cambio|cambios|hawala|hawalah|saraf", "CENTER": "center|centre|centro|tsentr|markaz|ctr|zentrum", "STATE": "state|government|gosudarstvennaya|gosudarstvennyi|estatal|dawla|hukumat", "COMMITTEE": "committee|comite|komitet|council|soviet|shura|majlis", "STEEL": "steel|foolad|foulad|fulad|metallurgy|metallurgical|metal|metals|metalurgica|stal|acero|iron",
    "ARMY": "army|ejercito|armee|armed|forces|force|jaysh|jaish", "ENGINEERING": "engineering|engineers|ingenieria|ingenierie|inzhiniring|mohandesi|engg|muhendislik", "CONSTRUCTION": "construction|constructions|constructora|construcciones|stroitelnaya|stroy|building|insaat|konstruktsiya|konsol", "INSTITUTE": "institute|instituto|institut|institution|institutions|instytut|moassese", "ASSOCIATION": "association|asociacion|associazione|society|societies|jamiat|jamiyat|union|ittihad|league|assn|assoc",
    "ENERGY": "energy|energia|energetika|power|energie|niroo|niru|enerji", "TRUST": "trust|fund|funds|fondo|sandogh", "SECURITY": "security|seguridad|securite|bezopasnost|intelligence", "TRANSPORT": "transport|transportation|transportes|transporte|logistics|logistic|logistica|lojistik|haml|naghl|freight|cargo|forwarding", "OFFICE": "office|offices|bureau|oficina|department|dept|directorate|division|branch|agency|agencia|agence",
    "RESEARCH": "research|recherche|investigacion|issledovatelskii|pazhuhesh|pajohesh|pazhoheshi", "FACTORY": "factory|factories|plant|zavod|fabrica|fabrika|karkhaneh|manufacturing|manufacturers|manufacturer|mfg|production|produccion|producers|tolid|towlid|tolidi", "MINING": "mining|mines|mine|minera|mineral|minerals|maaden|madan|madencilik|kwangop", "ELECTRONIC": "electronics|electronic|electronica|elektronik|elektronika|electric|electrical|electricity|electrica|elec", "SCIENCE": "science|sciences|scientific|nauchnyi|elmi",
    "FINANCE": "financial|finance|finanzas|finans|financiera|credit|credito|capital|insurance|seguros|bimeh|assurance|securities|leasing|lizing", "MINISTRY": "ministry|ministerio|ministere|vezarat", "REALTY": "real estate|inmobiliaria|inmobiliario|realty|properties|property|immobilier|emlak", "MACHINE": "machinery|machine|machines|mashin|machinebuilding|maquinaria|makina|equipment|equipments|equipos|tajhizat", "DEFENCE": "defense|defence|defensa|oborona|oboronnyi|military|militar|difa|defa",
    "CHEMICAL": "chemical|chemicals|chem|quimica|chimie|khimicheskii|shimi|shimiyaei|kimya", "AGRICULTURE": "agricultural|agriculture|agricola|agro|ganadera|ganadero|ganaderos|cattle|farm|farms|keshavarzi|tarim|foods|food|alimentos", "MEDIA": "media|television|tv|radio|broadcasting|news|tele|communications|communication|comunicaciones|telecom|telecommunications|telecommunication|information", "HOTEL": "hotel|hoteles|otel|tourism|turismo|travel|tours", "AVIATION": "aviation|aerospace|airline|airlines|airways|air|aircraft|aviatsionnaya|havapeymai|aerolineas|aereos|aereo|havacilik",
    "MEDICAL": "medical|medicine|pharmaceutical|pharmaceuticals|pharma|drugs|medicinas|farmaceutica|hospital|health|salud|tibbi", "UNIVERSITY": "university|universidad|universite|universitet|daneshgah|academy|college", "AUTO": "auto|automobile|automobiles|automotive|car|cars|motors|motor|khodro|autopartes|vehicles", "CHARITY": "charity|charitable|charities|khayriyya|khayriya|khairiyah|relief|welfare|humanitarian|aid|benevolent|igatha",
    "ISLAMIC": "islamic|islami|islamiya|islamiyya|islamiyah|islamique|eslami|islam", "REVOLUTION": "revolutionary|revolution|enghelab|thawra", "MOVEMENT": "movement|movimiento|mouvement|harakat|haraka|front|frente|jabhat|party|partido|hizb|hezb", "SYSTEM": "systems|system|sistema|sistemas|solutions|consulting|consultants|consultores|advisory|projects|project|proyectos", "NEW": "new|nuevo|nueva|nouvelle|jadid|jadeed|jadida|jadeeda|novin|noveen", "TEXTILE": "textile|textiles|tekstil|garments|clothing|ropa", "STORE": "supermarket|tiendas|supertiendas|store|stores|shop|boutique|almacen|market|mercado|distribuidora|distribution|distributor|jewelry|jewellery|joyeria|gems|gem",
}  # fmt: skip
"""General words of a field."""


@cache
def form_phrases() -> dict[tuple[str, ...], str]:
    """Return the legal forms as words -> class, among them those of several words."""
    return {
        tuple(spelled.split()): f"ORGCLS:{name}" for name, several in FORMS.items() for spelled in several.split("|")
    }


@cache
def longest_form() -> int:
    """Return the most words that a legal form has."""
    return max(map(len, form_phrases()))


@cache
def general_words() -> dict[str, str]:
    """Return general words -> their group."""
    found: dict[str, str] = dict.fromkeys(COMPANY_FORMS.split("|"), "SYMBOL:CO")
    for kind, table in (("SYMBOL", LIGHT), ("DOMAIN", DOMAINS)):
        for name, several in table.items():
            for spelled in several.split("|"):
                found.setdefault(spelled, f"{kind}:{name}")
    return found
