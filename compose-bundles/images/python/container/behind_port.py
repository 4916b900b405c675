"""Runs a service that listens on loopback only, and lets its container's port reach it.

`python -m container.behind_port PORT TARGET COMMAND...` forwards bytes from PORT, on which the
container is reached, to TARGET on its own loopback. What the service checks (token, Host header) it
goes on checking: nothing is read or changed on the way.
"""

from __future__ import annotations

import asyncio
import signal
import sys

CHUNK = 64 * 1024


async def main(port: int, target: int, command: list[str]) -> int:
    service = await asyncio.create_subprocess_exec(*command)

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))

    server = await asyncio.start_server(forward, "0.0.0.0", port)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.send_signal, number)
    code = await service.wait()
    server.close()
    # As shells tell of a program that was ended by a signal.
    return code if code >= 0 else 128 - code


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])))
