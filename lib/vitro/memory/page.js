// SPDX-License-Identifier: MIT
// Draws the looks that stand in #data: tiles, tables, the pool map, collections, cycles.
"use strict";

const looks = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("main"), tip = document.getElementById("tip");
const SHORT = 12, ARENAS = 12; // rows of a table, and arenas, before "all"
let redraw = []; // what depends on colours

// -- Elements ------------------------------------------------------------------------------------

function el(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "circle", "line", "text", "g"].includes(name);
  const e = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) k.startsWith("on") ? e.addEventListener(k.slice(2), v) : e.setAttribute(k, v);
  e.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined));
  return e;
}

const count = n => n.toLocaleString("en");
const plural = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;
function size(n) {
  for (const unit of ["B", "KiB", "MiB"]) {
    if (Math.abs(n) < 1024) return `${unit === "B" ? n : n.toFixed(n < 10 ? 2 : 1)} ${unit}`;
    n /= 1024;
  }
  return `${n.toFixed(2)} GiB`;
}
const time = s => s < 1e-3 ? `${(s * 1e6).toFixed(s < 1e-5 ? 1 : 0)} µs` : s < 1 ? `${(s * 1e3).toFixed(s < .01 ? 2 : 1)} ms` : `${s.toFixed(2)} s`;
const percent = (a, b) => b ? `${Math.round(100 * a / b)} %` : "–";
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const dark = () => document.documentElement.dataset.theme === "dark";

function hint(event, text) {
  tip.textContent = text || "";
  tip.classList.toggle("on", !!text);
  if (!text) return;
  const w = tip.offsetWidth, h = tip.offsetHeight;
  tip.style.left = Math.min(event.clientX + 14, innerWidth - w - 8) + "px";
  tip.style.top = (event.clientY + 18 + h > innerHeight ? event.clientY - h - 12 : event.clientY + 18) + "px";
}

// -- Tables --------------------------------------------------------------------------------------

// columns: {name, of: row => sort key, cell: row => node or text, left, wide}
function table(rows, columns, {sort, down = true, noun, search, more = 0}) {
  const state = {column: sort, down, all: false, word: ""};
  const head = el("tr"), body = el("tbody"), button = el("button", {class: "more", type: "button", onclick: () => { state.all = true; fill(); }});
  const tools = el("div", {class: "tools"});
  const found = el("span");
  columns.forEach((c, i) => {
    const b = el("button", {type: "button", onclick: () => { state.down = state.column === i ? !state.down : !c.left; state.column = i; fill(); }}, c.name);
    head.append(el("th", {scope: "col", class: c.left ? "l" : ""}, c.of ? b : c.name));
  });
  if (search && rows.length > SHORT)
    tools.append(el("input", {type: "search", placeholder: `Find a ${noun}`, "aria-label": `Find a ${noun}`,
      oninput: e => { state.word = e.target.value.toLowerCase(); fill(); }}), found);
  function fill() {
    const c = columns[state.column], sign = state.down ? -1 : 1;
    let shown = rows.filter(r => !state.word || search(r).toLowerCase().includes(state.word));
    shown = shown.map((r, i) => [r, i]).sort(([a, i], [b, k]) => {
      const x = c.of(a), y = c.of(b);
      return x < y ? -sign : x > y ? sign : i - k;
    }).map(([r]) => r);
    [...head.children].forEach((th, i) => i === state.column ? th.setAttribute("aria-sort", state.down ? "descending" : "ascending") : th.removeAttribute("aria-sort"));
    const part = state.all || state.word ? shown : shown.slice(0, SHORT);
    body.replaceChildren(...part.map(r => el("tr", {}, columns.map(c => el("td", {class: (c.left ? "l " : "") + (c.wide ? "wide" : "")}, c.cell(r))))));
    button.hidden = part.length === shown.length;
    button.textContent = `Show all ${plural(shown.length, noun)}`;
    found.textContent = state.word ? `${plural(shown.length, noun)} of ${count(rows.length)}` : more ? `the largest ${count(rows.length)} of ${count(rows.length + more)}` : plural(rows.length, noun);
  }
  fill();
  return [tools.children.length ? tools : null, el("div", {class: "card"}, el("div", {class: "scroll"}, el("table", {}, el("thead", {}, head), body)), button)];
}

