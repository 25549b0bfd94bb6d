"use strict";

// A window keeps its name; the next one begins with it.
const person = document.querySelector("#id_name");
person.value ||= sessionStorage.getItem("chat-name") ?? localStorage.getItem("chat-name") ?? "";
