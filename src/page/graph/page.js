(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const place = document.querySelector(".graph");
  const card = document.querySelector(".card");
  const rows = [...document.querySelectorAll(".list tbody tr")];
  const classes = rows.map((row) => row.className);
  const tools = document.querySelector(".tools");
  const slider = tools.querySelector("input[type=range]");
  const search = tools.querySelector(".search");
  if (data.nodes.length === 0) {
    place.append(element("p", "empty", "There were no entities."));
    return;
  }

  // As many pairs as can be told apart, the strongest ones; the slider shows more or fewer. Where that would leave too few,
  // because many are equally strong, there may be more of them.
  const heaviest = data.edges.reduce((most, edge) => Math.max(most, edge.documents), 1);
  const weights = data.edges.map((edge) => edge.documents).sort((a, b) => b - a);
  const steps = [...new Set(weights)].sort((a, b) => a - b);
  const stronger = (weight) => weights.filter((other) => other >= weight).length;
  let least = steps.find((weight) => stronger(weight) <= 3 * data.nodes.length) ?? heaviest;
  const below = steps[steps.indexOf(least) - 1];
  if (below && stronger(least) < data.nodes.length && stronger(below) <= 12 * data.nodes.length) least = below;

  // The place of each node to begin with is that of a sunflower's seed, the most mentioned in the middle: the same data
  // are always drawn alike.
  const turn = Math.PI * (3 - Math.sqrt(5));
  const most = Math.max(...data.nodes.map((node) => node.documents));
  const share = (node) => Math.sqrt(node.documents / most);
  const nodes = data.nodes.map((node, index) => ({
    data: { id: `n${index}`, index, name: node.name.length > 28 ? `${node.name.slice(0, 27)}…` : node.name, type: node.type, share: share(node) },
    position: { x: 60 * Math.sqrt(index) * Math.cos(index * turn), y: 60 * Math.sqrt(index) * Math.sin(index * turn) },
  }));
  const edges = data.edges.map((edge, index) => ({
    data: { id: `e${index}`, index, source: `n${edge.one}`, target: `n${edge.other}`, documents: edge.documents, share: (edge.documents - 1) / Math.max(1, heaviest - 1) },
  }));

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  // Sizes are those of the screen when the whole graph is in view; zooming in enlarges them.
  let unit = 1;
  const style = () => {
    const [ink, paper, line, accent] = ["ink", "paper", "edge", "accent"].map(colour);
    const size = (node) => unit * (7 + 19 * node.data("share"));
    return [
      { selector: "node", style: {
        "label": "data(name)", "width": size, "height": size,
        "background-color": (node) => colour(classes[node.data("index")].split(" ").pop()), "color": ink, "border-width": 1.5 * unit, "border-color": paper,
        "font-family": "system-ui, sans-serif", "font-size": (node) => unit * fontSize(node), "text-valign": "bottom", "text-margin-y": 2 * unit,
        "text-outline-color": paper, "text-outline-width": 2 * unit, "z-index": (node) => Math.round(100 * node.data("share")),
      } },
      { selector: "edge", style: {
        "width": (edge) => unit * (0.6 + 3 * edge.data("share")), "line-color": line, "opacity": (edge) => 0.35 + 0.5 * edge.data("share"), "curve-style": "haystack",
      } },
      { selector: ".away", style: { "display": "none" } },
      { selector: ".mute", style: { "text-opacity": 0, "text-outline-opacity": 0 } },
      { selector: ".dim", style: { "opacity": 0.12 } },
      { selector: "edge.lit", style: { "line-color": accent, "opacity": 0.9, "width": (edge) => unit * (1.5 + 3 * edge.data("share")), "z-index": 1 } },
      { selector: "node.here", style: { "border-width": 3 * unit, "border-color": accent } },
    ];
  };
  const fontSize = (node) => 11 + 5 * node.data("share");
  const graph = cytoscape({ container: place, elements: { nodes, edges }, style: style(), layout: { name: "preset" }, minZoom: 0.02, maxZoom: 4 });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(style()));

  // Of names that would lie over each other the more mentioned entity's is shown, and those of what was clicked first.
  const declutter = () => {
    const taken = [];
    const first = (node) => (node.hasClass("here") ? 2 : node.hasClass("lit") ? 1 : 0);
    const scale = unit * graph.zoom();
    graph.batch(() => {
      const shown = graph.nodes().not(".away").sort((a, b) => first(b) - first(a) || a.data("index") - b.data("index"));
      shown.forEach((node) => {
        const { x, y } = node.renderedPosition();
        const size = fontSize(node) * scale;
        const half = 0.28 * size * node.data("name").length + 2;
        const top = y + node.renderedOuterHeight() / 2;
        const box = { x1: x - half, x2: x + half, y1: top, y2: top + 1.35 * size };
        const free = !node.hasClass("dim") && taken.every((other) => box.x1 > other.x2 || box.x2 < other.x1 || box.y1 > other.y2 || box.y2 < other.y1);
        node.toggleClass("mute", !free);
        if (free) taken.push(box);
      });
    });
  };
  let waiting = 0;
  const declutterSoon = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(declutter); };
  graph.on("zoom pan resize", declutterSoon);
  graph.on("dragfree", "node", declutterSoon);

  const arrange = () => {
    const shown = graph.elements().not(".away");
    const loose = shown.nodes().filter((node) => node.connectedEdges().not(".away").empty());
    const bound = shown.not(loose);
    const ratio = Math.max(0.5, place.clientWidth / Math.max(1, place.clientHeight));
    const side = 150 * Math.sqrt(bound.nodes().length);
    if (bound.nonempty()) {
      bound.layout({
        name: "cose", randomize: false, animate: false, fit: false, numIter: 1500, componentSpacing: 70, gravity: 0.8, nodeOverlap: 12,
        boundingBox: { x1: 0, y1: 0, w: side * ratio, h: side }, nodeRepulsion: (node) => 90000 * (0.4 + node.data("share")),
        idealEdgeLength: () => 110, edgeElasticity: () => 120,
      }).run();
    }
    // Whoever stands alone waits in rows below.
    const box = bound.nonempty() ? bound.boundingBox({ includeLabels: false }) : { x1: 0, y2: 0, w: 1200 };
    const across = Math.max(4, Math.floor(box.w / 110));
    loose.forEach((node, at) => {
      node.position({ x: box.x1 + 55 + (at % across) * (box.w / across), y: box.y2 + 110 + Math.floor(at / across) * 95 });
    });
    graph.fit(shown, 40);
    unit = Math.min(4, 1 / graph.zoom());
    graph.style(style());
    graph.fit(shown, 30);
    declutter();
  };

  // Filters.
  const hidden = new Set();
  const totals = document.querySelector(".totals");
  const filter = () => {
    graph.batch(() => {
      graph.nodes().forEach((node) => { node.toggleClass("away", hidden.has(node.data("type"))); });
      graph.edges().forEach((edge) => {
        edge.toggleClass("away", edge.data("documents") < least || edge.source().hasClass("away") || edge.target().hasClass("away"));
      });
    });
    rows.forEach((row, index) => { row.hidden = hidden.has(data.nodes[index].type); });
    const entities = graph.nodes().not(".away").length;
    totals.textContent = `${number.format(entities)} ${entities === 1 ? "entity" : "entities"}, ${number.format(graph.edges().not(".away").length)} of ${plural(data.edges.length, "pair")}`;
  };
  for (const chip of tools.querySelectorAll(".chip")) {
    chip.hidden = !data.nodes.some((node) => node.type === chip.dataset.type);
    chip.addEventListener("click", () => {
      const type = chip.dataset.type;
      if (!hidden.delete(type)) hidden.add(type);
      chip.setAttribute("aria-pressed", String(!hidden.has(type)));
      close();
      filter();
      arrange();
    });
  }
  // The slider goes over the weights that occur.
  const output = tools.querySelector("output");
  const showLeast = () => { output.textContent = `${number.format(least)} ${least === 1 ? "document" : "documents"}`; };
  slider.min = 0;
  slider.max = Math.max(0, steps.length - 1);
  slider.value = Math.max(0, steps.findIndex((weight) => weight >= least));
  slider.closest("label").hidden = steps.length < 2;
  slider.addEventListener("input", () => { least = steps[slider.value]; showLeast(); filter(); });
  slider.addEventListener("change", arrange);
  showLeast();

  // What was clicked.
  const listed = (title, total, documents) => {
    const made = [element("h3", "", title)];
    const list = element("ul");
    for (const id of documents) {
      const item = element("li");
      item.append(element("bdi", "", id));
      list.append(item);
    }
    if (total > documents.length) list.append(element("li", "detail", `and ${plural(total - documents.length, "more document")}`));
    made.push(list);
    return made;
  };
  const fill = (className, title, detail, parts) => {
    const heading = element("h2");
    heading.append(element("bdi", "", title));
    const shut = element("button", "close", "×");
    shut.type = "button";
    shut.setAttribute("aria-label", "Close");
    shut.addEventListener("click", close);
    card.className = `card ${className}`;
    card.replaceChildren(heading, shut, ...detail.filter(Boolean).map((line) => element("p", "detail", line)), ...parts);
    card.hidden = false;
    card.scrollTop = 0;
  };
  const close = () => {
    card.hidden = true;
    graph.elements().removeClass("dim lit here");
    rows.forEach((row) => row.classList.remove("here"));
    declutter();
  };
  const light = (lit, here) => {
    close();
    graph.elements().not(lit).addClass("dim");
    lit.addClass("lit");
    here.addClass("here");
    declutter();
  };
  const showNode = (index) => {
    const node = graph.getElementById(`n${index}`);
    const about = data.nodes[index];
    const edges = node.connectedEdges().not(".away");
    light(edges.union(edges.connectedNodes()).union(node), node);
    rows[index].classList.add("here");
    const beside = data.edges
      .map((edge) => ({ documents: edge.documents, index: edge.one === index ? edge.other : edge.other === index ? edge.one : -1 }))
      .filter((other) => other.index >= 0)
      .sort((a, b) => b.documents - a.documents || a.index - b.index)
      .slice(0, 8);
    const parts = [];
    if (beside.length) {
      const list = element("ul");
      for (const other of beside) {
        const item = element("li", "beside");
        const button = element("button", "name");
        button.type = "button";
        button.append(element("bdi", "", data.nodes[other.index].name));
        button.addEventListener("click", () => showNode(other.index));
        item.append(button, element("span", "", number.format(other.documents)));
        list.append(item);
      }
      parts.push(element("h3", "", "Mentioned together with"), list);
    }
    fill(classes[index], about.name, [
      `${plural(about.documents, "document")}, ${plural(about.mentions, "mention")}`,
      about.aliases.length ? `also ${about.aliases.join(", ")}` : "",
    ], [...parts, ...listed("Documents", about.documents, about.some)]);
  };
  const showEdge = (index) => {
    const edge = graph.getElementById(`e${index}`);
    const about = data.edges[index];
    light(edge.union(edge.connectedNodes()), edge.connectedNodes());
    fill("", `${data.nodes[about.one].name} · ${data.nodes[about.other].name}`, [`together in ${plural(about.documents, "document")}`], listed("Documents", about.documents, about.some));
  };
  graph.on("tap", (event) => {
    if (event.target === graph) close();
    else if (event.target.isNode()) showNode(event.target.data("index"));
    else showEdge(event.target.data("index"));
  });
  rows.forEach((row, index) => {
    row.querySelector(".name").addEventListener("click", () => {
      showNode(index);
      graph.animate({ center: { eles: graph.getElementById(`n${index}`) }, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250 });
    });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  // Search leads to the first entity with the words in a name.
  const names = data.nodes.map((node) => fold([node.name, ...node.aliases].join("\n")));
  const matches = () => {
    const wanted = fold(search.value.trim());
    return names.map((name, index) => (wanted && !hidden.has(data.nodes[index].type) && name.includes(wanted) ? index : -1)).filter((index) => index >= 0);
  };
  search.addEventListener("input", () => {
    const found = matches();
    const any = search.value.trim() !== "";
    rows.forEach((row, index) => row.classList.toggle("away", any && !found.includes(index)));
    if (found.length) {
      showNode(found[0]);
      rows[found[0]].scrollIntoView({ block: "center" });
    } else close();
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;
  filter();
  arrange();
})();