function bar(n, most) {
  const i = el("i");
  i.style.width = `${most ? Math.max(100 * n / most, n ? 1 : 0) : 0}%`;
  return el("span", {class: "bar"}, i);
}

function section(id, title, lead, ...children) {
  return el("section", {id, "data-title": title}, el("h2", {}, title), el("p", {class: "lead"}, lead), children);
}

// -- Types and places ----------------------------------------------------------------------------

function types(d) {
  const most = Math.max(1, ...d.types.map(t => t.new_bytes));
  return section("types", "Types", `What lives ${d.moment}. “Made” counts what the program made; the rest was there before it began. ` +
    "Sizes are those of sys.getsizeof: an object with the tables it owns, without what it refers to.",
    table(d.types, [
      {name: "Type", of: t => t.name, left: true, wide: true, cell: t => [el("code", {}, t.name), bar(t.new_bytes, most)]},
      {name: "Made", of: t => t.new, cell: t => count(t.new)},
      {name: "Size", of: t => t.new_bytes, cell: t => size(t.new_bytes)},
      {name: "Largest", of: t => t.largest, cell: t => size(t.largest)},
      {name: "All objects", of: t => t.count, cell: t => el("span", {class: "dim"}, count(t.count))},
      {name: "All sizes", of: t => t.bytes, cell: t => el("span", {class: "dim"}, size(t.bytes))},
    ], {sort: 2, noun: "type", search: t => t.name, more: d.types_more}));
}

function stack(s) {
  if (!s.stack.length) return null;
  return el("details", {}, el("summary", {}, `called from ${s.stack[0][0]}`), el("ol", {class: "stack"}, s.stack.map(([place, source]) =>
    el("li", {}, el("code", {}, place), el("span", {class: "src"}, source)))));
}

function places(d) {
  const most = Math.max(1, ...d.sites.rows.map(s => s.bytes));
  return section("places", "Places", `Where the ${plural(d.sites.blocks, "block")} that live were allocated, ${size(d.sites.bytes)} at ${plural(d.sites.count, "place")}: objects and the tables they own.`,
    table(d.sites.rows, [
      {name: "Place", of: s => s.file, left: true, wide: true, cell: s => [el("code", {}, `${s.file}:${s.line}`), el("span", {class: "src"}, s.source),
        s.types.length ? el("div", {class: "chips"}, s.types.map(([name, n]) => el("span", {class: "chip"}, `${count(n)} ${name}`))) : null, stack(s), bar(s.bytes, most)]},
      {name: "Blocks", of: s => s.blocks, cell: s => count(s.blocks)},
      {name: "Size", of: s => s.bytes, cell: s => size(s.bytes)},
      {name: "Share", of: s => s.bytes, cell: s => percent(s.bytes, d.sites.bytes)},
    ], {sort: 2, noun: "place", search: s => `${s.file}:${s.line} ${s.source}`, more: d.sites.count - d.sites.rows.length}));
}

// -- Pool map ------------------------------------------------------------------------------------

// Block sizes 16 to 512 as a colour: blue-green for small ones to violet for large ones.
function shade(block, alpha = 1) {
  const t = Math.log2(block / 16) / 5, l = dark() ? 74 - 20 * t : 62 - 22 * t;
  return `hsl(${172 + 128 * t} ${52 + 16 * t}% ${l}% / ${alpha})`;
}

function canvas(width, height, draw, attributes = {}) {
  const c = el("canvas", attributes);
  const paint = () => {
    const scale = devicePixelRatio || 1;
    c.width = width * scale; c.height = height * scale;
    c.style.aspectRatio = `${width} / ${height}`;
    const x = c.getContext("2d");
    x.scale(scale, scale);
    draw(x);
  };
  redraw.push(paint);
  paint();
  return c;
}

