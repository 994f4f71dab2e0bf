"""The board and the statistics over HTTP.

Both show figures and no resident. The look is written into each principal's log and committed before anything is
counted: if the row cannot be written nothing is shown, and no write transaction stays open while a quarter of a year is
read, for which every press would have to wait where there is one writer.
"""

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from alarms.core.statistics import period
from alarms.desk.seats import Seats
from alarms.statistics.board import board
from alarms.statistics.counting import Asked
from alarms.statistics.looks import Looks
from alarms.statistics.report import Separator, answer_statistics, table
from kit.clock import Clock
from kit.errors import Refusal
from kit.params import OptionalId
from kit.store import Store
from kit.wire.answer_words import Grouping
from kit.wire.statistics import AnswerStatistics, Board
from kit.wire.words import CaseKind
from registry.access import Act, Decision, Denied, Who, Whom, decide, reach
from registry.find import principal_names
from registry.look import insist, write_answer
from registry.session_web import Sessions, asks

First = Annotated[date, Query(alias="from", description="The first Stockholm day.")]
Last = Annotated[date, Query(alias="to", description="The last Stockholm day, included.")]

TITLES = {"bad_period": "This is no period, or too long: 31 days by hour, 92 days else."}
CSV = "text/csv; charset=utf-8"
CSV_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


def statistics_router(store: Store, clock: Clock, sessions: Sessions, seats: Seats) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["statistics"])
    asker = Depends(sessions)
    looks = Looks()

    async def written(who: Who, act: Act, principal: str | None) -> tuple[Decision, list[str]]:
        """Decide, write it down unless it is a board still being looked at; the principals to show."""
        at = clock.now()
        answer = decide(who, act, Whom(principal), [], at)
        chosen = sorted(reach(who, at)) if principal is None else [principal]
        if isinstance(answer, Denied):
            async with store.write() as connection:
                # A name that is nobody's gets no log of its own.
                known = principal is None or await principal_names(connection, [principal])
                about = Whom(principal or who.principal) if known else Whom()
                await write_answer(connection, who, act, about, answer, at=at, subject=principal)
        elif act is not Act.BOARD_READ or looks.is_new(who, chosen, at):
            async with store.write() as connection:
                for one in [Whom(name) for name in chosen] or [Whom(who.principal)]:
                    await write_answer(connection, who, act, one, answer, at=at)
            if act is Act.BOARD_READ:
                looks.written(who, chosen, at)
        return answer, chosen

    @router.get("/board", openapi_extra=asks(Act.BOARD_READ))
    async def read_board(who: Annotated[Who, asker], principal: OptionalId = None) -> Board:
        """What waits, the last 24 hours and who is on, for the principals in reach or one of them. Ask every few
        seconds.
        """
        answer, principals = await written(who, Act.BOARD_READ, principal)
        insist(answer)
        return await board(store, who, principals, seats.operators(who), clock.now())

    async def asked_for(
        who: Who, first: date, last: date, by: Grouping, kind: CaseKind, principal: str | None
    ) -> AnswerStatistics:
        span = period(first, last, by)
        if span is None:
            raise Refusal("bad_period", 422)
        answer, principals = await written(who, Act.STATISTICS_READ, principal)
        insist(answer)
        at = clock.now()
        asked = Asked(*span, principals, kind, at)
        return await answer_statistics(store, asked, reach(who, at), by=by, first=first, last=last)

    @router.get("/statistics/answers", openapi_extra=asks(Act.STATISTICS_READ), response_model=AnswerStatistics)
    async def read_answers(
        who: Annotated[Who, asker],
        first: First,
        last: Last,
        by: Grouping = Grouping.DAY,
        kind: CaseKind = CaseKind.PERSON,
        principal: OptionalId = None,
    ) -> Response:
        """How soon cases were answered, from receipt and with the unanswered; at most 92 days, by hour 31."""
        report = await asked_for(who, first, last, by, kind, principal)
        return Response(await asyncio.to_thread(report.model_dump_json), media_type="application/json")

    @router.get(
        "/statistics/answers.csv",
        openapi_extra=asks(Act.STATISTICS_READ),
        response_class=Response,
        responses=CSV_ANSWER,
    )
    async def read_answers_csv(
        who: Annotated[Who, asker],
        first: First,
        last: Last,
        by: Grouping = Grouping.DAY,
        kind: CaseKind = CaseKind.PERSON,
        principal: OptionalId = None,
        separator: Separator = "comma",
    ) -> Response:
        """The same as a table for a spreadsheet: whole numbers, UTF-8 with a byte order mark."""
        report = await asked_for(who, first, last, by, kind, principal)
        name = f"answers-{first}-{last}-{by}.csv"
        return Response(
            table(report, separator),
            media_type=CSV,
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    return router
