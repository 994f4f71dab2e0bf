"""What the night's report says, in Swedish and in English. Pure.

Figures are put in here too, because a comma and a point are language.
"""

from collections.abc import Mapping
from enum import StrEnum
from math import inf

from clients.simulated.night.book import SOON
from clients.simulated.night.judge import LATE, LATE_SHARE, ON_DESK_P95, SOON_SHARE, TAKEN_OVER, Name, Promise


class Language(StrEnum):
    """What the report is written in."""

    SV = "sv"
    EN = "en"


SV: Mapping[str, str] = {
    "title": "En natt på larmcentralen",
    "lead": "{residents} boende i {places} kommuner, natten {begins}–{ends} på {minutes} minuter (hastighet {speed}), "
    "{operators} operatörer, {responders} i nattpatrullerna. Plattformens egna klockor går som vanligt, och löften "
    "räknas i verkliga sekunder.",
    "kept": "Alla löften hölls.",
    "broken": "Brutna löften: {n}.",
    "promise": "Löfte", "goal": "Mål", "seen": "Sett", "verdict": "Hölls",
    "yes": "ja", "no": "NEJ", "untried": "inte prövat",
    "hour": "nattens klocka", "wait": "väntan i sekunder", "alarms": "larm", "share": "andel besvarade",
    "plot_presses": "Tryck och väntande larm",
    "say_presses": "Staplar: tryck som kom in per del av natten. Linje: larm som ingen har tagit.",
    "plot_answers": "Från första tryck till någon svarar",
    "say_answers": "Antal larm efter väntan, logaritmisk skala. Hälften inom {p50}, 95 % inom {p95}, 99 % inom {p99}, "
    "längst {most}. I nattens egen tid, där händerna inte är snabba, svarade centralen på {night} inom 60 s.",
    "plot_oldest": "Äldsta väntande larm",
    "say_oldest": "Sekunder som det äldsta otagna larmet hade väntat. Vid 60 s hörs varje bord, vid 180 s tillfrågas "
    "gruppledaren.",
    "plot_places": "Besvarade inom 60 s, per kommun",
    "say_places": "Andel av kommunens larm; streckat vid 97,5 %.",
    "plot_escalations": "Eskaleringar",
    "say_escalations": "När larm lät högre, gruppledaren tillfrågades, en handläggare påmindes och någon tog över.",
    "louder": "lät högre", "supervisor": "gruppledaren tillfrågad", "reminded": "handläggaren påmind",
    "taken_over": "övertaget", "mission": "uppdrag brådskar", "incident": "många tysta enheter", "none": "inga",
    "mast": "masten borta: {area}", "lid": "locket stängs",
    "presses": "tryck", "waiting": "väntande",
    "figures": "Natten i siffror", "what": "Vad", "sent": "Sänt", "stored": "Kvitterat",
    "press": "tryck", "fall": "fall", "cancel": "avbrutet av enheten", "test": "provlarm",
    "battery_low": "batteri lågt", "mains_failure": "strömavbrott", "mains_back": "ström tillbaka",
    "heartbeat": "livstecken",
    "collisions": "Tagningar som en kollega hann före med", "own_core": "Simuleringens egen del av en kärna",
    "behind": "Simuleringen låg som mest efter",
    "again": "Boende som tryckte mer än en gång", "thing_cases": "Tekniska ärenden",
    "faults": "Fel", "table": "Siffrorna",
    "name.stored": "Varje tryck kvitteras",
    "goal.stored": "alla, p95 ≤ 2 s",
    "seen.stored": "{stored} av {of}, p95 {ms:.0f} ms",
    "name.on_cases": "Inget kvitterat tryck är borta från sitt ärende, inget står på två",
    "goal.on_cases": "0 borta, 0 dubbla",
    "seen.on_cases": "{missing} borta och {doubled} dubbla av {of}",
    "name.on_desk": "Ett larm står på ett bord",
    "goal.on_desk": f"alla, p95 ≤ {ON_DESK_P95:.0f} s",
    "seen.on_desk": "{seen} av {of}, p95 {seconds:.2f} s",
    "name.answered_soon": f"Larm besvaras inom {SOON:.0f} s",
    "goal.answered_soon": f"≥ {SOON_SHARE:.1%}",
    "seen.answered_soon": "{share:.1%} av {of}",
    "name.answered_late": f"Larm besvaras inom {LATE:.0f} s",
    "goal.answered_late": f"≥ {LATE_SHARE:.0%}",
    "seen.answered_late": "{share:.1%} av {of}",
    "name.louder": "Otaget i 60 s hörs på varje bord",
    "goal.louder": "alla, i tid och inte i förtid",
    "seen.louder": "{waited} väntade så länge, {late} för sent, {early} i förtid",
    "name.supervisor": "Otaget i 180 s når gruppledaren",
    "goal.supervisor": "alla, i tid och inte i förtid",
    "seen.supervisor": "{waited} väntade så länge, {late} för sent, {early} i förtid",
    "name.not_forgotten": "Inget öppet ärende är utan nästa steg",
    "goal.not_forgotten": "0 vid varje titt",
    "seen.not_forgotten": "{stepless} vid {looks} tittar",
    "name.ended": "Varje larm är avslutat eller i någons händer",
    "goal.ended": "alla",
    "seen.ended": "{closed} avslutade och {in_hand} i händer av {of}",
    "name.lid": "Den vars handläggare stängde locket tas över av en annan",
    "goal.lid": f"påmint, övertaget ≤ {TAKEN_OVER:.0f} s efter nästa tryck",
    "seen.lid": "övertaget efter {seconds:.0f} s",
    "name.mast": "Det som trycktes under en död mast går inte förlorat",
    "goal.mast": "alla, och varje enhet svarad ≤ 30 s efter",
    "seen.mast": "{held} tryck väntade i {area}, {lost} förlorade; {answered} av {devices} enheter på {seconds:.1f} s",
    "name.told": "En död mast är ett ärende, som slutar när den är tillbaka",
    "goal.told": "≤ 3 uteblivna livstecken och 30 s",
    "seen.told": "efter {seconds:.0f} s, {of} ärenden, {still} öppna",
    "name.missions": "Ett uppdrag som ingen tar blir brådskande",
    "goal.missions": "alla ≤ 180 s efter att någon sändes",
    "seen.missions": "{urgent} av {sent} sändes till någon som sov, {late} för sent",
    "name.no_faults": "Ingen blir avbruten eller nekad",
    "goal.no_faults": "0 fel",
    "seen.no_faults": "{faults} fel. {first}",
    "nothing": "inget sågs",
}  # fmt: skip

