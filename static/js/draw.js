// Drawing the shape of a place on a map. Leaflet and Geoman do the drawing; the buttons are the page's own, as Geoman's
// toolbar cannot be used with a screen reader. Every other way to give a shape works without this script.
const SHAPE = { color: "#1d70b8", weight: 3, fillOpacity: 0.15 };
const OUTLINES = {
  borough: { color: "#0b0c0c", weight: 2 },
  ward: { color: "#505a5f", weight: 1.5 },
  lsoa: { color: "#b1b4b6", weight: 1 },
};
const DEEPEST = 19;
// The corners' handles can only be dragged: the Tab key need not stop at them. Who uses no pointer has the lists.
L.Marker.mergeOptions({ keyboard: false });

function start(page) {
  const form = page.closest("form");
  const field = form.elements.shape;
  const ways = form.querySelector("[data-draw-ways]");
  const says = page.querySelector("[data-draw-says]");
  const buttons = new Map([...page.querySelectorAll("[data-draw-do]")].map((one) => [one.dataset.drawDo, one]));
  const snap = page.querySelector("[data-draw-snap]");
  const way = () => form.elements.way.value;

  page.hidden = false;
  form.querySelector("[data-draw-way]").hidden = false;
  if (!way()) ways.querySelector("input[value=draw]").checked = true;

  const map = L.map(page.querySelector("[data-draw-map]"), {
    maxZoom: DEEPEST, zoomSnap: 0.5, boxZoom: false, doubleClickZoom: false, attributionControl: Boolean(page.dataset.tiles),
  });
  if (page.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    const by = document.createElement("span");
    by.textContent = page.dataset.tilesBy;
    L.tileLayer(page.dataset.tiles, { maxZoom: DEEPEST, attribution: by.innerHTML }).addTo(map);
  }
  let shape = null;
  let circle = null;
  let drawing = false;
  let changing = false;

  const [west, south, east, north] = (page.dataset.box || "-8,50,2,59").split(",").map(Number);
  const fit = () => map.fitBounds(shape ? shape.getBounds().pad(0.5) : [[south, west], [north, east]]);
  const say = (text) => { says.textContent = text; };
  const snapping = () => ({ snappable: snap.checked, snapDistance: 15, snapMiddle: false, snapSegment: false });
  const show = () => {
    const isWay = way() === "draw";
    const wanted = {
      draw: isWay && !drawing && !shape,
      undo: isWay && drawing, finish: isWay && drawing,
      change: isWay && Boolean(shape) && !drawing,
      clear: isWay && (drawing || Boolean(shape)),
    };
    for (const [name, button] of buttons) {
      const hadFocus = document.activeElement === button;
      button.hidden = !wanted[name];
      if (hadFocus && button.hidden) [...buttons.values()].find((one) => !one.hidden)?.focus();
    }
    buttons.get("change").textContent = changing ? "Done changing" : "Change it";
    page.classList.toggle("app-draw--drawing", drawing || way() === "point");
    page.querySelector("[data-draw-tools]").hidden = !isWay;
    for (const one of ways.querySelectorAll(".govuk-radios__conditional")) {
      one.classList.toggle("govuk-radios__conditional--hidden", one.id !== `way-${way()}`);
    }
    page.hidden = !["draw", "point"].includes(way());
    if (!page.hidden && map.getSize().x === 0) {  // it was not shown until now
      map.invalidateSize();
      fit();
    }
  };
  const write = () => {
    field.value = shape ? JSON.stringify(shape.toGeoJSON(15).geometry) : "";
    if (shape?.pm.hasSelfIntersection?.()) say("The outline crosses itself. Change it: move a corner so that it does not.");
    else if (shape) say("The shape is drawn. Change its corners, or go on with the next step.");
  };
  const take = (layer) => {
    shape = layer;
    shape.on("pm:edit pm:markerdragend pm:vertexremoved pm:vertexadded", write);
    show();
  };
  const stopChanging = () => { changing = false; shape?.pm.disable(); };
  const stopDrawing = () => { drawing = false; map.pm.disableDraw(); };
  const deeds = {
    draw() {
      drawing = true;
      map.pm.enableDraw("Polygon", {
        ...snapping(), tooltips: false, continueDrawing: false, templineStyle: SHAPE,
        hintlineStyle: { ...SHAPE, dashArray: [5, 5] }, pathOptions: SHAPE,
      });
      say("Click or tap each corner. Then press “Close the shape”, or click the first corner again.");
    },
    undo: () => map.pm.Draw.Polygon._removeLastVertex(),
    finish() {
      if (map.pm.Draw.Polygon._layer.getLatLngs().length < 3) say("A shape needs at least three corners. Click another one.");
      else map.pm.Draw.Polygon._finishShape();
    },
    change() {
      if (changing) stopChanging();
      else {
        changing = true;
        shape.pm.enable({ ...snapping(), allowSelfIntersection: true, preventMarkerRemoval: false });
        say("Drag a corner to move it, a pale one to add a corner. Right-click or long-press a corner to remove it.");
      }
    },
    clear() {
      stopChanging();
      stopDrawing();
      shape?.remove();
      shape = null;
      write();
      say("Nothing is drawn.");
    },
  };
  for (const [name, button] of buttons) button.addEventListener("click", () => { deeds[name](); show(); });
  snap.addEventListener("change", () => {
    if (drawing) map.pm.Draw.Polygon.setOptions(snapping());
    if (changing) { shape.pm.disable(); shape.pm.enable(snapping()); }
  });
  map.on("pm:create", ({ layer }) => { drawing = false; take(layer); write(); show(); });
  form.addEventListener("submit", () => {
    if (changing) stopChanging();
    if (drawing && way() === "draw") deeds.finish();  // who goes on has drawn the last corner
  });

  const circleAgain = () => {
    circle?.remove();
    circle = null;
    if (way() !== "point") return;
    const [latitude, longitude] = form.elements.point.value.split(/[,; ]+/).map(Number);
    const radius = Number(form.elements.radius.value);
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude) || !(radius > 0)) return;
    circle = L.circle([latitude, longitude], { radius, ...SHAPE, interactive: false, pmIgnore: true }).addTo(map);
  };
  map.on("click", ({ latlng }) => {
    if (way() !== "point") return;
    form.elements.point.value = `${latlng.lat.toFixed(5)}, ${latlng.lng.toFixed(5)}`;
    circleAgain();
  });
  for (const name of ["point", "radius"]) form.elements[name]?.addEventListener("input", circleAgain);
  ways.addEventListener("change", ({ target }) => {
    if (target.name !== "way") return;
    if (target.value === "point") say("Click the map to choose the point.");
    else if (target.value === "draw") say("");
    show();
    circleAgain();
  });

  if (field.value) {
    L.geoJSON(JSON.parse(field.value), { style: SHAPE }).eachLayer((layer) => take(layer.addTo(map)));
  }
  fit();
  background(map, page.dataset.background);
  circleAgain();
  show();
}