const bits = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const used = (map, i) => map[i >> 3] >> (i & 7) & 1;

// A pool in the map: its blocks in address order, as many to a line as look square.
function paintBlocks(x, pool, left, top, width, height, gap) {
  const [block, blocks, , text] = pool, map = bits(text);
  const columns = Math.max(1, Math.round(Math.sqrt(blocks * width / height))), rows = Math.ceil(blocks / columns);
  const w = width / columns, h = height / rows;
  x.fillStyle = shade(block, dark() ? .2 : .22);
  x.fillRect(left, top, width, height);
  x.fillStyle = shade(block);
  for (let i = 0; i < blocks; i++)
    if (used(map, i)) x.fillRect(left + (i % columns) * w, top + Math.floor(i / columns) * h, Math.max(w - gap, .35), Math.max(h - gap, .35));
}

function poolText(pool, index) {
  if (!pool) return `pool ${index}\nfree`;
  const [block, blocks, n] = pool;
  return `pool ${index}: blocks of ${block} bytes\n${count(n)} of ${count(blocks)} in use (${percent(n, blocks)})`;
}

function arena([address, pools], show) {
  const W = 360, H = 168, G = 4, COLUMNS = 16, w = (W + G) / COLUMNS - G, h = (H + G) / 4 - G;
  const at = e => {
    const r = e.target.getBoundingClientRect();
    return Math.min(15, Math.floor((e.clientX - r.left) / r.width * COLUMNS)) + COLUMNS * Math.min(3, Math.floor((e.clientY - r.top) / r.height * 4));
  };
  const inUse = pools.reduce((n, p) => n + (p ? p[0] * p[2] : 0), 0);
  return el("figure", {class: "arena"},
    el("figcaption", {}, el("code", {}, address), `${percent(inUse, 1 << 20)} in use, ${pools.filter(p => !p).length} of 64 pools free`),
    canvas(W, H, x => pools.forEach((p, i) => {
      const left = (i % COLUMNS) * (w + G), top = Math.floor(i / COLUMNS) * (h + G);
      if (p) paintBlocks(x, p, left, top, w, h, 0);
      else { x.strokeStyle = css("--line"); x.strokeRect(left + .5, top + .5, w - 1, h - 1); }
    }), {role: "img", "aria-label": `Arena at ${address}`, onmousemove: e => hint(e, poolText(pools[at(e)], at(e))), onmouseleave: e => hint(e),
      onclick: e => show(address, at(e), pools[at(e)])}));
}

function poolDetail(address, index, pool) {
  const title = el("b", {}, `Pool ${index} of arena ${address}`);
  if (!pool) return [title, el("div", {class: "dim"}, "Free: 16 KiB that any block size may take.")];
  const [block, blocks, n] = pool, W = 1040, columns = Math.min(blocks, 64), cell = W / columns, h = Math.min(cell, 16), rows = Math.ceil(blocks / columns);
  const map = bits(pool[3]);
  return [title, el("div", {class: "dim"}, `${count(blocks)} blocks of ${block} bytes, ${count(n)} in use; in the order of their addresses`),
    canvas(W, rows * h, x => {
      for (let i = 0; i < blocks; i++) {
        x.fillStyle = shade(block, used(map, i) ? 1 : dark() ? .2 : .22);
        x.fillRect((i % columns) * cell, Math.floor(i / columns) * h, cell - 1.5, h - 1.5);
      }
    })];
}

