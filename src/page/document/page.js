(() => {
  const card = document.getElementById("card");
  const documents = [...document.querySelectorAll("article.document")];
  const rows = [...document.querySelectorAll(".entities tbody tr")];
  const narrow = matchMedia("(max-width: 860px)");

  // An entity and its mentions: the row is the target of every mention's link.
  const rowOf = (mention) => document.getElementById(mention.hash.slice(1));
  const mentionsOf = (row) => [...row.closest("article").querySelectorAll(`a.m[href="#${row.id}"]`)];

  let lit = [];
  const unlight = () => {
    for (const one of lit) one.classList.remove("on", "here");
    lit = [];
  };
  const light = (row, here) => {
    unlight();
    lit = [row, ...mentionsOf(row)];
    for (const one of lit) one.classList.add("on");
    if (here) here.classList.add("here");
  };

  // The card: a look while hovering, a tool with buttons once pinned.
  let pinned = null;
  const hide = () => {
    card.hidden = true;
    card.classList.remove("pinned");
    document.querySelectorAll('[aria-describedby="card"]').forEach((one) => one.removeAttribute("aria-describedby"));
  };
  const unpin = () => {
    pinned = null;
    unlight();
    hide();
  };
  const show = (mention, pin) => {
    const row = rowOf(mention);
    if (!row) return;
    const mentions = mentionsOf(row);
    const place = mentions.indexOf(mention);
    light(row, pin ? mention : null);
    card.textContent = "";
    card.className = `card ${row.className.replace(" on", "")}`;
    const head = element("p", "head");
    head.append(element("bdi", "", row.querySelector(".name").textContent), row.querySelector(".badge").cloneNode(true));
    card.append(head);
    const score = `score ${mention.dataset.score} here, ${row.dataset.score} on average`;
    card.append(element("p", "detail", `${plural(mentions.length, "mention", "mentions")} · ${score}`));
    const aliases = row.querySelector(".aliases");
    if (aliases) {
      const line = element("p", "detail", "also ");
      line.append(...aliases.cloneNode(true).childNodes);
      card.append(line);
    }
    if (row.dataset.id) card.append(element("p", "detail", row.dataset.id));
    if (pin) {
      const steps = element("p", "steps");
      const button = (label, title, to) => {
        const made = element("button", "", label);
        made.type = "button";
        made.title = title;
        made.setAttribute("aria-label", title);
        made.addEventListener("click", to);
        return made;
      };
      const go = (by) => () => step(mention, by);
      steps.append(element("span", "", `${number.format(place + 1)} of ${number.format(mentions.length)}`));
      if (mentions.length > 1) steps.append(button("‹", "Previous mention", go(-1)), button("›", "Next mention", go(1)));
      steps.append(button("×", "Close", unpin));
      card.append(steps);
      pinned = mention;
    }
    card.classList.toggle("pinned", Boolean(pin));
    card.hidden = false;
    mention.setAttribute("aria-describedby", "card");
    put(mention);
    // On a phone the card lies at the bottom, perhaps over what was just tapped.
    if (pin && mention.getBoundingClientRect().bottom > card.getBoundingClientRect().top && narrow.matches) {
      mention.scrollIntoView({ block: "center" });
    }
  };
  const put = (mention) => {
    const at = mention.getClientRects()[0] ?? mention.getBoundingClientRect();
    const last = [...mention.getClientRects()].pop() ?? at;
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = last.bottom + 8;
    const fits = below + height < innerHeight || at.top - height - 8 < 0;
    // Over the text rather than over the table, whose rows one may want to click next.
    const edge = Math.min(innerWidth - 8, mention.closest(".text").getBoundingClientRect().right + 8);
    card.style.left = `${Math.max(8, Math.min(at.left, edge - width))}px`;
    card.style.top = `${fits ? below : at.top - height - 8}px`;
  };
  const visit = (mention) => {
    mention.scrollIntoView({ block: "center" });
    show(mention, true);
  };
  const step = (mention, by) => {
    const mentions = mentionsOf(rowOf(mention));
    const next = mentions[(mentions.indexOf(mention) + by + mentions.length) % mentions.length];
    next.focus({ preventScroll: true });
    visit(next);
  };

  // A row leads to its first mention, and when clicked again to the next one.
  const visited = new WeakMap();
  const nextMention = (row) => {
    const mentions = mentionsOf(row);
    const next = pinned && rowOf(pinned) === row ? (visited.get(row) ?? -1) + 1 : 0;
    visited.set(row, next % mentions.length);
    if (mentions.length) visit(mentions[next % mentions.length]);
  };

  // A mention that search or filter left out is plain text.
  const shown = (mention) => !mention.classList.contains("off") && !mention.classList.contains("gone");
  const linkAt = (event) => event.target.closest?.("a.m");
  const mentionAt = (event) => [linkAt(event)].find((link) => link && shown(link));
  const rowAt = (event) => event.target.closest?.(".entities tbody tr");
  document.addEventListener("mouseover", (event) => {
    if (pinned) return;
    const mention = mentionAt(event);
    const row = rowAt(event);
    if (mention) show(mention, false);
    else if (row) light(row);
    else if (!card.hidden || lit.length) { unlight(); hide(); }
  });
  document.addEventListener("focusin", (event) => {
    const mention = mentionAt(event);
    if (mention && !pinned) show(mention, false);
  });
  document.addEventListener("focusout", () => { if (!pinned) { unlight(); hide(); } });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The path, not the parents: a button of the card that was pressed has been replaced by now.
    if (event.composedPath().includes(card)) return;
    const mention = mentionAt(event);
    const row = rowAt(event);
    if (linkAt(event) || row) event.preventDefault();
    if (mention || row) {
      if (mention) show(mention, true);
      else nextMention(row);
    } else if (pinned) unpin();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") unpin();
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !pinned || event.target.closest?.("input") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(pinned, by);
  });
  addEventListener("scroll", () => { if (pinned) put(pinned); else if (!card.hidden) hide(); }, { passive: true });
  addEventListener("resize", () => { if (pinned) put(pinned); });

  // The list of documents.
  const list = document.querySelector(".documents ol");
  const links = new Map();
  if (documents.length > 1) {
    for (const one of documents) {
      const item = element("li");
      const link = element("a");
      const id = one.querySelector("h2").textContent;
      link.href = `#${one.id}`;
      link.title = id;
      link.append(element("bdi", "", id), element("span", "", number.format(one.querySelectorAll("tbody tr").length)));
      item.append(link);
      list.append(item);
      links.set(one, link);
    }
    list.closest("nav").hidden = false;
    if (narrow.matches) list.closest("details").open = false;
    let current = null;
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        current?.removeAttribute("aria-current");
        current = links.get(entry.target);
        current.setAttribute("aria-current", "true");
        const box = list.closest("nav");
        const top = current.offsetTop - box.offsetTop;
        if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 40) box.scrollTop = top - 80;
      }
    }, { rootMargin: "-20% 0px -75% 0px" });
    for (const one of documents) observer.observe(one);
  } else if (documents.length === 1) {
    document.title = `${documents[0].querySelector("h2").textContent} · namesake`;
  }

  // Search and type filter.
  const totals = document.querySelector(".totals");
  const search = document.querySelector(".search");
  let words = null;
  const count = () => {
    const left = rows.filter((row) => !row.hidden && !row.classList.contains("gone"));
    const entities = left.length === rows.length
      ? plural(rows.length, "entity", "entities")
      : `${number.format(left.length)} of ${plural(rows.length, "entity", "entities")}`;
    const shown = documents.filter((one) => !one.hidden).length;
    totals.textContent = documents.length === 1 ? entities : `${entities} in ${plural(shown, "document", "documents")}`;
  };
  const filter = () => {
    const wanted = fold(search.value.trim());
    words ??= new Map(rows.map((row) => [row, fold(row.cells[0].textContent)]));
    unpin();
    for (const one of documents) {
      let any = false;
      const hits = new Set();
      for (const row of one.querySelectorAll("tbody tr")) {
        row.hidden = !words.get(row).includes(wanted);
        if (!row.hidden) { any = true; hits.add(`#${row.id}`); }
      }
      for (const mention of one.querySelectorAll("a.m")) mention.classList.toggle("off", !hits.has(mention.hash));
      one.hidden = wanted !== "" && !any;
      if (links.has(one)) links.get(one).parentElement.hidden = one.hidden;
    }
    count();
  };
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  search.form.addEventListener("submit", (event) => event.preventDefault());
  // A type of one's own gets a button, too, where there is an entity of it.
  const typeOf = new Map(rows.map((row) => [row, row.querySelector(".badge").textContent]));
  const types = document.querySelector(".types");
  const buttons = new Map([...types.querySelectorAll(".chip")].map((chip) => [chip.dataset.type, chip]));
  for (const row of rows.filter((one) => one.classList.contains("own"))) {
    const type = typeOf.get(row);
    if (!type || buttons.has(type)) continue;
    const chip = element("button", `chip ${row.className.replace(/ s\d$/, "")}`, type);
    chip.type = "button";
    chip.setAttribute("aria-pressed", "true");
    buttons.set(type, chip);
  }
  const known = types.querySelectorAll(".chip").length;
  types.append(...[...buttons.keys()].slice(known).sort().map((type) => buttons.get(type)));
  const without = new Set();
  for (const [type, chip] of buttons) {
    chip.addEventListener("click", () => {
      if (!without.delete(type)) without.add(type);
      chip.setAttribute("aria-pressed", String(!without.has(type)));
      for (const row of rows) row.classList.toggle("gone", without.has(typeOf.get(row)));
      for (const mention of document.querySelectorAll("a.m")) mention.classList.toggle("gone", rowOf(mention).classList.contains("gone"));
      unpin();
      count();
    });
  }
  document.querySelector(".tools").hidden = rows.length === 0;
  if (documents.length === 0) document.querySelector("main").append(element("p", "empty", "There were no documents."));
  count();
})();