/** Outlines and map points of what the map shows, asked for anew where it moves. */
function background(map, address) {
  const renderer = L.canvas();
  const layer = L.layerGroup().addTo(map);
  let asked;
  const load = async () => {
    if (!map.getSize().x) return;
    const box = map.getBounds().pad(0.1);
    const query = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(3)).join(",");
    if (query === asked) return;
    asked = query;
    const answer = await fetch(`${address}?box=${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || query !== asked) return;
    const { outlines, names, points } = await answer.json();
    layer.clearLayers();
    const plain = { renderer, pmIgnore: true, snapIgnore: true, interactive: false };
    for (const kind of ["lsoa", "ward", "borough"]) {
      for (const one of outlines[kind] ?? []) {
        layer.addLayer(L.geoJSON(one, { ...plain, style: { ...OUTLINES[kind], fill: false, ...plain } }));
      }
    }
    write(names);
    for (const [longitude, latitude, rows] of points) {
      layer.addLayer(L.circleMarker([latitude, longitude], {
        renderer, pmIgnore: true, snapIgnore: false, interactive: false,
        radius: Math.min(3 + Math.sqrt(rows), 12), color: "#0b0c0c", weight: 1, fillColor: "#f47738", fillOpacity: 0.6,
      }));
    }
  };
  /** Names of wards, as far as they do not lie on each other. */
  const write = (names) => {
    const taken = [];
    for (const [longitude, latitude, name] of names) {
      const { x, y } = map.latLngToLayerPoint([latitude, longitude]);
      const half = name.length * 4;
      if (taken.some((one) => Math.abs(one.x - x) < one.half + half && Math.abs(one.y - y) < 18)) continue;
      taken.push({ x, y, half });
      const words = document.createElement("span");
      words.textContent = name;
      layer.addLayer(L.tooltip([latitude, longitude], {
        content: words, permanent: true, direction: "center", className: "app-draw__name", pmIgnore: true,
      }));
    }
  };
  map.on("moveend", load);
  load();
}

for (const page of document.querySelectorAll("[data-draw]")) start(page);
