"""Missions in the states that tests begin from, made the way the platform makes them."""

from datetime import UTC, datetime, timedelta

from alarms.core.mission import decide, open_mission
from alarms.core.mission_shapes import (
    Accept,
    Arrive,
    Cancel,
    Decision,
    Decline,
    Event,
    Finish,
    Mission,
    NoAnswer,
    Refused,
    SetOff,
    Tick,
)
from kit.wire.mission_words import ArrivedHow, ArrivedReason, DeclineReason, MissionState

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LET_IN = Arrive("anna", ArrivedHow.STATED, ArrivedReason.LET_IN)
BY_LOCK = Arrive(None, ArrivedHow.LOCK, lock="lock-1")


def sent(*, unit: str | None = "norr", person: str | None = None, within: int = 30) -> Mission:
    return open_mission(
        "mission-1",
        principal="kommun",
        case="case-1",
        resident="resident-1",
        home="home-1",
        unit=unit,
        person=person,
        by="karin",
        arrive_within=within,
        at=AT,
    )


def decided(mission: Mission, event: Event, at: datetime = AT) -> Decision:
    decision = decide(mission, event, at)
    assert isinstance(decision, Decision), decision
    return decision


def refused(mission: Mission, event: Event, at: datetime = AT) -> str:
    decision = decide(mission, event, at)
    assert isinstance(decision, Refused), decision
    return decision.code


def after(mission: Mission, *events: Event, at: datetime = AT) -> Mission:
    for event in events:
        mission = decided(mission, event, at).mission
    return mission


def accepted() -> Mission:
    return after(sent(), Accept("anna"))


def at_the_door() -> Mission:
    return after(accepted(), NoAnswer("anna"))


def gone_through() -> Mission:
    mission = at_the_door()
    return after(mission, *(Tick("anna", one.step) for one in mission.door))


IN_STATE = {
    MissionState.SENT: sent(),
    MissionState.ACCEPTED: accepted(),
    MissionState.ON_THE_WAY: after(accepted(), SetOff("anna")),
    MissionState.ARRIVED: after(accepted(), LET_IN),
    MissionState.NO_ANSWER: at_the_door(),
    MissionState.DECLINED: after(sent(), Decline("anna", DeclineReason.BUSY)),
    MissionState.DONE: after(accepted(), LET_IN, Finish("anna")),
    MissionState.CANCELLED: after(sent(), Cancel("karin")),
}
