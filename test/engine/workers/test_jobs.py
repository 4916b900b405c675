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


def test_followers_at_different_places_see_the_same():
    async def follow() -> tuple[list[int], list[int]]:
        job = Job(StepRequest(step="check", output="/nowhere"), "c")

        async def numbers(after: int) -> list[int]:
            return [number async for number, _ in job.follow(after)]

        whole, part = asyncio.ensure_future(numbers(0)), asyncio.ensure_future(numbers(3))
        job.begin()
        for tenth in range(3):
            job.add(Progress(fraction=tenth / 10))
            await asyncio.sleep(0)
        job.cancel()
        return await whole, await part

    whole, part = asyncio.run(asyncio.wait_for(follow(), timeout=5))
    assert whole == [1, 2, 3, 4, 5, 6]
    assert part == [4, 5, 6]
