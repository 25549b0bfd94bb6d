"use strict";

const roomName = decodeURIComponent(location.pathname.split("/").at(-2));
const [introduce, compose, text, problem, typingLine] =
    ["#introduce", "#compose", "#text", "#problem", ".typing"].map((id) => document.querySelector(id));
let connection;
// The lobby passes the name in the query. Remove it from the address.
const given = new URLSearchParams(location.search).get("name");
if (given) {
    sessionStorage.setItem("chat-name", given);
    localStorage.setItem("chat-name", given);
    history.replaceState(null, "", location.pathname);
}
// A user chats under the username.
const userName = document.querySelector("#room").dataset.user;
let myName = userName ?? sessionStorage.getItem("chat-name");

// The room's state: members by name, and the IDs of the lines shown.
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
        onclose: (event) => {
            isIn = false;
            typing.clear();
            showTyping();
            if (event.code === 4401) showProblem("You are logged out. Load the page again to chat as a visitor.");
        },
        isFinal: (event) => event.code === 4000 || event.code === 4401,
    });
}

const handlers = {
    welcome({ name, lines }) {
        myName = name;
        for (const line of lines) showLine(line);
    },
    /** The members: sent after the welcome, and again if single changes are not available. */
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
        // A browser that goes to sleep does not report the end of typing, so the indicator expires.
        if (isTyping) typing.set(name, setTimeout(() => { typing.delete(name); showTyping(); }, 5000));
        showTyping();
    },
    refused({ message }) { showProblem(message); },
};

function showLine(line) {
    // A line may arrive both in the welcome and as an event, and again after a reconnect.
    if (shown.has(line.id)) return;
    shown.add(line.id);
    const isMine = line.name === myName;
    const item = showMessage(isMine ? "sent" : "received", line.text, { from: line.name, at: new Date(line.at) });
    // The mark is not part of the text, so that no name can contain it.
    if (line.isUser) item.classList.add("user");
}

function showPeople() {
    const names = [...here.keys()].sort((a, b) => a.localeCompare(b));
    document.querySelector("#count").textContent = names.length;
    document.querySelector("#people").replaceChildren(...names.map((name) => {
        const item = document.createElement("li");
        item.textContent = name;
        item.style.setProperty("--hue", here.get(name).hue);
        if (here.get(name).isUser) {
            item.classList.add("user");
            item.title = "Logged in";
        }
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

// Typing is reported at most every two seconds, and its end once.
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

// A visitor who follows a link to a room has no name yet.
if (myName) {
    connect();
    text.focus();
} else {
    introduce.hidden = false;
    introduce.querySelector("input").value = localStorage.getItem("chat-name") ?? "";
    introduce.querySelector("input").focus();
}
