"""Which tests of the whole platform are run beside others, and which have the machine to themselves."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Their patience is generous and no figure of theirs is a promise.
BESIDE = {
    "test_doors",
    "test_garbage_on_every_port",
    "test_handling_pages",
    "test_integration_pages",
    "test_mission_pages",
    "test_night_by_keyboard",
    "test_nothing_personal_in_logs",
    "test_openapi",
    "test_pages",
    "test_planning_pages",
    "test_position_pages",
    "test_statistics_looks",
    "test_visit_looks",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file that is not named here is run alone: nobody has said that it may be disturbed."""
    for item in items:
        if item.path.parent == HERE and item.path.stem not in BESIDE:
            item.add_marker(pytest.mark.alone)
