"""Structured logs on stderr: one JSON object a line, or coloured lines on a terminal. People appear as ids only."""

import logging
import sys
from typing import cast

import structlog


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module; bind ids to it, never names or addresses."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))


def configure(*, level: str = "info", pretty: bool | None = None) -> None:
    """Set up logging for this process, once; `pretty` defaults to whether stderr is a terminal."""
    if pretty is None:
        pretty = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    tail: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        ]  # no local variables: they may name people
        if pretty
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *tail],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
