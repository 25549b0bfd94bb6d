"use strict";

const address = socketAddress("../ws/echo/");
let socket;
let sentAt = [];

function connect() {
    showState("connecting", "Connecting …");
    sentAt = [];
    const current = socket = new WebSocket(address);
    current.onopen = () => {
        showState("open", "Connected");
        showMessage("event", "Connected");
    };
    current.onmessage = (event) => {
        if (current !== socket) return;
        showMessage("received", event.data);
        showLatency(performance.now() - sentAt.shift());
    };
    current.onclose = (event) => {
        if (current !== socket) return;
        showState("closed", closeText(event));
        showMessage("event", closeText(event));
    };
}

document.querySelector("#compose").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = document.querySelector("#text");
    if (socket.readyState !== WebSocket.OPEN) return;
    sentAt.push(performance.now());
    socket.send(input.value);
    showMessage("sent", input.value);
    input.value = "";
    input.focus();
});

document.querySelector("#reconnect").addEventListener("click", () => {
    const previous = socket;
    connect();
    previous.close(1000, "Reconnecting");
});

document.querySelector("#address").textContent = address;
connect();
