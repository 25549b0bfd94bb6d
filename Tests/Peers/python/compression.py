"""Tests permessage-deflate with Python's websockets: compression.py HOST:PORT"""

from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from cases import address, case, main

TEXT = "A message that repeats itself, a message that repeats itself. " * 200


async def talk(**options):
    """Echoes three messages and returns the negotiated extension."""
    async with connect(address("/ws/echo/"), **options) as socket:
        for message in (TEXT, "short", TEXT[::-1].encode()):
            await socket.send(message)
            assert await socket.recv() == message
        extensions = socket.protocol.extensions
        return extensions[0] if extensions else None


@case
async def plain():
    """without an offer, compression is not used"""
    assert await talk(compression=None) is None


@case
async def default():
    """the default offer is accepted without context takeover, which would need memory for each connection"""
    agreed = await talk(compression="deflate")
    assert agreed.remote_no_context_takeover and agreed.local_no_context_takeover, agreed


@case
async def no_takeover():
    """a client can request compression without context takeover"""
    offer = ClientPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
    agreed = await talk(compression=None, extensions=[offer])
    assert agreed.remote_no_context_takeover and agreed.local_no_context_takeover, agreed


@case
async def small_windows():
    """windows of 2^9 to 2^15 bytes are accepted in both directions"""
    for bits in (9, 10, 12, 15):
        offer = ClientPerMessageDeflateFactory(server_max_window_bits=bits, client_max_window_bits=bits)
        agreed = await talk(compression=None, extensions=[offer])
        assert agreed.remote_max_window_bits <= bits and agreed.local_max_window_bits <= bits, agreed


@case
async def second_offer():
    """the first acceptable of two offers is accepted"""
    offers = [
        ClientPerMessageDeflateFactory(server_max_window_bits=8),
        ClientPerMessageDeflateFactory(server_no_context_takeover=True),
    ]
    assert await talk(compression=None, extensions=offers) is not None


main()
