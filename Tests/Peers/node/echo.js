"use strict";

// Tests the echo consumer with Node's ws: echo.js HOST:PORT deflate|plain

const assert = require("node:assert/strict");
const { once } = require("node:events");
const WebSocket = require("ws");

const [host, compression] = process.argv.slice(2);

async function main() {
    const socket = new WebSocket(`ws://${host}/ws/echo/`, {
        perMessageDeflate: compression === "deflate" ? { threshold: 0 } : false,
    });
    await once(socket, "open");
    assert.equal(socket.extensions.includes("permessage-deflate"), compression === "deflate");

    const text = "Grüße 🌍 ".repeat(5000);
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    for (const [message, isBinary] of [[text, false], [bytes, true], ["", false], [Buffer.alloc(0), true]]) {
        const answer = once(socket, "message");
        socket.send(message, { binary: isBinary });
        const [data, answeredBinary] = await answer;
        assert.equal(answeredBinary, isBinary);
        assert.deepEqual(data, Buffer.from(message));
    }
    console.log("ok      text and binary");

    // A ping between two fragments is answered before the message.
    const pong = once(socket, "pong");
    const whole = once(socket, "message");
    socket.send("one ", { fin: false });
    socket.ping("between");
    assert.equal((await pong)[0].toString(), "between");
    socket.send("two ", { fin: false });
    socket.send("three", { fin: true });
    assert.equal((await whole)[0].toString(), "one two three");
    console.log("ok      fragments and ping");

    const closed = once(socket, "close");
    socket.close(4001, "Enough");
    const [code, reason] = await closed;
    assert.equal(code, 4001);
    console.log(`ok      close: ${code} ${reason}`);
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