function pools(d) {
  const p = d.pools, detail = el("div", {class: "pool"});
  const show = (...args) => detail.replaceChildren(...poolDetail(...args));
  const ramp = canvas(180, 10, x => { for (let i = 0; i < 180; i++) { x.fillStyle = shade(16 * 2 ** (5 * i / 180)); x.fillRect(i, 0, 1.5, 10); } });
  // Opened first: the pool with the most even mix of used and free blocks.
  const all = d.arenas.drawn.flatMap(([address, row]) => row.map((q, i) => [address, i, q])).filter(([, , q]) => q);
  const mix = q => Math.abs(q[2] / q[1] - .6);
  if (all.length) show(...all.reduce((a, b) => mix(b[2]) < mix(a[2]) ? b : a));
  const maps = d.arenas.drawn.slice(0, ARENAS).map(a => arena(a, show)), rest = d.arenas.drawn.slice(ARENAS);
  const grid = el("div", {class: "arenas"}, maps);
  const more = rest.length ? el("button", {class: "more bare", type: "button", onclick: () => { grid.append(...rest.map(a => arena(a, show))); more.remove(); }},
    `Show all ${plural(d.arenas.drawn.length, "arena")}`) : null;
  const widest = Math.max(1, ...p.classes.map(c => c[0] * c[2]));
  return section("pools", "Pools", `Objects up to 512 bytes live in pools of 16 KiB, each for one block size, 64 to an arena of 1 MiB: ${plural(p.arenas, "arena")}, ` +
    `${plural(p.pools - p.free_pools, "pool")} in use with ${size(p.capacity_bytes)} of room, ${size(p.used_bytes)} of it used (${percent(p.used_bytes, p.capacity_bytes)}). Larger blocks come from the C library.`,
    el("div", {class: "card pad"},
      el("div", {class: "legend", style: "margin-bottom:16px"}, el("span", {class: "ramp"}, "16 B", ramp, "512 B"), el("span", {}, "strong: in use · pale: free block · outlined: free pool · choose a pool to see its blocks")),
      grid, more,
      d.arenas.more ? el("p", {class: "dim"}, `and ${plural(d.arenas.more, "arena")} more`) : null, detail),
    el("h3", {}, "By block size"),
    table(p.classes, [
      {name: "Block", of: c => c[0], left: true, cell: c => `${c[0]} bytes`},
      {name: "Room and use", left: true, wide: true, cell: c => {
        const b = bar(c[3], c[2]);
        b.style.maxWidth = `${Math.max(4, 100 * c[0] * c[2] / widest)}%`; b.style.minWidth = "14px"; b.style.height = "9px"; b.style.marginTop = "7px";
        redraw.push(() => { b.style.background = shade(c[0], .25); b.firstChild.style.background = shade(c[0]); });
        redraw[redraw.length - 1]();
        return b;
      }},
      {name: "Pools", of: c => c[1], cell: c => count(c[1])},
      {name: "Blocks", of: c => c[2], cell: c => count(c[2])},
      {name: "In use", of: c => c[3], cell: c => count(c[3])},
      {name: "Use", of: c => c[3] / c[2], cell: c => percent(c[3], c[2])},
      {name: "Size", of: c => c[0] * c[3], cell: c => size(c[0] * c[3])},
    ], {sort: 6, noun: "block size"}));
}

// -- Collections ---------------------------------------------------------------------------------

function ticks(low, high, n) {
  const rough = (high - low) / n || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(k => k * power).find(s => s >= rough);
  const out = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) out.push(v);
  return out;
}

function chart(height, end, marks, label, y, draw) {
  const W = 1080, L = 64, R = 12, T = 12, B = 26;
  const x = t => L + (W - L - R) * t / end;
  const g = el("svg", {viewBox: `0 0 ${W} ${height}`, width: "100%", role: "img"});
  const py = v => T + (height - T - B) * (1 - y(v));
  for (const m of marks) g.append(el("line", {class: "grid", x1: L, x2: W - R, y1: py(m), y2: py(m)}), el("text", {x: L - 8, y: py(m) + 4, "text-anchor": "end"}, label(m)));
  for (const t of ticks(0, end, 8)) g.append(el("text", {x: x(t), y: height - 6, "text-anchor": "middle"}, t ? time(t) : "0"));
  draw(g, x, py, height - B);
  return g;
}

