// enlist: what makes the portal nicer when scripts run. Every page works without this file.
//
//   data-live="URL"        the element is fetched again every second and replaced, until the answer's element has no
//                          data-live; data-goto="URL" on the answer then opens that page; data-announce="text" is read out
//   form[data-upload]      sent with progress; inside: input[type=file] (data-max-bytes), [data-file-info],
//                          [data-upload-progress] (hidden, holds <progress> and an <output>), [data-upload-error] (hidden)
//   data-copy="#ID"        button (hidden until now) that copies the text of that element
//   form[data-search="#ID"]  asks while one types and replaces that element from the answer
//   form[data-replace="#ID"]  sent by fetch; that element of the answer takes the place of ours. What was opened, typed
//                          elsewhere and focused stays; data-announce="text" on it is read out
//   form[data-send-at-once]  sends itself: the way back to a program that asked for a form
//   data-check-all="NAME"  checkbox that ticks all checkboxes of that name in its form

const announce = (text) => { document.getElementById("announcer").textContent = text; };
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/* Puts the main part of an answered page in place of ours. */
function show(html, url, push = true) {
  const page = parse(html);
  const main = page.getElementById("main");
  if (!main) return location.assign(url);
  document.getElementById("main").replaceWith(main);
  document.title = page.title;
  if (push) history.pushState({}, "", url); else history.replaceState({}, "", url);
  scrollTo(0, 0);
  (main.querySelector(".error-summary") ?? main).focus({ preventScroll: true });
  start(main);
}

async function open(url) {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  show(await answer.text(), answer.url, false);
}

/* Live progress. */
function live(element, wait = 1000) {
  setTimeout(async () => {
    if (!element.isConnected) return;
    if (document.hidden) return live(element, 1000);
    try {
      const answer = await fetch(element.dataset.live, { headers: { "x-fragment": "1" } });
      if (answer.redirected || [401, 403, 404].includes(answer.status)) return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = parse(await answer.text()).body.firstElementChild;
      if (!fresh) throw new Error("empty answer");
      element.replaceWith(fresh);
      if (fresh.dataset.announce) announce(fresh.dataset.announce);
      if (fresh.dataset.goto) return open(fresh.dataset.goto);
      start(fresh.parentElement);
    } catch {
      live(element, Math.min(wait * 2, 15000));
    }
  }, wait);
}

/* A file's name and size, and a warning before megabytes travel in vain. */
const sized = (bytes) => bytes < 1024 ? `${bytes} bytes`
  : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

function chosen(input) {
  const info = input.form?.querySelector("[data-file-info]");
  const file = input.files[0];
  const most = Number(input.dataset.maxBytes ?? Infinity);
  input.setCustomValidity(file && file.size > most ? `This file has ${sized(file.size)}; at most ${sized(most)} can be sent.` : "");
  if (info) info.textContent = file ? `${file.name}, ${sized(file.size)}` : "";
  if (file) input.reportValidity();
}

function upload(form, submitter) {
  const progress = form.querySelector("[data-upload-progress]");
  const failed = form.querySelector("[data-upload-error]");
  const buttons = form.querySelectorAll("button");
  const request = new XMLHttpRequest();
  const busy = (is) => {
    buttons.forEach((button) => { button.disabled = is; });
    if (progress) progress.hidden = !is;
  };
  const lost = () => { busy(false); if (failed) { failed.hidden = false; failed.focus(); } };
  const data = new FormData(form, submitter);
  request.upload.onprogress = (event) => {
    if (!progress || !event.lengthComputable) return;
    const bar = progress.querySelector("progress");
    bar.max = event.total;
    bar.value = event.loaded;
    const sent = event.loaded === event.total ? "Sent. Checking …" : `${sized(event.loaded)} of ${sized(event.total)} sent`;
    progress.querySelector("output").textContent = sent;
  };
  request.onload = () => {
    const html = (request.getResponseHeader("content-type") ?? "").startsWith("text/html");
    if (html) show(request.responseText, request.responseURL); else lost();
  };
  request.onerror = lost;
  request.ontimeout = lost;
  if (failed) failed.hidden = true;
  busy(true);
  request.open("POST", submitter?.formAction || form.action);
  request.setRequestHeader("accept", "text/html");
  request.send(data);
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  const label = button.querySelector("span") ?? button;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    const before = label.textContent;
    label.textContent = "Copied";
    announce("Copied");
    setTimeout(() => { label.textContent = before; }, 2000);
  } catch {
    getSelection().selectAllChildren(source);
    announce("Selected. Copy it with your keyboard.");
  }
}

