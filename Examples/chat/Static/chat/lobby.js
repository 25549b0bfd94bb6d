"use strict";

// A window keeps its name; the next one begins with it. What was sent, and found wrong, stays as it was.
const person = document.querySelector("#id_name");
if (!person.hasAttribute("aria-invalid")) {
    person.value ||= sessionStorage.getItem("chat-name") ?? localStorage.getItem("chat-name") ?? "";
}
