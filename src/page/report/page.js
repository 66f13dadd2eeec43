(() => {
  // Tables sort by any column; what cannot be read as a number sorts as text, dashes last.
  const value = (cell) => {
    const text = cell.textContent.trim().replaceAll(",", "").replace("−", "-");
    return text === "–" ? -Infinity : Number.isNaN(Number(text)) || text === "" ? text : Number(text);
  };
  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other), "en", { numeric: true });
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (head.classList.contains("plots")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[column]), row]);
        rows.sort(([one], [other]) => (down ? compare(other, one) : compare(one, other)));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }

  // The filter of the errors.
  for (const section of document.querySelectorAll(".errors")) {
    const box = section.querySelector(".filter");
    const input = box.querySelector("input");
    const told = box.querySelector("output");
    const items = [...section.querySelectorAll(".examples > li")];
    box.hidden = items.length === 0;
    let words = null;
    let waiting = 0;
    const filter = () => {
      const wanted = fold(input.value.trim());
      words ??= items.map((item) => fold(item.textContent));
      let left = 0;
      items.forEach((item, index) => {
        item.hidden = !words[index].includes(wanted);
        left += item.hidden ? 0 : 1;
      });
      for (const kind of section.querySelectorAll("details.kind")) {
        const some = kind.querySelector(".examples > li:not([hidden])") !== null;
        kind.hidden = !some;
        if (wanted) kind.open = some;
      }
      told.textContent = wanted ? `${left} of the ${items.length} shown` : "";
    };
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  }

  // A link into a closed part opens it; paper shows everything.
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", open);
  open();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
