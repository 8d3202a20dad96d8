// Follows the relay's figures and shows them. All that comes is set as text, never as markup.
"use strict";
{
  const STALE_MILLIS = 6000;
  const AGAIN_MILLIS = 5000;
  const KEPT = 90;
  const at = id => document.getElementById(id);
  const lines = [];

  let source = { close() {}, readyState: 0 };
  let heard = 0; // When figures came last; before any, when they were first asked for.
  let figures = null;
  let feed = "";
  let pausedAt = 0;
  let stopped = false; // The relay has said goodbye.
  let refusal = ""; // Why it shows nothing here.
  let told = null; // The conditions that were shown last, each as one text.
  let again = 0; // The timer of the next try.

  const put = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const child = (parent, index, name) => {
    while (parent.children.length <= index) parent.append(make(name));
    return parent.children[index];
  };
  const trim = (parent, length) => {
    while (parent.children.length > length) parent.lastChild.remove();
  };

  // --- What is shown ---

  // A cell is a text, a text with a note and whether it should be looked at, or null for no data.
  function fill(cell, value) {
    const key = JSON.stringify(value);
    if (cell.shown === key) return;
    cell.shown = key;
    const [text, note, look] = Array.isArray(value) ? value : [value === null ? "no data" : value];
    cell.className = value === null ? "none" : look ? "look" : "";
    cell.replaceChildren(text);
    if (note) cell.append(make("small", note));
  }

  function rows(body, list) {
    list.forEach((cells, i) => {
      const row = child(body, i, "tr");
      cells.forEach((value, j) => fill(child(row, j, j ? "td" : "th"), value));
      row.firstChild.scope = "row";
    });
    trim(body, list.length);
  }

  function conditions(list) {
    const items = at("conditions");
    list.forEach(([good, words], i) => {
      const item = child(items, i, "li");
      const key = good + words;
      if (item.shown === key) return;
      item.shown = key;
      item.className = good ? "" : "look";
      const mark = make("i", good ? "✓" : "!");
      mark.ariaHidden = "true";
      item.replaceChildren(mark, make("span", words));
    });
    trim(items, list.length);
  }

  function tiles(list) {
    list.forEach(([name, text, note, value], i) => {
      const tile = child(at("tiles"), i, "div");
      if (!tile.firstChild) {
        tile.append(make("dt"), make("dd"), make("dd", "", "note"));
        const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        svg.setAttribute("viewBox", "0 0 " + (KEPT - 1) + " 20");
        svg.setAttribute("preserveAspectRatio", "none");
        svg.setAttribute("aria-hidden", "true");
        svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
        tile.lastChild.append(svg);
        tile.lastChild.prepend(make("span"));
        lines[i] = [];
      }
      put(tile.children[0], name);
      put(tile.children[1], text === null ? "no data" : text);
      put(tile.children[2].firstChild, note);
      lines[i].push(value);
      if (lines[i].length > KEPT) lines[i].shift();
      tile.querySelector("path").setAttribute("d", line(lines[i]));
    });
  }

  // The newest value stands at the right end; what there was no data for is a gap.
  function line(values) {
    const most = Math.max(1, ...values);
    let pen = "M";
    return values.map((value, i) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const step = pen + (KEPT - values.length + i) + " " + (20 - 20 * value / most).toFixed(1);
      const dot = pen === "M" ? "h.01" : "";
      pen = "L";
      return step + dot;
    }).join("");
  }

  function show(next) {
    if (figures && figures.page !== next.page) location.reload();
    figures = next;
    put(at("relay"), next.relay);
    document.querySelectorAll(".span").forEach(each => put(each, next.span));
    conditions(next.conditions);
    tiles(next.tiles);
    for (const name in next.tables) rows(at(name), next.tables[name]);
    const now = next.conditions.map(([, words]) => words + ".");
    const news = now.filter(each => told && !told.includes(each));
    told = now;
    tell();
    if (news.length) say(verdict() + " " + news.join(" "));
  }

  function verdict() {
    return figures.well ? "The relay is well." : "The relay needs attention.";
  }

  function say(news) {
    put(at("news"), news);
  }

  // --- How fresh it is ---

  function tell() {
    const seconds = Math.round((performance.now() - heard) / 1000);
    const old = performance.now() - heard > STALE_MILLIS;
    let words = "Live";
    let now = "live";
    if (pausedAt) {
      now = "paused";
      words = "Paused for " + Math.round((performance.now() - pausedAt) / 1000) + " s";
    } else if (old) {
      now = "stale";
      words = "Stale for " + seconds + " s. " + (stopped ? "The relay has stopped. " : refusal || "The relay does not answer. ") + "Looking for it again …";
    } else if (stopped || refusal) {
      now = "connecting";
      words = (stopped ? "The relay has stopped. " : refusal) + "Looking for it again …";
    } else if (!figures || source.readyState !== 1) {
      now = "connecting";
      words = "Connecting to the relay …";
    }
    put(at("feed"), words);
    const known = now === "live" || (now === "connecting" && figures);
    put(at("headline"), !figures ? "Nothing is known yet."
      : known ? verdict()
      : now === "paused" ? "When you paused: " + verdict()
      : "Not known: the figures below are " + seconds + " s old.");
    at("state").className = !known || !figures ? "" : figures.well ? "well" : "look";
    document.title = (now !== "live" ? now : figures.well ? "well" : "attention") + " · Weft relay";
    if (now === feed) return;
    if (now === "stale") say("The figures are stale. " + refusal);
    if (now === "paused") say("Paused. The figures stay as they are.");
    if (now === "live" && feed !== "connecting") say("The figures are live. " + verdict());
    feed = now;
    document.body.dataset.feed = now;
  }

  // --- Where it comes from ---

  function follow() {
    clearTimeout(again);
    source.close();
    if (pausedAt) return;
    source = new EventSource("figures");
    source.onmessage = event => {
      heard = performance.now();
      stopped = false;
      refusal = "";
      show(JSON.parse(event.data));
    };
    source.addEventListener("goodbye", () => {
      stopped = true;
      tell();
    });
    // A connection that is lost the browser makes again; one that was refused it does not.
    source.onerror = event => {
      if (event.target.readyState === 2) again = setTimeout(ask, AGAIN_MILLIS);
      tell();
    };
  }

  async function ask() {
    try {
      const answer = await fetch("figures", { method: "HEAD", cache: "no-store" });
      refusal = answer.ok ? ""
        : answer.status === 503 ? "The relay shows its figures to 16 at a time, and as many look already. "
        : "The relay shows its figures elsewhere. ";
      if (answer.ok) return follow();
    } catch {
      refusal = "";
    }
    if (!pausedAt) again = setTimeout(ask, AGAIN_MILLIS);
  }

  at("pause").addEventListener("click", () => {
    if (pausedAt) {
      pausedAt = 0;
      heard = performance.now();
      follow();
    } else {
      pausedAt = performance.now();
      source.close();
      clearTimeout(again);
    }
    put(at("pause"), pausedAt ? "Resume" : "Pause");
    tell();
  });

  heard = performance.now();
  follow();
  setInterval(tell, 1000);
  tell();
}
