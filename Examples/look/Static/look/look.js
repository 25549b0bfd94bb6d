"use strict";

// Shared by the example pages: shows the connection's state and the messages, and keeps a connection open.
// Each page defines its own messages.

/** Shows `state` ("connecting", "open" or "closed") and a text about it. */
function showState(state, text) {
    const element = document.querySelector(".state");
    element.dataset.state = state;
    element.querySelector("output").textContent = text;
    for (const button of document.querySelectorAll("[data-needs-socket]")) button.disabled = state !== "open";
}

/** Shows the time of the last reply. */
function showLatency(milliseconds) {
    document.querySelector(".latency").textContent = `answered in ${milliseconds.toFixed(1)} ms`;
}

/** Adds a message to the list. `kind` is "sent", "received", "problem" or "event". */
function showMessage(kind, text, { isCode = false, note = "", from = "Server", at = new Date() } = {}) {
    const list = document.querySelector(".messages");
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const item = document.createElement("li");
    item.className = `message ${kind}`;
    const label = { sent: "You", received: from, problem: from, event: "" }[kind];
    const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
    const small = document.createElement("small");
    small.textContent = [label, note, time].filter(Boolean).join(" · ");
    const body = document.createElement(isCode ? "code" : "span");
    body.textContent = text === "" ? "(empty)" : text;
    item.append(small, body);
    list.classList.remove("empty");
    list.append(item);
    while (list.children.length > 500) list.firstElementChild.remove();
    if (isAtEnd || kind === "sent") list.scrollTop = list.scrollHeight;
    return item;
}

/**
 * Keeps a socket to `address` open. After a loss, it reconnects with growing delays, unless `isFinal(event)` returns
 * true for the close event.
 *
 * `onmessage` receives the parsed JSON of a message. `onclose` runs when the connection is lost. Call `settled()` after
 * the server's first reply: an accepted connection alone does not reset the delay.
 */
function keepConnected(address, { onmessage, onclose = () => {}, isFinal = () => false }) {
    const connection = { socket: null, send, settled, isOpen: () => connection.socket.readyState === WebSocket.OPEN };
    let losses = 0;
    let timer;

    function open() {
        clearTimeout(timer);
        showState("connecting", losses === 0 ? "Connecting …" : "Connecting again …");
        const socket = connection.socket = new WebSocket(address);
        socket.onmessage = (event) => { if (socket === connection.socket) onmessage(JSON.parse(event.data)); };
        socket.onclose = (event) => { if (socket === connection.socket) closed(event); };
    }

    function closed(event) {
        onclose(event);
        if (isFinal(event)) {
            losses = 0;
            return showState("closed", event.reason || closeText(event));
        }
        // 0.5, 1, 2 … 16 seconds, varied by 50 %, so that not all windows reconnect at the same time.
        const wait = Math.min(2 ** (losses - 1), 16) * (0.5 + Math.random()) * 1000;
        losses += 1;
        showState("closed", wait < 2000 ? "Connection lost; trying again …"
            : `Connection lost; trying again in ${Math.round(wait / 1000)} seconds`);
        timer = setTimeout(open, wait);
    }

    function settled() {
        losses = 0;
        showState("open", "Connected");
    }

    function send(value) {
        if (connection.isOpen()) connection.socket.send(JSON.stringify(value));
    }

    // Reconnect at once when the machine wakes up or its network returns.
    const hurry = () => {
        if (connection.socket.readyState !== WebSocket.CLOSED || losses === 0) return;
        losses = 1;
        open();
    };
    addEventListener("online", hurry);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) hurry(); });
    open();
    return connection;
}

/** Describes a close event. */
function closeText(event) {
    const reason = event.reason ? `: ${event.reason}` : "";
    if (event.code === 1006) return "Connection lost (1006)";
    return `Closed with ${event.code}${reason}`;
}

/** Returns the address of a socket relative to this page, under any root path. */
function socketAddress(path) {
    const address = new URL(path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return address.href;
}
