"use strict";

const columns = ["item", "quantity", "price"];
const names = { item: "Item", quantity: "Quantity", price: "Price" };
const [body, sum, problem, news, who] =
    ["#rows", "#sum", "#problem", "#news", "#who"].map((id) => document.querySelector(id));

// The table's state. `number` is the number of the welcome, which includes all changes up to it.
let number = null;
let me = null;
// By name, such as `price-2`: the field, the current value, the number of the change that set it, and a value that is
// sent and not confirmed.
const cells = new Map();
// By window: the cell that it edits, and the number of that change.
let editors = new Map();

const connection = keepConnected(socketAddress("../ws/live/"), {
    onmessage: (event) => handlers[event.type]?.(event),
    onclose: () => {
        number = null;
        editors.clear();
        for (const cell of cells.values()) cell.sent = null;
        showEditors();
        enable(false);
    },
});

const handlers = {
    welcome(event) {
        number = event.number;
        me = event.window;
        if (cells.size === 0) build(event.rows.length);
        event.rows.forEach((row, index) => {
            for (const column of columns) hold(cells.get(`${column}-${index}`), row[column], number);
        });
        editors = new Map(event.editors.map(({ window, cell }) => [window, { cell, number }]));
        showEditors();
        showTotals();
        enable(true);
        who.textContent = `You are guest ${me}`;
        who.style.setProperty("--hue", hue(me));
        connection.settled();
        // After a reconnect, a field may still have the focus.
        const focused = [...cells].find(([, { field }]) => field === document.activeElement);
        if (focused) connection.send({ type: "edit", cell: focused[0] });
    },
    changed({ number: changedAt, cell: name, value, window }) {
        const cell = cells.get(name);
        // Changes may arrive out of order. The higher number wins.
        if (number === null || changedAt <= cell.number) return;
        if (window === me) cell.sent = null;
        hold(cell, value, changedAt);
        showTotals();
        if (window === me) return showProblem("");
        flash(cell.field);
        news.textContent = `Guest ${window} set ${cell.field.getAttribute("aria-label")} to ${value}`;
    },
    editing({ number: changedAt, window, cell }) {
        if (number === null || changedAt <= (editors.get(window)?.number ?? number)) return;
        editors.set(window, { cell, number: changedAt });
        showEditors();
    },
    refused({ cell: name, message }) {
        const cell = cells.get(name);
        if (cell) cell.sent = null;
        // A rejected value stays in its field until the user corrects it or leaves the field.
        const isThere = cell?.field === document.activeElement;
        showProblem(message, isThere ? cell.field : undefined);
        if (isThere) cell.isDirty = true;
        else if (cell) cell.field.value = cell.value;
    },
};

function build(count) {
    for (let index = 0; index < count; index += 1) {
        const row = body.insertRow();
        for (const column of columns) {
            const name = `${column}-${index}`;
            const field = document.createElement("input");
            field.id = name;
            field.autocomplete = "off";
            field.maxLength = column === "item" ? 40 : 8;
            if (column !== "item") field.inputMode = column === "price" ? "decimal" : "numeric";
            field.setAttribute("aria-label", `${names[column]} in row ${index + 1}`);
            field.setAttribute("aria-describedby", `${name}-editor`);
            const tag = document.createElement("span");
            tag.className = "editor";
            tag.id = `${name}-editor`;
            const place = row.insertCell();
            place.className = column;
            place.append(field, tag);
            const cell = { name, field, tag, value: "", sent: null, number: -1, isDirty: false };
            cells.set(name, cell);
            listen(cell, index, column);
        }
        row.insertCell().className = "total";
    }
}

function listen(cell, index, column) {
    const { field, name } = cell;
    field.addEventListener("focus", () => connection.send({ type: "edit", cell: name }));
    // Until the server confirms a value, the field is compared with that value, not with the one before it.
    field.addEventListener("input", () => {
        cell.isDirty = field.value !== (cell.sent ?? cell.value);
        showProblem("");
    });
    field.addEventListener("blur", () => {
        if (field.getAttribute("aria-invalid") === "true") takeBack(cell);
        else if (cell.isDirty) commit(cell);
        connection.send({ type: "done" });
    });
    field.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        if (event.key === "Enter") {
            event.preventDefault();
            if (cell.isDirty) commit(cell);
            else cells.get(`${column}-${index + 1}`)?.field.focus();
        } else if (event.key === "Escape") {
            takeBack(cell);
        }
    });
}

/** Restores the current value in the field. */
function takeBack(cell) {
    cell.isDirty = false;
    cell.field.value = cell.value;
    showProblem("");
}

/** Sends the typed value. It becomes current when the server confirms it. */
function commit(cell) {
    if (!connection.isOpen()) return;
    cell.isDirty = false;
    cell.sent = cell.field.value;
    connection.send({ type: "set", cell: cell.name, value: cell.field.value });
}

/** Sets the current value. Text being typed stays until it is saved or discarded. */
function hold(cell, value, changedAt) {
    cell.value = value;
    cell.number = changedAt;
    if (!cell.isDirty) cell.field.value = value;
}

function showTotals() {
    // Sums are in hundredths, which are exact.
    let all = 0;
    for (const [index, row] of [...body.rows].entries()) {
        const hundredths = Math.round(cells.get(`price-${index}`).value * 100) * cells.get(`quantity-${index}`).value;
        row.cells[columns.length].textContent = (hundredths / 100).toFixed(2);
        all += hundredths;
    }
    sum.textContent = (all / 100).toFixed(2);
}

function showEditors() {
    const marks = new Map();
    for (const [window, { cell }] of editors) {
        if (cell && window !== me) marks.set(cell, [...(marks.get(cell) ?? []), window]);
    }
    for (const { name, field, tag } of cells.values()) {
        const windows = marks.get(name) ?? [];
        tag.textContent = windows.length > 1 ? `${windows.length} guests` : windows.length ? `Guest ${windows[0]}` : "";
        field.parentElement.classList.toggle("edited", windows.length > 0);
        if (windows.length) field.parentElement.style.setProperty("--hue", hue(windows[0]));
    }
}

/** Returns a hue for a window. Consecutive windows get distinct colors. */
function hue(window) { return (window * 137.5) % 360; }

function flash(field) {
    field.classList.remove("changed");
    void field.offsetWidth;
    field.classList.add("changed");
}

function showProblem(message, field) {
    for (const cell of cells.values()) cell.field.removeAttribute("aria-invalid");
    field?.setAttribute("aria-invalid", "true");
    problem.textContent = message;
    problem.hidden = message === "";
}

function enable(isOpen) {
    for (const { field } of cells.values()) field.readOnly = !isOpen;
}
