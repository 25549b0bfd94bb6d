"use strict";

const roomName = decodeURIComponent(location.pathname.split("/").at(-2));
const [introduce, compose, text, problem, typingLine] =
    ["#introduce", "#compose", "#text", "#problem", ".typing"].map((id) => document.querySelector(id));
let connection;
// Who comes from the lobby brings a name, which is not part of the room's address.
const given = new URLSearchParams(location.search).get("name");
if (given) {
    sessionStorage.setItem("chat-name", given);
    localStorage.setItem("chat-name", given);
    history.replaceState(null, "", location.pathname);
}
let myName = sessionStorage.getItem("chat-name");

// The room as far as it is known here: who is in it, by name, and which lines were shown, by id.
let isIn = false;
let here = new Map();
const typing = new Map();
const shown = new Set();

for (const element of document.querySelectorAll(".room")) element.textContent = roomName;
document.title = `${roomName} · Chat · Strait`;

function connect() {
    const address = socketAddress(`../../ws/chat/${encodeURIComponent(roomName)}/?name=${encodeURIComponent(myName)}`);
    connection = keepConnected(address, {
        onmessage: (event) => handlers[event.type]?.(event),
        onclose: () => { isIn = false; typing.clear(); showTyping(); },
        isFinal: (event) => event.code === 4000,
    });
}

const handlers = {
    welcome({ name, lines }) {
        myName = name;
        for (const line of lines) showLine(line);
    },
    /** Who is here: after the welcome, and again where the changes could not be told one by one. */
    "presence.state"({ members }) {
        here = new Map(Object.entries(members));
        showPeople();
        if (isIn) return;
        isIn = true;
        connection.settled();
        showMessage("event", `You are here as ${myName}`);
        stopTyping();
    },
    "presence.diff"({ joins, leaves, updates }) {
        for (const name of Object.keys(leaves)) {
            here.delete(name);
            typing.delete(name);
            showMessage("event", `${name} left`);
        }
        for (const [name, visitor] of Object.entries({ ...joins, ...updates })) here.set(name, visitor);
        for (const name of Object.keys(joins)) {
            typing.delete(name);
            if (name !== myName) showMessage("event", `${name} came in`);
        }
        showTyping();
        showPeople();
    },
    said(line) {
        typing.delete(line.name);
        showTyping();
        showLine(line);
    },
    typing({ name, isTyping }) {
        if (name === myName) return;
        clearTimeout(typing.get(name));
        typing.delete(name);
        // Whoever closes the lid of a machine in the middle of a word does not say so.
        if (isTyping) typing.set(name, setTimeout(() => { typing.delete(name); showTyping(); }, 5000));
        showTyping();
    },
    refused({ message }) { showProblem(message); },
};

function showLine(line) {
    // The welcome may hold what is told as well, and after a loss it repeats what was said before.
    if (shown.has(line.id)) return;
    shown.add(line.id);
    const isMine = line.name === myName;
    showMessage(isMine ? "sent" : "received", line.text, { from: line.name, at: new Date(line.at) });
}

function showPeople() {
    const names = [...here.keys()].sort((a, b) => a.localeCompare(b));
    document.querySelector("#count").textContent = names.length;
    document.querySelector("#people").replaceChildren(...names.map((name) => {
        const item = document.createElement("li");
        item.textContent = name;
        item.style.setProperty("--hue", here.get(name).hue);
        if (name === myName) item.append(Object.assign(document.createElement("span"), { textContent: " (you)" }));
        return item;
    }));
}

function showTyping() {
    const names = [...typing.keys()];
    typingLine.textContent = names.length === 0 ? ""
        : names.length > 3 ? "Several people are writing …"
        : `${new Intl.ListFormat("en").format(names)} ${names.length === 1 ? "is" : "are"} writing …`;
}

function showProblem(message) {
    problem.textContent = message;
    problem.hidden = message === "";
    text.setAttribute("aria-invalid", message !== "");
}

// That I am writing is said now and then, that I stopped once.
let saidTypingAt = -Infinity;

function stopTyping() { saidTypingAt = -Infinity; }

text.addEventListener("input", () => {
    showProblem("");
    const isTyping = text.value !== "";
    if (isTyping ? performance.now() - saidTypingAt < 2000 : saidTypingAt === -Infinity) return;
    saidTypingAt = isTyping ? performance.now() : -Infinity;
    connection?.send({ type: "typing", isTyping });
});

compose.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!connection?.isOpen() || !isIn || text.value.trim() === "") return;
    connection.send({ type: "say", text: text.value });
    stopTyping();
    text.value = "";
    text.focus();
});

introduce.addEventListener("submit", (event) => {
    event.preventDefault();
    myName = introduce.querySelector("input").value.trim();
    if (myName === "") return;
    sessionStorage.setItem("chat-name", myName);
    localStorage.setItem("chat-name", myName);
    introduce.hidden = true;
    connect();
    text.focus();
});

// Who follows a link into a room has not said a name yet.
if (myName) {
    connect();
    text.focus();
} else {
    introduce.hidden = false;
    introduce.querySelector("input").value = localStorage.getItem("chat-name") ?? "";
    introduce.querySelector("input").focus();
}
