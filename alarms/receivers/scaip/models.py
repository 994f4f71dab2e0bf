"""What each model of device is to be answered, as data: one TOML file for each model in `models/`, and a site's own.

names = ["Make and model"]   as devices are entered with it (`device.model`)
heartbeat_s = 900            what the maker says; entered into `device_model` with the first device of the model,
                             and from then on the registry's word alone counts (`nattljus device model`)
[answer]
mre = 1                      speech for a person's alarm: 0 none, 1 duplex, 2 microphone only, 3 speaker only
cre = 62                     1-60 we call back within so many minutes, 61 call your own number, 62 call the one in `tnu`
tnu = "sip:larm@…"           the number, where it is another than NATTLJUS_CALL_NUMBER; takes "cre = 62"
hbi = "minutes"              how the model counts the heartbeat interval it is told, minutes or seconds; else it is not
[quirks]
no_text = true               takes no `ste`
version = "01.00"            wants to hear `cve`
md5_only = true              reads the first challenge alone and knows no SHA-256
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

OURS = Path(__file__).parent / "models"
_FORMS: Mapping[str, type] = {"names": list, "heartbeat_s": int, "answer": dict, "quirks": dict}
_ANSWER: Mapping[str, type] = {"mre": int, "cre": int, "tnu": str, "hbi": str}
_QUIRKS: Mapping[str, type] = {"no_text": bool, "version": str, "md5_only": bool}
_UNITS = {"minutes": 60, "seconds": 1}
CALL_THE_NUMBER = 62


@dataclass(frozen=True, slots=True)
class Model:
    """How a model is answered. `hbi` is in how many seconds it counts its heartbeats, 0 where it is not told."""

    names: tuple[str, ...] = ()
    heartbeat_s: int | None = None
    mre: int = 1
    cre: int | None = CALL_THE_NUMBER
    tnu: str = ""
    hbi: int = 0
    no_text: bool = False
    version: str = ""
    md5_only: bool = False


DEFAULT = Model()


class Models:
    """All models by name."""

    def __init__(self, models: Iterable[Model] = ()) -> None:
        self._by_name = {name: one for one in models for name in one.names}

    @property
    def names(self) -> list[str]:
        """Every name that has a file."""
        return sorted(self._by_name)

    def of(self, name: str) -> Model:
        """That model, or what every other is answered."""
        return self._by_name.get(name, DEFAULT)


def read_models(*folders: Path) -> Models:
    """Ours, and those of these folders; a name in a later folder takes the place of an earlier one.

    Raises ValueError with a sentence that names the file.
    """
    found: list[Model] = []
    for folder in (OURS, *folders):
        if not folder.is_dir():
            raise ValueError(f"NATTLJUS_SCAIP_MODELS: {folder} is no folder.")
        for file in sorted(folder.glob("*.toml")):
            try:
                found.append(read_model(tomllib.loads(file.read_text(encoding="utf-8"))))
            except (OSError, ValueError) as error:
                raise ValueError(f"{file} is no device model: {error}") from None
    return Models(found)


def read_model(said: Mapping[str, Any]) -> Model:
    """One file's content. Raises ValueError that says what is wrong."""
    _formed(said, _FORMS)
    answer, quirks = said.get("answer", {}), said.get("quirks", {})
    _formed(answer, _ANSWER)
    _formed(quirks, _QUIRKS)
    names = said.get("names", [])
    if not all(isinstance(name, str) and 0 < len(name) <= 120 for name in names):
        raise ValueError("names are texts of 1 to 120 letters")
    heartbeat = said.get("heartbeat_s")
    if heartbeat is not None and not 10 <= heartbeat <= 604_800:
        raise ValueError("heartbeat_s is 10 to 604800 seconds")
    mre, cre, tnu = answer.get("mre", 1), answer.get("cre"), answer.get("tnu", "")
    if not 0 <= mre <= 3:
        raise ValueError("mre is 0 to 3")
    if cre is not None and not 1 <= cre <= CALL_THE_NUMBER:
        raise ValueError("cre is 1 to 62")
    if tnu and (cre != CALL_THE_NUMBER or not re.fullmatch(r"[a-z\-]{2,8}:[^\s<>]{1,240}", tnu)):
        raise ValueError("tnu is one address such as sip:larm@example.se or gsm:+46…, with cre = 62")
    if answer.get("hbi", "minutes") not in _UNITS:
        raise ValueError("hbi is minutes or seconds")
    if not re.fullmatch(r"([0-9]{2}\.[0-9]{2})?", quirks.get("version", "")):
        raise ValueError("version is written as 01.00")
    return replace(
        Model(tuple(names), heartbeat, mre, cre, tnu),
        hbi=_UNITS[answer["hbi"]] if "hbi" in answer else 0,
        **quirks,
    )


def _formed(said: Mapping[str, Any], forms: Mapping[str, type]) -> None:
    for name, value in said.items():
        if name not in forms:
            raise ValueError(f"{name} is not known there; known are {', '.join(forms)}")
        if type(value) is not forms[name]:
            raise ValueError(f"{name} must be {forms[name].__name__}")
