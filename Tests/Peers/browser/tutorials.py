"""Runs browser scripts like those of well-known Channels tutorials: tutorials.py HOST:PORT"""

import sys

import browser

HOST = sys.argv[1]

MY_APP = """new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://' + window.location.host + '/ws/myapp/');
    socket.onopen = function(e) { socket.send(JSON.stringify({ message: 'Hello' })); };
    socket.onmessage = function(e) { resolve(JSON.parse(e.data).message); };
    socket.onerror = reject;
})"""

REAL_TIME = """new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://' + window.location.host + '/ws/real-time/');
    const said = [];
    socket.onopen = function(event) { said.push('open'); socket.send('Hello, server!'); };
    socket.onmessage = function(event) { said.push(event.data); socket.close(); };
    socket.onclose = function(event) { said.push(event.wasClean); resolve(said); };
    socket.onerror = reject;
})"""

MY_WEBSOCKET = """new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://' + window.location.host + '/ws/my-websocket/');
    socket.addEventListener('open', (event) => {
        socket.send(JSON.stringify({ name: 'Ada', age: 36 }));
    });
    socket.addEventListener('message', (event) => { resolve(JSON.parse(event.data)); });
    socket.addEventListener('error', reject);
})"""


async def steps(page):
    await page.open(f"http://{HOST}/")
    assert await page.evaluate(MY_APP) == "Hello"
    said = await page.evaluate(REAL_TIME)
    assert said == ["open", "Hello, server!", True], said
    stored = await page.evaluate(MY_WEBSOCKET)
    assert stored["type"] == "stored" and stored["contact"] == {"name": "Ada", "age": 36}, stored


browser.run(steps)
