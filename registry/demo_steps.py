"""What is to be done for whom in the demonstration: one principal has a list of its own, some residents additions."""

from collections.abc import Iterator, Mapping

from kit.wire.words import Reason

_GRANNE = {
    Reason.FELL: (
        "Tala med personen. Fråga var det gör ont.",
        "Be personen ligga kvar.",
        "Ring nattpatrullen i Svenljunga.",
        "Ring 112 vid huvudskada eller höftsmärta.",
    ),
}
_RESIDENTS: Mapping[str, tuple[tuple[Reason | None, str], ...]] = {
    "demo-resident-1": ((None, "Ring två gånger på telefonen. Elsa hör inte den första signalen."),),
    "demo-resident-3": (
        (Reason.FELL, "Fråga om hon slagit i huvudet. Hon tar blodförtunnande."),
        (None, "Hör dåligt i telefon. Skicka hellre någon än att ringa igen."),
    ),
    "demo-resident-7": ((None, "Säg till den som åker: gå alltid två."),),
    "demo-resident-12": ((None, "Fråga efter Nils. Rut minns inte alltid varför hon larmade."),),
    "demo-resident-16": ((None, "Fråga om syrgasen är påslagen."),),
}


def _own() -> Iterator[dict[str, object]]:
    for reason, texts in _GRANNE.items():
        for place, text in enumerate(texts):
            yield {
                "id": f"demo-granne-{reason}-{place}",
                "principal": "demo-granne",
                "reason": reason,
                "place": place,
                "text": text,
            }


def _residents() -> Iterator[dict[str, object]]:
    for resident, steps in _RESIDENTS.items():
        for place, (reason, text) in enumerate(steps):
            yield {
                "id": f"{resident}-step-{place}",
                "resident": resident,
                "reason": reason,
                "place": place,
                "text": text,
            }


OWN_STEPS = list(_own())
RESIDENT_STEPS = list(_residents())
