"use strict";

// What the example pages share: draws the connection's state and the list of messages, and keeps a connection.
// What is said over it is each page's own affair.

/** Shows `state`: "connecting", "open" or "closed", and what is to be said of it. */
function showState(state, text) {
    const element = document.querySelector(".state");
    element.dataset.state = state;
    element.querySelector("output").textContent = text;
    for (const button of document.querySelectorAll("[data-needs-socket]")) button.disabled = state !== "open";
}

/** Shows how long the last answer took. */
function showLatency(milliseconds) {
    document.querySelector(".latency").textContent = `answered in ${milliseconds.toFixed(1)} ms`;
}

/** Adds to the list: `kind` is "sent", "received", "problem" or "event". */
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
}

/**
 * Keeps a socket to `address` open: where it is lost another one is opened, after longer and longer waits, unless
 * `isFinal(event)` says of a close event that there is no point.
 *
 * `onmessage` is given what the server says, taken out of its JSON, and `onclose` that there is no connection now.
 * `settled()` is to be called once the server has answered: a server that only accepts is not well yet.
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
        // 0.5, 1, 2 … 16 seconds, give or take a half: not all windows come back in the same moment.
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

    // A machine that wakes up, or finds its network again, does not wait for the timer.
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

/** What a close event means, in words. */
function closeText(event) {
    const reason = event.reason ? `: ${event.reason}` : "";
    if (event.code === 1006) return "Connection lost (1006)";
    return `Closed with ${event.code}${reason}`;
}

/** The address of a socket beside this page, whatever the site is mounted under. */
function socketAddress(path) {
    const address = new URL(path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return address.href;
}
