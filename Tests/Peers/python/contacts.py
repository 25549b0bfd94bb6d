"""Tests the JSON consumer: contacts.py HOST:PORT"""

import json

from websockets.asyncio.client import connect

from cases import address, case, main


async def ask(*messages):
    async with connect(address("/ws/json/")) as socket:
        answers = []
        for message in messages:
            await socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))
            answer = await socket.recv()
            assert isinstance(answer, str)
            answers.append(json.loads(answer))
        return answers


@case
async def stored():
    """contacts are stored and counted"""
    first, second = await ask({"name": "Ada", "age": 36}, {"name": "Zoë", "age": 0})
    assert first == {
        "type": "stored", "number": 1, "contact": {"name": "Ada", "age": 36}, "message": "Ada is contact 1.",
    }, first
    assert second["number"] == 2 and second["contact"]["name"] == "Zoë", second


@case
async def age():
    """an impossible age gets an error for its field"""
    for number in (-1, 151):
        answer, = await ask({"name": "Ada", "age": number})
        assert (answer["type"], answer["field"]) == ("invalid", "age"), answer


@case
async def wrong():
    """an invalid contact gets an error, and the socket stays open"""
    wrongs = [
        {"name": "Ada"}, {"name": "Ada", "age": "old"}, {"name": "Ada", "age": 3.5}, [], "null", "",
        '{"name": "Ada", "age": ', b'\x00\x01', {"name": "Ada", "age": 10 ** 30},
    ]
    *answers, last = await ask(*wrongs, {"name": "Ada", "age": 36})
    for message, answer in zip(wrongs, answers):
        assert answer["type"] == "invalid" and len(answer["message"]) > 10, (message, answer)
    assert "age" in answers[0]["message"], answers[0]
    assert last["type"] == "stored" and last["number"] == 1, last


main()
