"""Topics and the names in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PlaceError, TopicError
from shared.places import KioskId, StoreId, kiosk_id, point_id, sensor_id, store_id
from shared.topics import DOWNWARD, SENSING, UPWARD, Channel, Topic, every, read_topic
from tests.shared.words import names


@given(names, names, st.sampled_from(Channel))
def test_a_topic_that_was_built_is_read_back(store: str, kiosk: str, channel: Channel) -> None:
    topic = Topic(StoreId(store), KioskId(kiosk), channel)
    assert read_topic(str(topic)) == topic


@given(st.text(max_size=60))
@pytest.mark.assertion("SEM-TOP-001")
def test_any_other_topic_is_refused(text: str) -> None:
    for odd in (text, f"semblante/v1/{text}", f"semblante/v1/centro/{text}/records"):
        try:
            assert str(read_topic(odd)) == odd
        except TopicError:
            continue


@pytest.mark.parametrize(
    "name", ["", "A", "a_b", "-a", "a" * 33, "a/b", "+", "#", "$SYS", "ñ", "a\n"]
)
@pytest.mark.assertion("SEM-TOP-001")
def test_a_name_that_could_mean_something_to_the_broker_is_no_name(name: str) -> None:
    for reader in (store_id, point_id, kiosk_id, sensor_id):
        with pytest.raises(PlaceError) as caught:
            reader(name)
        assert "a–z" in caught.value.hint
    with pytest.raises(TopicError):
        read_topic(f"semblante/v1/{name}/k-1/records")


def test_on_a_sensors_channels_the_name_is_a_sensors() -> None:
    topic = read_topic("semblante/v1/centro/door-1/count")
    assert (topic.sensor_id, topic.channel) == ("door-1", Channel.COUNT)
    assert {*SENSING}.isdisjoint({*UPWARD, *DOWNWARD})
    assert {*SENSING, *UPWARD, *DOWNWARD} == {*Channel}


def test_the_hub_listens_to_every_kiosk_of_every_store() -> None:
    assert every(Channel.RECORDS) == "semblante/v1/+/+/records"
