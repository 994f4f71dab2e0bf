"""The closed vocabularies of routes, escalation plans and rotas."""

from enum import StrEnum


class PlanAct(StrEnum):
    """What a step of an escalation plan does.

    `wait`: nothing, for a while. `louder`: every desk that has the case sounds. `notify_role`: the supervisor at the
    desk, or a unit's team. `on_call`: whom a rota says. `persons`: these, one after another. `forward`: another central
    has the case from then on. `repeat`: from an earlier step on, a number of times or for ever.
    """

    WAIT = "wait"
    LOUDER = "louder"
    NOTIFY_ROLE = "notify_role"
    ON_CALL = "on_call"
    PERSONS = "persons"
    FORWARD = "forward"
    REPEAT = "repeat"


class StepFailed(StrEnum):
    """Why a step of a plan reached nobody; the next one then acts at once.

    `somebody_goes`: a responder has accepted and is on time; the next one then keeps its time.
    """

    ROTA_GAP = "rota_gap"
    ROTA_MISSING = "rota_missing"
    OFF_DUTY = "off_duty"
    NO_AGREEMENT = "no_agreement"
    NO_NEXT_DESK = "no_next_desk"
    ALREADY_THERE = "already_there"
    ALREADY_ASKED = "already_asked"
    SOMEBODY_GOES = "somebody_goes"
    NOT_SENT = "not_sent"
    BROKE = "broke"


class RouteFailed(StrEnum):
    """Why a route was not followed as it stands; the case is then at every central with an agreement, if need be.

    `agreement_ended`: the desk that had the case serves this principal no more.
    """

    NO_RULE = "no_rule"
    NO_AGREEMENT = "no_agreement"
    PLAN_MISSING = "plan_missing"
    AGREEMENT_ENDED = "agreement_ended"


class Day(StrEnum):
    """What day it is for a calendar: a weekday, or one of the days that the principal holds as holidays."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


class SwedishDay(StrEnum):
    """Days with a name, which a principal may hold as holidays."""

    NEW_YEARS_DAY = "new_years_day"
    TWELFTH_NIGHT = "twelfth_night"
    EPIPHANY = "epiphany"
    MAUNDY_THURSDAY = "maundy_thursday"
    GOOD_FRIDAY = "good_friday"
    EASTER_EVE = "easter_eve"
    EASTER_DAY = "easter_day"
    EASTER_MONDAY = "easter_monday"
    WALPURGIS_EVE = "walpurgis_eve"
    FIRST_OF_MAY = "first_of_may"
    ASCENSION_DAY = "ascension_day"
    NATIONAL_DAY = "national_day"
    WHIT_EVE = "whit_eve"
    WHIT_SUNDAY = "whit_sunday"
    MIDSUMMER_EVE = "midsummer_eve"
    MIDSUMMER_DAY = "midsummer_day"
    ALL_SAINTS_EVE = "all_saints_eve"
    ALL_SAINTS_DAY = "all_saints_day"
    CHRISTMAS_EVE = "christmas_eve"
    CHRISTMAS_DAY = "christmas_day"
    BOXING_DAY = "boxing_day"
    NEW_YEARS_EVE = "new_years_eve"