function pauses(d) {
  const low = Math.log10(Math.max(1e-7, Math.min(...d.collections.map(c => c[5])))), high = Math.log10(Math.max(1e-6, ...d.collections.map(c => c[5])));
  const from = Math.floor(low), to = Math.max(from + 1, Math.ceil(high)), marks = [];
  for (let e = from; e <= to; e++) marks.push(10 ** e);
  return chart(240, d.seconds, marks, v => v < 1e-3 ? `${+(v * 1e6).toFixed(1)} µs` : v < 1 ? `${v * 1e3} ms` : `${v} s`, v => (Math.log10(Math.max(v, 10 ** from)) - from) / (to - from),
    (g, x, y) => {
      for (const c of [...d.collections].sort((a, b) => a[0] - b[0]))
        g.append(el("circle", {class: "g" + c[0], cx: x(c[1]).toFixed(1), cy: y(c[5]).toFixed(1), r: 3 + 1.3 * c[0],
          onmousemove: e => hint(e, `generation ${c[0]}, after ${time(c[1])}\npause ${time(c[5])}\n${count(c[2])} examined, ${count(c[3])} collected`), onmouseleave: e => hint(e)}));
    });
}

function blocks(d) {
  const most = Math.max(1, ...d.collections.map(c => c[6]), d.totals.blocks);
  return chart(150, d.seconds, ticks(0, most, 3), v => v >= 1e6 ? `${+(v / 1e6).toFixed(1)} M` : v >= 1e3 ? `${+(v / 1e3).toFixed(1)} k` : v, v => v / most, (g, x, y, floor) => {
    const points = [...d.collections.map(c => [c[1] + c[5], c[6]]), [d.seconds, d.totals.blocks]].map(([t, n]) => `${x(Math.min(t, d.seconds)).toFixed(1)},${y(n).toFixed(1)}`);
    const start = points[0].split(",")[0];
    g.append(el("path", {class: "area", d: `M${start},${floor} L${points.join(" L")} L${x(d.seconds)},${floor}Z`}), el("path", {class: "curve", d: `M${points.join(" L")}`}));
  });
}

function collections(d) {
  const total = d.generations.reduce((s, g) => s + g.seconds, 0), n = d.collections_all;
  const lead = n ? `${plural(n, "collection")} in ${time(d.seconds)}; the program stood still for ${time(total)} (${(100 * total / d.seconds).toFixed(1)} % of its time).` : "The collector did not run.";
  const drawn = n ? el("div", {class: "card pad"},
    el("div", {class: "legend"}, [0, 1, 2].map(i => {
      const dot = el("i"); dot.style.background = `var(--g${i})`;
      return el("span", {}, dot, ["young", "middle", "full"][i] + ` (generation ${i})`);
    })),
    el("h3", {}, "Pauses"), pauses(d), el("h3", {}, "Blocks left after each collection"), blocks(d),
    n > d.collections.length ? el("p", {class: "dim"}, `${count(d.collections.length)} are drawn, the longest pauses among them.`) : null) : null;
  const names = ["young", "middle", "full"];
  return section("collections", "Collections", lead, drawn, el("h3", {}, "By generation"), table(d.generations.map((g, i) => ({...g, i})), [
    {name: "Generation", of: g => g.i, left: true, wide: true, cell: g => `${g.i}, ${names[g.i]}`},
    {name: "Collections", of: g => g.collections, cell: g => count(g.collections)},
    {name: "Examined", of: g => g.examined, cell: g => count(g.examined)},
    {name: "Collected", of: g => g.collected, cell: g => count(g.collected)},
    {name: "Median pause", of: g => g.median, cell: g => time(g.median)},
    {name: "Longest", of: g => g.longest, cell: g => time(g.longest)},
    {name: "All pauses", of: g => g.seconds, cell: g => time(g.seconds)},
  ], {sort: 0, down: false, noun: "generation"}));
}

// -- Cycles --------------------------------------------------------------------------------------

function path(m) {
  const last = m.path.length - 1;
  return el("div", {class: "path"}, m.path.map(([what, step], i) => {
    const back = m.kind === "cycle" && i === last;
    return [i ? el("span", {class: "step"}, step.trim() || "refers to") : null,
      back ? el("span", {class: "back"}, "↺ back to it") : el("span", {class: "node" + (i === (m.kind === "cycle" ? 0 : last) ? " first" : "")}, what)];
  }));
}

