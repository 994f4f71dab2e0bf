"""Who lives in the demonstration: invented persons at invented addresses in towns of Västra Götaland."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DemoContact:
    """Somebody to call."""

    name: str
    relation: str
    phone: str
    has_key: bool = False
    consent: bool = True


@dataclass(frozen=True, slots=True)
class DemoResident:
    """One resident with home and devices: `scaip` with its `account`, and `app`, the tablet at home."""

    id: str
    name: str
    born: str
    address: str
    town: str
    phone: str
    principal: str
    unit: str
    home: str
    scaip: str
    account: str
    app: str
    floor: str = ""
    door_code: str = ""
    pronounced: str = ""
    language: str = "svenska"
    hearing: str = ""
    sight: str = ""
    speech: str = ""
    pets: str = ""
    do_not_enter_alone: bool = False
    instructions: str = ""
    protected: bool = False
    contacts: tuple[DemoContact, ...] = field(default=())


def _resident(
    number: int, name: str, born: str, address: str, town: str, *, home: int = 0, **more: object
) -> DemoResident:
    return DemoResident(
        id=f"demo-resident-{number}",
        name=name,
        born=born,
        address=address,
        town=town,
        phone=f"031-390 06 {number:02d}",
        principal="demo-kommun",
        unit="demo-norr" if number <= 10 else "demo-soder",
        home=f"demo-home-{home or number}",
        scaip=f"demo-scaip-{number}",
        account=f"1000{number:02d}",
        app=f"demo-app-{number}",
        **more,  # type: ignore[arg-type]
    )


def _contact(name: str, relation: str, last: int, *, has_key: bool = False, consent: bool = True) -> DemoContact:
    return DemoContact(name, relation, f"070-174 06 {last:02d}", has_key, consent)


KOMMUN = (
    _resident(
        1,
        "Elsa Lindqvist",
        "1938-03-14",
        "Björkgatan 12",
        "Alingsås",
        floor="2 tr",
        door_code="2580",
        hearing="Hörapparat på höger öra, tala tydligt",
        pets="Katten Sotis, får inte komma ut",
        instructions="Ring på två gånger. Nyckeln ligger i nyckelskåpet till höger om dörren.",
        contacts=(
            _contact("Ingrid Lindqvist", "dotter", 5, has_key=True),
            _contact("Lars Lindqvist", "son", 6),
            _contact("Berit Ahl", "granne", 7, consent=False),
        ),
    ),
    _resident(
        2,
        "Karl-Erik Johansson",
        "1934-11-02",
        "Storgatan 45",
        "Vänersborg",
        floor="1 tr",
        door_code="1934",
        sight="Synsvag, ser konturer",
        instructions="Säg vem du är innan du går in.",
        contacts=(_contact("Gunilla Johansson", "dotter", 8, has_key=True),),
    ),
    _resident(
        3,
        "Märta Söderberg",
        "1929-06-21",
        "Kyrkvägen 3",
        "Falköping",
        hearing="Hör dåligt i telefon",
        instructions="Rullator. Har fallit i badrummet tidigare.",
        contacts=(_contact("Anders Söderberg", "son", 9), _contact("Kristina Falk", "systerdotter", 10)),
    ),
    _resident(4, "Sven Gustafsson", "1941-01-30", "Ängsvägen 8", "Lidköping", pets="Hunden Bamse, snäll men skäller"),
    _resident(
        5,
        "Aino Virtanen",
        "1936-09-09",
        "Trandaredsgatan 101",
        "Borås",
        floor="4 tr",
        door_code="4711",
        pronounced="AJ-no VIR-ta-nen",
        language="finska, förstår svenska",
        contacts=(_contact("Mika Virtanen", "son", 11, has_key=True),),
    ),
    _resident(
        6,
        "Gösta Bergström",
        "1932-12-24",
        "Hamngatan 17",
        "Lysekil",
        speech="Talar långsamt efter stroke, vänta på svar",
        contacts=(_contact("Monica Bergström", "dotter", 12),),
    ),
    _resident(
        7,
        "Birgitta Nyström",
        "1945-05-17",
        "Skolgatan 22",
        "Mariestad",
        do_not_enter_alone=True,
        instructions="Gå alltid två. Sonen kan vara hemma.",
    ),
    _resident(8, "Åke Persson", "1939-08-08", "Lillgatan 5", "Skara", sight="Blind på vänster öga"),
    _resident(
        9,
        "Zahra Karimi",
        "1948-02-11",
        "Mariagatan 9",
        "Trollhättan",
        floor="3 tr",
        door_code="9090",
        pronounced="sa-RAA ka-RII-mi",
        language="persiska, lite svenska",
        contacts=(_contact("Reza Karimi", "son", 13, has_key=True),),
    ),
    _resident(
        10,
        "Margareta Wallin",
        "1943-10-05",
        "Parkvägen 14",
        "Skövde",
        floor="2 tr",
        door_code="7777",
        protected=True,
        instructions="Lämna aldrig ut var hon bor.",
    ),
    _resident(
        11,
        "Nils Hansson",
        "1937-04-02",
        "Strandvägen 31",
        "Uddevalla",
        door_code="3131",
        hearing="Hörapparat på båda öronen",
        contacts=(_contact("Camilla Hansson", "dotter", 14, has_key=True),),
    ),
    _resident(
        12,
        "Rut Hansson",
        "1940-07-19",
        "Strandvägen 31",
        "Uddevalla",
        home=11,
        instructions="Minnessvårigheter. Nils brukar svara.",
        contacts=(_contact("Camilla Hansson", "dotter", 14, has_key=True),),
    ),
    _resident(13, "Bengt Olofsson", "1950-01-12", "Industrigatan 2", "Vara", pets="Två undulater"),
    _resident(14, "Ulla-Britt Ström", "1933-03-03", "Fiskaregatan 6", "Strömstad", floor="1 tr", door_code="1212"),
    _resident(
        15,
        "Stig Hedlund",
        "1930-10-28",
        "Brogatan 19",
        "Kungälv",
        hearing="Döv på vänster öra",
        sight="Starr, ser suddigt",
        contacts=(_contact("Helena Hedlund", "dotter", 15, consent=False),),
    ),
    _resident(
        16, "Majken Isaksson", "1946-06-06", "Lindvägen 27", "Ulricehamn", instructions="Syrgas hemma, ingen öppen eld."
    ),
    _resident(
        17,
        "Dragan Petrović",
        "1952-09-15",
        "Fabriksgatan 11",
        "Mölndal",
        pronounced="DRAA-gan PET-ro-vitj",
        language="bosniska, talar svenska",
    ),
    _resident(18, "Inga-Lill Forsberg", "1935-12-01", "Torggatan 4", "Tidaholm", floor="3 tr", door_code="8642"),
    _resident(
        19, "Torsten Åkesson", "1954-04-23", "Havsvägen 16", "Tanumshede", pets="Hunden Zorro, stäng in den först"
    ),
    _resident(
        20,
        "Vera Molin",
        "1931-02-27",
        "Gamla vägen 70",
        "Åmål",
        contacts=(_contact("Ove Molin", "brorson", 16, has_key=True), _contact("Siv Dahl", "väninna", 17)),
    ),
)

GRANNE = (
    DemoResident(
        id="demo-granne-resident-1",
        name="Allan Rydberg",
        born="1942-08-30",
        address="Åsgatan 33",
        town="Svenljunga",
        phone="031-390 06 41",
        principal="demo-granne",
        unit="demo-granne-centrum",
        home="demo-granne-home-1",
        scaip="demo-granne-scaip-1",
        account="200001",
        app="demo-granne-app-1",
        door_code="5050",
        contacts=(_contact("Elisabet Rydberg", "syster", 18),),
    ),
)
