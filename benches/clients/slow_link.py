"""A TCP link with a round trip of RTT milliseconds to a port of this machine: slow_link.py PORT RTT. Prints its own port."""

import asyncio
import sys

PORT, ONE_WAY = int(sys.argv[1]), float(sys.argv[2]) / 2000


async def carry(reader, writer, earliest):
    """Passes on what comes, each piece half a round trip after it came, and none before `earliest`."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def deliver():
        while True:
            at, piece = await pieces.get()
            await asyncio.sleep(at - loop.time())
            if not piece:
                return writer.close()
            writer.write(piece)

    delivery = asyncio.create_task(deliver())
    piece = True
    while piece:
        try:
            piece = await reader.read(65536)
        except OSError:
            piece = b""
        pieces.put_nowait((max(loop.time(), earliest) + ONE_WAY, piece))
    await delivery


async def serve(reader, writer):
    # The kernel has answered the client at once; over a link it would have known after a round trip.
    connected = asyncio.get_running_loop().time() + 2 * ONE_WAY
    upstream = await asyncio.open_connection("127.0.0.1", PORT)
    await asyncio.gather(carry(reader, upstream[1], connected), carry(upstream[0], writer, connected))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