EN: Mapping[str, str] = {
    "title": "A night at the alarm centre",
    "lead": "{residents} residents in {places} municipalities, the night {begins}–{ends} in {minutes} minutes "
    "(speed {speed}), {operators} operators, {responders} on the night patrols. The platform's own clocks run as ever, "
    "and promises are in real seconds.",
    "kept": "Every promise was kept.",
    "broken": "Broken promises: {n}.",
    "promise": "Promise", "goal": "Goal", "seen": "Seen", "verdict": "Kept",
    "yes": "yes", "no": "NO", "untried": "not tried",
    "hour": "the night's clock", "wait": "seconds waited", "alarms": "alarms", "share": "share answered",
    "plot_presses": "Presses and waiting alarms",
    "say_presses": "Bars: presses that came in each part of the night. Line: alarms that nobody has taken.",
    "plot_answers": "From the first press until somebody answers",
    "say_answers": "Number of alarms by waiting time, logarithmic scale. Half within {p50}, 95% within {p95}, 99% "
    "within {p99}, longest {most}. In the night's own time, where hands are not quick, the centre answered {night} "
    "within 60 s.",
    "plot_oldest": "The oldest waiting alarm",
    "say_oldest": "Seconds that the oldest untaken alarm had waited. At 60 s every desk is louder, at 180 s the "
    "supervisor is asked.",
    "plot_places": "Answered within 60 s, by municipality",
    "say_places": "Share of the municipality's alarms; dashed at 97.5%.",
    "plot_escalations": "Escalations",
    "say_escalations": "When alarms grew louder, the supervisor was asked, a handler was reminded and somebody took "
    "over.",
    "louder": "louder", "supervisor": "supervisor asked", "reminded": "handler reminded", "taken_over": "taken over",
    "mission": "mission urgent", "incident": "many devices silent",
    "none": "none",
    "mast": "mast dead: {area}", "lid": "lid closed",
    "presses": "presses", "waiting": "waiting",
    "figures": "The night in figures", "what": "What", "sent": "Sent", "stored": "Acknowledged",
    "press": "presses", "fall": "falls", "cancel": "cancelled by the device", "test": "tests",
    "battery_low": "battery low", "mains_failure": "mains failure", "mains_back": "mains back",
    "heartbeat": "heartbeats",
    "collisions": "Takes in which a colleague was quicker", "own_core": "The simulation's own share of a core",
    "behind": "The simulation was behind by at most",
    "again": "Residents who pressed more than once", "thing_cases": "Technical cases",
    "faults": "Faults", "table": "The figures",
    "name.stored": "Every press is acknowledged",
    "goal.stored": "all, p95 ≤ 2 s",
    "seen.stored": "{stored} of {of}, p95 {ms:.0f} ms",
    "name.on_cases": "No acknowledged press is missing from its case, none is on two",
    "goal.on_cases": "0 missing, 0 doubled",
    "seen.on_cases": "{missing} missing and {doubled} doubled of {of}",
    "name.on_desk": "An alarm is on a desk",
    "goal.on_desk": f"all, p95 ≤ {ON_DESK_P95:.0f} s",
    "seen.on_desk": "{seen} of {of}, p95 {seconds:.2f} s",
    "name.answered_soon": f"Alarms are answered within {SOON:.0f} s",
    "goal.answered_soon": f"≥ {SOON_SHARE:.1%}",
    "seen.answered_soon": "{share:.1%} of {of}",
    "name.answered_late": f"Alarms are answered within {LATE:.0f} s",
    "goal.answered_late": f"≥ {LATE_SHARE:.0%}",
    "seen.answered_late": "{share:.1%} of {of}",
    "name.louder": "Untaken for 60 s is louder on every desk",
    "goal.louder": "all, in time and not before",
    "seen.louder": "{waited} waited so long, {late} too late, {early} too early",
    "name.supervisor": "Untaken for 180 s reaches the supervisor",
    "goal.supervisor": "all, in time and not before",
    "seen.supervisor": "{waited} waited so long, {late} too late, {early} too early",
    "name.not_forgotten": "No open case is without a next step",
    "goal.not_forgotten": "0 at every look",
    "seen.not_forgotten": "{stepless} at {looks} looks",
    "name.ended": "Every alarm is closed or in somebody's hands",
    "goal.ended": "all",
    "seen.ended": "{closed} closed and {in_hand} in hand of {of}",
    "name.lid": "Whose handler closed the lid is taken over by another",
    "goal.lid": f"reminded, taken over ≤ {TAKEN_OVER:.0f} s after the next press",
    "seen.lid": "taken over after {seconds:.0f} s",
    "name.mast": "What is pressed under a dead mast is not lost",
    "goal.mast": "all, and every device answered ≤ 30 s after",
    "seen.mast": "{held} presses waited in {area}, {lost} lost; {answered} of {devices} devices in {seconds:.1f} s",
    "name.told": "A dead mast is one case, which ends when it is back",
    "goal.told": "≤ 3 missed heartbeats and 30 s",
    "seen.told": "after {seconds:.0f} s, {of} cases, {still} open",
    "name.missions": "A mission that nobody accepts becomes urgent",
    "goal.missions": "all ≤ 180 s after somebody was sent",
    "seen.missions": "{urgent} of {sent} were sent to who slept, {late} too late",
    "name.no_faults": "Nobody is cut off or refused",
    "goal.no_faults": "0 faults",
    "seen.no_faults": "{faults} faults. {first}",
    "nothing": "nothing was seen",
}  # fmt: skip

