"""permessage-deflate as Python's websockets offers it: compression.py HOST:PORT"""

from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from cases import address, case, main

TEXT = "A message that repeats itself, a message that repeats itself. " * 200


async def talk(**options):
    """Echoes three messages; gives the connection's agreed extension."""
    async with connect(address("/ws/echo/"), **options) as socket:
        for message in (TEXT, "short", TEXT[::-1].encode()):
            await socket.send(message)
            assert await socket.recv() == message
        extensions = socket.protocol.extensions
        return extensions[0] if extensions else None


@case
async def plain():
    """without an offer nothing is compressed"""
    assert await talk(compression=None) is None


@case
async def default():
    """the usual offer is accepted; the showcase keeps no context, which costs each connection memory"""
    agreed = await talk(compression="deflate")
    assert agreed.remote_no_context_takeover and agreed.local_no_context_takeover, agreed


@case
async def no_takeover():
    """each message stands alone where the client asks for it"""
    offer = ClientPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
    agreed = await talk(compression=None, extensions=[offer])
    assert agreed.remote_no_context_takeover and agreed.local_no_context_takeover, agreed


@case
async def small_windows():
    """windows of 2^9 to 2^15 bytes are agreed on, both ways"""
    for bits in (9, 10, 12, 15):
        offer = ClientPerMessageDeflateFactory(server_max_window_bits=bits, client_max_window_bits=bits)
        agreed = await talk(compression=None, extensions=[offer])
        assert agreed.remote_max_window_bits <= bits and agreed.local_max_window_bits <= bits, agreed


@case
async def second_offer():
    """of two offers the first that can be accepted is"""
    offers = [
        ClientPerMessageDeflateFactory(server_max_window_bits=8),
        ClientPerMessageDeflateFactory(server_no_context_takeover=True),
    ]
    assert await talk(compression=None, extensions=offers) is not None


main()
