"""Who may tell of a store's lines, in the hub's database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select, update

from hub.adapters.database import inserting, reading, writing
from hub.adapters.tables import kiosks, sensors, stores
from hub.core.sensing import Sensor
from shared.errors import EnrolmentError
from shared.places import SensorId, StoreId

_HINT = "See “semblante-hub sensor list” and “semblante-hub store list”."


class SqlSensors:
    """The book of sensors in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sensors(self, store: StoreId | None = None) -> Sequence[Sensor]:
        """Those that may tell, of this store or of all, by name."""
        c = sensors.c
        query = select(c.sensor_id, c.store_id, c.secret, c.enrolled_at)
        query = query.where(c.retired_at.is_(None)).order_by(c.sensor_id)
        if store is not None:
            query = query.where(c.store_id == store)
        with reading(self._engine) as db:
            return [Sensor(*row) for row in db.execute(query)]

    def add(self, sensor: Sensor) -> None:
        """Let it tell from now on, by this secret alone; raises EnrolmentError where there is no
        such store, or the name is a kiosk's, or a sensor's of another store."""
        values = {
            "store_id": sensor.store_id,
            "secret": sensor.secret,
            "enrolled_at": sensor.enrolled_at,
            "retired_at": None,
        }
        with writing(self._engine) as db:
            _check(db, sensor)
            row = inserting(db, sensors).values(sensor_id=sensor.sensor_id, **values)
            db.execute(row.on_conflict_do_update(index_elements=["sensor_id"], set_=values))

    def remove(self, sensor: SensorId, at: int) -> None:
        """Let it tell no more; raises EnrolmentError where it does not."""
        here = (sensors.c.sensor_id == sensor) & sensors.c.retired_at.is_(None)
        with writing(self._engine) as db:
            if not db.execute(update(sensors).where(here).values(retired_at=at)).rowcount:
                raise EnrolmentError(f"there is no sensor {sensor}", hint=_HINT)


def _check(db: Connection, sensor: Sensor) -> None:
    if db.scalar(select(stores.c.store_id).where(stores.c.store_id == sensor.store_id)) is None:
        raise EnrolmentError(f"there is no store {sensor.store_id}", hint=_HINT)
    if db.scalar(select(kiosks.c.kiosk_id).where(kiosks.c.kiosk_id == sensor.sensor_id)):
        raise EnrolmentError(f"{sensor.sensor_id} is a kiosk's name", hint="Choose another name.")
    known = select(sensors.c.store_id).where(sensors.c.sensor_id == sensor.sensor_id)
    store = db.scalar(known.where(sensors.c.retired_at.is_(None)))
    if store not in (None, sensor.store_id):
        hint = f"Remove it there first: “semblante-hub sensor remove {sensor.sensor_id}”."
        raise EnrolmentError(f"{sensor.sensor_id} is a sensor of {store}", hint=hint)