WORDS: Mapping[Language, Mapping[str, str]] = {Language.SV: SV, Language.EN: EN}


def number(text: str, language: Language) -> str:
    """A figure as the language writes it."""
    return text.replace(".", ",").replace("%", " %") if language is Language.SV else text


def seconds(value: float, language: Language) -> str:
    """A waiting time, to three digits at the most."""
    if value == inf:
        return "–"
    return number(f"{value:.2f}" if value < 10 else f"{value:.0f}", language) + " s"


def name_of(promise: Promise | Name, language: Language) -> str:
    """What is promised."""
    name = promise.name if isinstance(promise, Promise) else promise
    return WORDS[language][f"name.{name}"]


def goal_of(promise: Promise, language: Language) -> str:
    """What figure is promised."""
    return number(WORDS[language][f"goal.{promise.name}"], language)


def seen_of(promise: Promise, language: Language) -> str:
    """What was seen."""
    words = WORDS[language]
    if promise.holds is None:
        return words["untried"]
    if not promise.seen or inf in promise.seen.values():
        return words["nothing"]
    said = words[f"seen.{promise.name}"].format_map(promise.seen).strip()
    return said if promise.name is Name.NO_FAULTS else number(said, language)


def verdict_of(promise: Promise, language: Language) -> str:
    """Whether it holds."""
    return WORDS[language][{True: "yes", False: "no", None: "untried"}[promise.holds]]
