"""The agency's own people as they are today."""

from __future__ import annotations

from gateway.policy.staff import Staff
from handlers.desk import Desk


async def staff_of(desk: Desk) -> Staff:
    """By the directory as it stands now, so that whoever was taken out of it gives no more orders."""
    return Staff(await desk.store.own_directory(), desk.correspondence.clerks)
