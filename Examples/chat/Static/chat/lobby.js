"use strict";

// A user has no field for a name. A window keeps its name, and a new window starts with the last one. A rejected input stays in the field.
const person = document.querySelector("#id_name");
if (person && !person.hasAttribute("aria-invalid")) {
    person.value ||= sessionStorage.getItem("chat-name") ?? localStorage.getItem("chat-name") ?? "";
}
