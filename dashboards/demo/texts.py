"""What the people of the demo company say. Dutch and English, as in a Dutch company."""

DEPARTMENTS = [
    (
        "Operations",
        ["Planner", "Teamleider", "Procesverbeteraar", "Manager operations"],
    ),
    ("Techniek", ["Monteur", "Werkvoorbereider", "Engineer", "Hoofd techniek"]),
    ("IT & Data", ["Ontwikkelaar", "Data-analist", "Architect", "Manager IT"]),
    ("Klantenservice", ["Medewerker", "Senior medewerker", "Teamleider", "Manager"]),
    (
        "Financiën",
        ["Administrateur", "Controller", "Senior controller", "Manager financiën"],
    ),
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
    "Collega’s vragen mij als een project vastloopt.",
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
        "Ik draag drie vaste taken over aan collega’s",
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
    "Feedback vragen aan drie collega’s",
    "Het artikel over delegeren lezen",
    "Kennismaken met de programmamanager",
    "Drie vragen voor de volgende keer opschrijven",
    "Oefenen met de eerste twee minuten van de presentatie",
]
# What people write in a survey; each of them once, or it reads as made up.
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
    "In de ploegendienst lukt om de week niet. Eens per drie weken wel.",
    "Een gezamenlijke aftrap met alle koppels zou leuk zijn.",
    "We zijn begonnen met wandelen. Dat praat makkelijker.",
    "Ik mis een voorbeeld van hoe je een sessie voorbereidt.",
    "More time between sessions in the summer, please.",
    "Soms weet ik niet of iets binnen het traject past.",
    "De herinnering de dag ervoor werkt goed.",
    "Kan de training ook een keer 's avonds?",
    "Mijn leidinggevende gunt me de tijd; dat is niet overal zo.",
    "Ik had meer aan het tweede gesprek dan aan het eerste. Houd vol!",
    "It took us a while, but now it works.",
    "Liever iemand van een andere afdeling, dan leer ik meer.",
    "De privénotities gebruik ik elke keer.",
    "Duidelijker maken wat er van een mentor verwacht wordt.",
    "Een lijst met boeken en podcasts zou ik gebruiken.",
    "Eén keer een uur meelopen leverde meer op dan drie gesprekken.",
    "Wij missen allebei de rust om goed na te denken.",
    "Would be nice to hear how others set their goals.",
    "Helder, kort, en je krijgt niet te veel mail.",
    "Een tussentijdse bijeenkomst voor mentoren zou helpen.",
    "Ik wil graag leren hoe je feedback vraagt zonder het ongemakkelijk te maken.",
    "Niets. Laat het zo.",
    "De afspraken aan het begin maken gaf vertrouwen.",
    "Online gaat goed, maar af en toe op kantoor is beter.",
    "Ik zou vaker willen horen waar mijn mentor zelf tegenaan loopt.",
    "Please offer the guide for difficult talks earlier.",
]
CLOSING = [
    "Begin een maand eerder met koppelen, dan loopt het niet in de zomer vast.",
    "Organiseer een afsluiting waar je elkaars verhalen hoort.",
    "Ik had graag halverwege even met de coördinator gesproken.",
    "Laat mentoren onderling ervaringen uitwisselen.",
    "A year is long; nine months would have been enough for us.",
    "Geef mentoren een uur per maand in hun rooster.",
    "Meer koppels over afdelingen heen.",
    "De doelen waren in het begin te groot. Help daarbij.",
    "Houd het anoniem vragen erin. Je durft eerlijker te zijn.",
    "Een mentor mogen kiezen uit twee of drie voorstellen.",
    "Zorg voor een reserve als een mentor uitvalt.",
    "Please keep the thank-you wall, it made my week.",
    "Ook iets doen voor mensen in de buitendienst.",
    "Minder formulieren aan het begin.",
    "Nodig oud-mentees uit als nieuwe mentor.",
    "Volgend jaar graag weer; ik doe mee.",
    "Een vast moment in de week afspreken, dat had ons geholpen.",
    "Meer uitleg over wat de ander wel en niet ziet.",
    "Train the mentors in asking, not telling.",
    "Het certificaat mag wel wat feestelijker worden uitgereikt.",
]
# From a mentee to their mentor, and what both share with the programme.
THANKS = [
    "Je luisterde eerst. Dat doet bijna niemand.",
    "Dank voor de vraag die ik niet wilde horen. Die had ik nodig.",
    "Door jou heb ik mijn eerste offerte alleen verdedigd. En gewonnen!",
    "You lent me your network and never asked for anything back. Thank you.",
    "Na elk gesprek wist ik wat mijn volgende stap was. Dat is een kunst.",
    "Je was eerlijk toen het niet goed ging. Daardoor ging het daarna wel.",
    "Een jaar geleden durfde ik niet te presenteren. Vorige week deed ik het lachend.",
    "Thank you for your patience with my Dutch, and for correcting it kindly.",
    "Je nam mijn twijfel serieus zonder hem groter te maken.",
    "Ik heb een nieuwe functie. Zonder onze gesprekken had ik niet gesolliciteerd.",
    "Fijn dat je nooit zei: zo doen we dat hier nu eenmaal.",
]
# By the role of who tells it: a title and the story.
STORIES = [
    (
        "mentee",
        "Ik wilde het eerst niet",
        "Een mentor was voor anderen, dacht ik. In het eerste gesprek vroeg hij wat"
        " ik zou doen als niemand meekeek. Daar had ik geen antwoord op.\n\nNu"
        " leid ik het maandagoverleg. Soms gaat het mis; dat is niet erg meer.",
    ),
    (
        "mentor",
        "Wat ik van mijn mentee leerde",
        "Ik kwam om iets te geven. Maar de vragen die ik kreeg stelde ik mezelf"
        " allang niet meer. Een uur in de twee weken is het waard.",
    ),
    (
        "mentee",
        "Van monteur naar teamleider",
        "Ik kon goed sleutelen en slecht vergaderen. Mijn mentor ging een dag mee naar"
        " de werf en zag wat ik daar vanzelf deed: kijken, vragen, dan pas doen."
        " ‘Vergaderen is hetzelfde’, zei ze.\n\nSinds maart heb ik een team van zes.",
    ),
    (
        "mentor",
        "Stil durven zijn",
        "De eerste maanden gaf ik te veel antwoorden. Na de training hield ik vaker"
        " mijn mond. Wat er dan komt, is vaak beter dan wat ik had willen zeggen.",
    ),
]
