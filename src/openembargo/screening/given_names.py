"""Given names that are one name in several languages and spellings.

A row is one name. The rows hold what sounds alone do not bring together (`Sergei` and `Serhii`, `Ahmad` and its Arabic
letters); they are common names only, written for this index.
"""

from functools import cache

ROWS = """
muhammad mohammed mohamed mohammad mohamad muhammed mohamud muhamad mohammod mahomed mehmed mehmet mahamed mohamadu mohd muhamed maxamed mukhammad magomed mamadou mokhammad محمد مهمد мухаммад мохаммед магомед мохамед
ahmad ahmed ahmet ahmat achmed achmad ahmadou akhmad akhmed axmed احمد أحمد ахмед ахмад
mahmud mahmoud mahmood mahmut mehmood makhmud محمود махмуд
hussein husayn hussain husain hosein hossein houssein hussien husein huseyin hossain hoseyn hussin hocine xuseen khusein حسين хусейн حسین
hassan hasan hassane hasen khasan xasan حسن хасан
ali aly aliy علي علی али
omar umar omer umer cumar oumar amr عمر омар умар
uthman othman osman usman ousmane otman cusmaan utman عثمان осман
yusuf yousef youssef yousuf yusef yosef yousif yusif yousaf iosif joseph jose yuusuf يوسف юсуф иосиф
ibrahim ebrahim brahim ibraheem abraham ibrahima إبراهيم ابراهيم ابراهیم ибрагим ибрахим
ismail esmail ismael ismaeel esmaeil ismayil إسماعيل اسماعيل اسماعیل исмаил
khalid khaled kaled chalid halid خالد халид
said saeed saied sayid saad saed saeid sayeed سعيد سعید саид
salih saleh salah salihu صالح салех
salim saleem selim سالم سليم салим
mustafa mostafa moustafa moustapha mustapha mustafo مصطفى мустафа
abdullah abdallah abdulla abdollah abdalla abdlah abdulah عبدالله абдулла абдуллах
jamal gamal djamel djamal jamaal cemal جمال джамал
rashid rachid rasheed راشد رشيد рашид
tariq tarek tareq tarik طارق тарик
faysal faisal feisal feysal faycal فيصل фейсал
karim kareem kerim abdkarim كريم карим
rahim raheem رحيم рахим
hamid hameed حميد хамид
majid majeed magid مجيد ماجد маджид
aziz azeez azez عزيز азиз
walid waleed oualid وليد валид
yasir yaser yasser yassir ياسر ясир
yasin yassin yassine yaseen ياسين ясин
nasir naser nasser nassir nacer ناصر насер насир
bashir bachir basheer بشير башир
amin ameen amine أمين امين амин
zayd zaid zayed zeid zayid زيد зайд
anwar anouar anvar enver أنور انور анвар
marwan marouan marwen مروان марван
sulayman suleiman sulaiman soleiman suleyman sulieman solomon soliman slimane سليمان сулейман
dawud daoud dawood davud daud david dovud داود давуд дауд давид
musa mousa moosa moussa mose moses موسى муса моисей
isa issa eisa essa عيسى иса
yahya yehya yahia yehia يحيى яхья
zakariya zakaria zakarya zekeriya zachariah زكريا закария
ilyas elias ilias elyas الياس илья ильяс
haydar haidar heydar heidar hyder حيدر хайдар гейдар
qasim kassem qassem qasem kasim kassim ghasem ghassem قاسم касим касем
jafar jaafar jaffar ja'far gafar djaafar جعفر джафар
rida reza redha ridha riza رضا реза риза
husam hussam hossam hesam houssam حسام
usama osama oussama ousama أسامة اسامة усама осама
bilal belal bilel بلال билал
hamza hamzah hamzeh حمزة حمزه хамза
nabil nabeel نبيل набиль
samir sameer سمير самир
munir mounir muneer monir منير мунир
jihad jehad gihad djihad cihad جهاد джихад
aleksandr alexander alexandre aleksander oleksandr aliaksandr alyaksandr alejandro alessandro iskandar александр олександр аляксандр
aleksei alexei alexey aleksey alexis oleksii oleksiy aliaksei alyaksey алексей олексій
sergei sergey serge sergio serhii serhiy siarhei syarhey sergej serguei sergueï сергей сергій сяргей
dmitry dmitri dmitriy dmitrii dmytro dzmitry dimitri dimitry dmitrij дмитрий дмитро дмітрый
vladimir volodymyr uladzimir wladimir vladymyr vladimír владимир володимир уладзімір
yuri yury yuriy yurii iurii jurij iouri jury yurii iuri юрий юрій юры
igor ihor ihar igor' игорь ігор ігар
nikolai nikolay nicolai mykola mikalai nicolas nicholas nikolaj nikola николай микола мікалай
andrei andrey andrii andriy andrej andreas andrew andrzej andre andrés андрей андрій андрэй
mikhail michail mykhailo mykhaylo mihail michael mikhael miguel michel mikael mihails михаил михайло міхаіл
yevgeny evgeny evgenii evgeniy yevgeniy yevhen eugene yevhenii jevgenij yauhen евгений євген яўген
petr pyotr petro piotr peter pedro pierre piatro pjotr петр пётр петро
viktor victor wiktor viktar виктор віктор віктар
oleg oleh aleh олег алег
pavel pavlo paul pablo pawel paavo павел павло
konstantin kostyantyn constantin kanstantsin константин костянтин
vasily vasili vasiliy vasyl vasil basil wasilij василий василь
grigory grigori grigoriy hryhorii hryhoriy gregory ryhor григорий григорій
anatoly anatoli anatoliy anatolii anatol анатолий анатолій
valery valeri valeriy valerii valerij валерий валерій
gennady gennadi gennadiy hennadii hennadiy геннадий геннадій
stanislav stanislau stanislaw станислав
vyacheslav viacheslav vjaceslav viachaslau вячеслав вячаслаў
ivan ivan' john juan jean johann jan iwan ioan иван іван
pyotrovich petrovich petrovych пётрович петрович
elena yelena olena jelena alena helena еленa елена олена
natalia natalya nataliya nataliia natallia наталья наталія
tatiana tatyana tetiana tatsiana tetyana татьяна тетяна
yulia julia yuliya iuliia yuliia юлия юлія
olga olha volha ольга
ekaterina yekaterina kateryna katsiaryna catherine katherine katarina екатерина катерина
svetlana svitlana sviatlana светлана світлана
irina iryna iryina ирина ірина
maria mariya mariia marie mary maryia мария марія
anna hanna ana anne анна ганна
ksenia kseniya oksana aksana ксения оксана
jose josé joseph giuseppe
jorge george georges georgy georgi georgiy heorhii yury георгий георгій
carlos karlos carl karl charles
luis louis luiz lewis ludwig
steven stephen stefan stepan esteban etienne stepan степан
thomas tomas tomás tommaso foma
katz kats
gonzalez gonzales
rodriguez rodrigues
hernandez fernandez hernandes
kadyrov kadirov kadyrau кадыров
"""
"""One name a row: its spellings in Latin, Arabic and Cyrillic letters."""

NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
"""English number words, in order."""
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")  # fmt: skip
FIRST_TEN = 2
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@cache
def groups() -> dict[str, str]:
    """Return spelling -> the name it is, as a group such as `NAME:sergei`."""
    found: dict[str, str] = {}
    for row in filter(None, ROWS.splitlines()):
        spellings = row.split()
        for spelled in spellings:
            found.setdefault(spelled, f"NAME:{spellings[0]}")
    return found


@cache
def figures() -> dict[str, str]:
    """Return number words -> figures."""
    listed = {word: str(place) for place, word in enumerate(NUMBERS)}
    listed |= {word: str(10 * place) for place, word in enumerate(TENS, FIRST_TEN)}
    for place, word in enumerate(ORDINALS, 1):
        listed |= {word: str(place), f"{place}{ENDINGS.get(place, 'th')}": str(place)}
    return listed
