"use strict";

// Draws what the example pages share: the connection's state, and the list of messages.
// The WebSocket itself is used in each page's own script.

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
function showMessage(kind, text, { isCode = false, note = "" } = {}) {
    const list = document.querySelector(".messages");
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const item = document.createElement("li");
    item.className = `message ${kind}`;
    const label = { sent: "You", received: "Server", problem: "Server", event: "" }[kind];
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
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