function knot(g) {
  const kinds = g.types.slice(0, 6).map(([name, n]) => n > 1 ? `${n} ${name}` : name).join(", ") + (g.types.length > 6 ? ", …" : "");
  const [first, ...rest] = g.members;
  const list = members => members.map(m => el("div", {}, path(m), m.site ? el("div", {class: "dim"}, "made at ", el("code", {}, m.site)) : null));
  return el("div", {class: "knot"},
    el("header", {}, el("b", {}, kinds), el("span", {}, `${g.times > 1 ? `${count(g.times)} alike, each with ` : ""}${plural(g.objects, "object")}, ${size(g.all_bytes)}${g.times > 1 ? " in all" : ""}`)),
    list([first]),
    rest.length ? el("details", {}, el("summary", {}, `a shortest path to each of the others${g.objects > g.members.length ? ` (${g.members.length} of ${count(g.objects)} shown)` : ""}`), list(rest)) : null);
}

function cycles(d) {
  const c = d.cycles;
  const lead = "What the program no longer reaches, and the collector has not come to yet. An object stays because of the shortest cycle through it; what hangs off a cycle, because of the shortest way from there.";
  if (!c.objects) return section("cycles", "Kept by cycles", lead, el("div", {class: "card pad none"}, "No object is kept alive by cycles alone."));
  return section("cycles", "Kept by cycles", `${plural(c.objects, "object")}, ${size(c.bytes)}, in ${plural(c.knots, "knot")}. ` + lead,
    el("div", {class: "card"}, c.groups.map(knot)), c.more ? el("p", {class: "dim"}, `and ${c.more} more kinds`) : null);
}

// -- The page ------------------------------------------------------------------------------------

function tile(name, value, note) { return el("div", {class: "tile"}, el("span", {class: "name"}, name), el("b", {}, value), el("span", {}, note)); }

function show(d) {
  redraw = [];
  const t = d.totals, total = d.generations.reduce((s, g) => s + g.seconds, 0);
  const tabs = looks.length < 2 ? null : el("div", {class: "tabs", role: "tablist"}, looks.map(l =>
    el("button", {type: "button", role: "tab", "aria-selected": l === d, onclick: () => show(l)}, l.moment)));
  main.replaceChildren(
    el("div", {class: "hero"}, el("h1", {}, d.program.join(" ")), el("p", {class: "sub"}, `${d.python} · ${d.date} · ${d.moment}, after ${time(d.seconds)}`), tabs),
    el("div", {class: "tiles"},
      tile("Objects", count(t.new_objects), `made by the program, ${size(t.new_bytes)}`),
      tile("Blocks", size(t.traced), `allocated since the start; ${size(t.peak)} at most`),
      tile("Pools", percent(d.pools.used_bytes, d.pools.capacity_bytes), `used of ${size(d.pools.capacity_bytes)}, ${plural(d.pools.arenas, "arena")}`),
      tile("Pauses", time(total), `${plural(d.collections_all, "collection")}, the longest ${time(Math.max(...d.generations.map(g => g.longest)))}`),
      tile("In cycles", count(d.cycles.objects), d.cycles.objects ? `objects, ${size(d.cycles.bytes)}, only cycles keep` : "objects that only cycles keep"),
      tile("Resident", size(t.resident_peak), `at most; ${size(t.overhead)} of it is tracing`)),
    types(d), places(d), pools(d), collections(d), cycles(d));
  document.getElementById("nav").replaceChildren(...[...main.querySelectorAll("section")].map(s => el("a", {href: "#" + s.id}, s.dataset.title)));
}

const root = document.documentElement;
root.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
if (/^#(dark|light)$/.test(location.hash)) root.dataset.theme = location.hash.slice(1);
document.getElementById("theme").addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; redraw.forEach(f => f()); });
show(looks[looks.length - 1]);
