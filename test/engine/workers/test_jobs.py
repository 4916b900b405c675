from __future__ import annotations

import asyncio

from breadthflow_engine.protocol.messages import Progress, StepRequest
from breadthflow_engine.workers.jobs import Job


def test_what_is_said_while_a_follower_is_busy_reaches_it():
    """A job that ends while its last event is being sent must not leave its follower waiting."""

    async def follow() -> list[int]:
        job = Job(StepRequest(step="check", output="/nowhere"), "c")
        job.begin()
        seen = []
        async for number, _ in job.follow():
            seen.append(number)
            if number == 2:
                job.add(Progress(fraction=0.5))
                job.cancel()
        return seen

    assert asyncio.run(asyncio.wait_for(follow(), timeout=5)) == [1, 2, 3, 4]
