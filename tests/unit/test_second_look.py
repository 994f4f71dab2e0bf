"""Which tests are given a second try."""

import pytest

from tests.second_look import MOST, may_be_looked_at_again

PAGE = "tests/system/test_pages.py::test_the_list_of_devices[sv]"


def test_a_page_that_fell_is_looked_at_again() -> None:
    assert may_be_looked_at_again([PAGE, "tests/integration/test_mqtt.py::test_one"])


def test_nothing_fallen_is_not_looked_at_again() -> None:
    assert not may_be_looked_at_again([])


def test_many_fallen_are_no_accident() -> None:
    assert not may_be_looked_at_again([f"{PAGE}{number}" for number in range(MOST + 1)])


@pytest.mark.parametrize(
    "one", ["tests/system/test_kills.py::test_kills", "tests/unit/kit/test_ids.py::test_one", "tests/fuzz/test_x.py::t"]
)
def test_a_lost_alarm_or_a_wrong_decision_has_no_second_try(one: str) -> None:
    assert not may_be_looked_at_again([PAGE, one])
