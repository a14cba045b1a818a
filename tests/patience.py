"""How long tests wait for a lock or a connection when that isn't what they are about: a busy machine is no defect of ours."""

from storage.database import Waits

PATIENT = Waits(connection=30, lock=30, file=30)