/* Search while one types: the newest question wins, the address follows. */
const asking = new WeakMap();
function search(form) {
  const earlier = asking.get(form);
  clearTimeout(earlier?.timer);
  earlier?.abort.abort();
  const abort = new AbortController();
  const timer = setTimeout(async () => {
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(url, { signal: abort.signal, headers: { accept: "text/html" } });
      const page = parse(await answer.text());
      const part = page.querySelector(form.dataset.search);
      if (!part) return;
      document.querySelector(form.dataset.search).replaceWith(part);
      history.replaceState({}, "", answer.url);
      if (part.dataset.announce) announce(part.dataset.announce);
      start(part);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  }, 250);
  asking.set(form, { timer, abort });
}

/* A form whose answer replaces a part of the page. One after the other: each names what it was made from. */
let sending = Promise.resolve();

async function replace(form, submitter) {
  const selector = form.dataset.replace;
  const body = new URLSearchParams(new FormData(form, submitter));
  const part = document.querySelector(selector);
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(submitter?.getAttribute("formaction") ?? form.action, {
      method: "POST", body, headers: { accept: "text/html", "x-fragment": "1" },
    });
    const text = await answer.text();
    const fresh = parse(text).querySelector(selector);
    if (fresh) exchange(part, fresh, form); else show(text, answer.url, false);
  } catch {
    part.removeAttribute("aria-busy");
    announce("This did not arrive. Check your connection and try again.");
    form.querySelector("[data-lost]")?.remove();
    form.insertAdjacentHTML("afterbegin", '<p class="error" data-lost>This did not arrive. Check your connection and try again.</p>');
  }
}

/* The form that stands where this one stood before the part was replaced. */
function successor(form) {
  if (form.isConnected) return form;
  const place = document.getElementById(form.closest(".place")?.id);
  return place?.querySelector("form");
}

/* Puts a fresh part in place and keeps what is being done in the old one. */
function exchange(part, fresh, form) {
  const opened = new Map([...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
  const typed = [...part.querySelectorAll("input[id]")].filter((one) => one.form !== form && one.value !== one.defaultValue);
  const inputs = (root) => [...root.querySelectorAll(".place input[id]")].filter((one) => one.checkVisibility());
  const focused = document.activeElement;
  const inForm = focused?.form === form || focused === document.body;
  const place = inputs(part).findIndex((one) => one.form === form);
  fresh.querySelectorAll("details[id]").forEach((one) => { one.open = opened.get(one.id) ?? one.open; });
  part.replaceWith(fresh);
  typed.forEach((one) => {
    const same = document.getElementById(one.id);
    if (same) same.value = one.value;
  });
  const said = fresh.querySelector("#said");
  const same = focused?.id && document.getElementById(focused.id);
  const next = place >= 0 ? inputs(fresh)[place] : null;
  const goal = same || (inForm && next) || said || fresh;
  goal.closest("details")?.setAttribute("open", "");
  goal.focus({ preventScroll: true });
  if (same === goal && typed.includes(focused)) goal.setSelectionRange?.(focused.selectionStart, focused.selectionEnd);
  else if (goal.matches("input")) goal.select();
  (said ?? goal).scrollIntoView({ block: "nearest" });
  goal.scrollIntoView({ block: "nearest" });
  if (fresh.dataset.announce) announce(fresh.dataset.announce);
  start(fresh);
}

function start(root) {
  root.querySelectorAll("[data-live]").forEach((element) => {
    if (!element.started) { element.started = true; live(element); }
  });
  root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("[data-check-all]").forEach((box) => { box.hidden = false; });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type === "file") chosen(input);
  if (input.dataset.checkAll) {
    input.form.querySelectorAll(`input[name="${input.dataset.checkAll}"]`).forEach((box) => { box.checked = input.checked; });
  }
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.search && event.target.type === "search") search(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-upload]")) {
    event.preventDefault();
    upload(form, event.submitter);
  } else if (form.matches("form[data-replace]")) {
    event.preventDefault();
    const button = [...form.querySelectorAll("button")].indexOf(event.submitter);
    sending = sending.then(() => {
      const now = successor(form);
      return now && replace(now, now.querySelectorAll("button")[button]);
    });
  }
});
addEventListener("popstate", () => location.reload());
document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
start(document);
document.querySelector("form[data-send-at-once]")?.submit();
