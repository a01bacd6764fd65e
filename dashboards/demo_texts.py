"""What the people of the demo company say. Dutch and English, as in a Dutch company."""

DEPARTMENTS = [
    ("Operatie", ["Planner", "Teamleider", "Procesverbeteraar", "Manager operatie"]),
    ("Techniek", ["Monteur", "Werkvoorbereider", "Engineer", "Hoofd techniek"]),
    ("IT & Data", ["Ontwikkelaar", "Data-analist", "Architect", "Manager IT"]),
    ("Klantenservice", ["Medewerker", "Senior medewerker", "Teamleider", "Manager"]),
    ("Financiën", ["Administrateur", "Controller", "Senior controller", "CFO-office"]),
    ("HR", ["HR-adviseur", "Recruiter", "HR-businesspartner", "Manager HR"]),
    (
        "Projecten",
        ["Projectassistent", "Projectleider", "Programmamanager", "Directeur"],
    ),
    ("Communicatie", ["Redacteur", "Adviseur", "Woordvoerder", "Hoofd communicatie"]),
]
LOCATIONS = ["Utrecht", "Rotterdam", "Eindhoven", "Groningen", "Zwolle"]
ABOUT = [
    "Ik leer het meest van mensen die het anders aanpakken dan ik.",
    "Na tien jaar in de praktijk help ik graag anderen op weg.",
    "Ik hou van duidelijke afspraken en van een goed gesprek erna.",
    "Ik zoek de rust om na te denken over mijn volgende stap.",
    "Collega's vragen mij als een project vastloopt.",
    "I moved here four years ago and still enjoy learning how things work.",
    "Ik ben nieuwsgierig, soms ongeduldig, en altijd in voor koffie.",
    "Ik wil leren om minder zelf te doen en meer aan het team over te laten.",
    "I like to draw things on a whiteboard until they make sense.",
    "Ik combineer mijn werk met twee jonge kinderen en een studie.",
]
GOALS = [
    (
        "Ik leid het wekelijkse teamoverleg zelfstandig",
        "overleggen die ik leid",
        0,
        8,
        "Zo oefen ik leiding nemen voordat ik een eigen team krijg.",
        ["Eerste keer met een collega erbij", "Agenda vooraf delen", "Feedback vragen"],
    ),
    (
        "Ik presenteer ons project aan de directie zonder te lezen",
        "presentaties gehouden",
        0,
        3,
        "Ik wil zichtbaar zijn met wat ons team maakt.",
        ["Verhaal in vijf zinnen", "Oefenen voor het team", "Proefpresentatie"],
    ),
    (
        "Ik draag drie vaste taken over aan collega's",
        "taken overgedragen",
        0,
        3,
        "Dan houd ik tijd over voor mijn nieuwe rol.",
        ["Lijst met taken maken", "Eerste taak overdragen", "Na een maand evalueren"],
    ),
    (
        "I hold a feedback talk with each member of my team",
        "talks held",
        0,
        6,
        "Giving feedback early keeps small things small.",
        ["Prepare the first talk", "Ask how it came across", "Plan the rest"],
    ),
    (
        "Ik spreek elke maand drie mensen buiten mijn afdeling",
        "gesprekken gevoerd",
        0,
        9,
        "Een netwerk helpt mij bij mijn volgende stap.",
        ["Namen opschrijven", "Eerste drie uitnodigen", "Noteren wat ik leerde"],
    ),
]
NOTES = [
    "Kennisgemaakt. Afgesproken: om de twee weken, telefoon weg, alles onder ons.",
    "Over het overleg van dinsdag. Eerst vragen, dan pas adviseren werkt beter.",
    "Doel scherper gemaakt: niet 'beter presenteren' maar drie keer staan.",
    "Terugblik op het moeilijke gesprek. Het voorbeeld benoemen hielp.",
    "We walked through the stakeholder map. Next: two conversations before the summer.",
    "Lastige week; vooral stilgestaan bij wat wel lukte.",
]
ACTIONS = [
    "Agenda voor het overleg maken",
    "Feedback vragen aan drie collega's",
    "Het artikel over delegeren lezen",
    "Kennismaken met de programmamanager",
    "Write down the three questions for next time",
    "Oefenen met de eerste twee minuten van de presentatie",
]
COMMENTS = [
    "Meer tijd voor het eerste gesprek zou helpen.",
    "De sessiegids is prettig, vooral de vragen.",
    "Een rustige ruimte op kantoor is lastig te vinden.",
    "I would like to meet other mentees as well.",
    "Mijn mentor luistert echt. Dat is al veel waard.",
    "Graag eerder horen wie je match is.",
    "Plannen over twee locaties blijft puzzelen.",
    "Het doel opschrijven maakte het gesprek concreter.",
    "An example of a good goal would help.",
    "Fijn dat mijn manager niet meekijkt.",
]
