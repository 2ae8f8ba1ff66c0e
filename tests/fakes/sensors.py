"""The book of sensors in memory."""

from __future__ import annotations

from collections.abc import Sequence

from hub.core.sensing import Sensor
from shared.errors import EnrolmentError
from shared.places import SensorId, StoreId


class FakeSensors:
    """Whoever was added and not removed."""

    def __init__(self, *sensors: Sensor) -> None:
        self.kept = {one.sensor_id: one for one in sensors}

    def sensors(self, store: StoreId | None = None) -> Sequence[Sensor]:
        known = sorted(self.kept.values(), key=lambda one: one.sensor_id)
        return [one for one in known if store in (None, one.store_id)]

    def add(self, sensor: Sensor) -> None:
        known = self.kept.get(sensor.sensor_id, sensor)
        if known.store_id != sensor.store_id:
            raise EnrolmentError("elsewhere")
        self.kept[sensor.sensor_id] = sensor

    def remove(self, sensor: SensorId, at: int) -> None:
        if self.kept.pop(sensor, None) is None:
            raise EnrolmentError("there is no such sensor")
