"use strict";

const address = socketAddress("../ws/json/");
const form = document.querySelector("#contact");
const [nameField, ageField, raw] = ["#name", "#age", "#raw"].map((id) => document.querySelector(id));
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
        const answer = JSON.parse(event.data);
        const isInvalid = answer.type === "invalid";
        showMessage(isInvalid ? "problem" : "received", event.data, { isCode: true, note: answer.type });
        if (isInvalid && answer.field === "age") markWrong(ageField);
        if (isInvalid && answer.field === "name") markWrong(nameField);
        showLatency(performance.now() - sentAt.shift());
    };
    current.onclose = (event) => {
        if (current !== socket) return;
        showState("closed", closeText(event));
        showMessage("event", closeText(event));
    };
}

function markWrong(field) { field.setAttribute("aria-invalid", "true"); }

function follow() {
    const age = ageField.value.trim();
    // Send a number if it is one, and the typed text otherwise, so that the server validates it.
    const number = age !== "" && Number.isFinite(Number(age)) ? Number(age) : age;
    raw.value = JSON.stringify({ name: nameField.value, age: number });
}

function lead() {
    // Update the fields if the text is a contact.
    try {
        const contact = JSON.parse(raw.value);
        if ("name" in contact) nameField.value = contact.name;
        ageField.value = contact.age ?? "";
    } catch { /* not JSON: keep the fields */ }
}

function send(text) {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (const field of [nameField, ageField]) field.removeAttribute("aria-invalid");
    sentAt.push(performance.now());
    socket.send(text);
    showMessage("sent", text, { isCode: true });
}

form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(raw.value);
});
for (const field of [nameField, ageField]) field.addEventListener("input", follow);
raw.addEventListener("input", lead);
for (const button of document.querySelectorAll("[data-raw]")) {
    button.addEventListener("click", () => {
        raw.value = button.dataset.raw;
        lead();
        send(raw.value);
    });
}

document.querySelector("#reconnect").addEventListener("click", () => {
    const previous = socket;
    connect();
    previous.close(1000, "Reconnecting");
});

follow();
connect();
