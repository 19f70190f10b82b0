const byId = (id) => document.getElementById(id);
const codeBox = byId("code"), specBox = byId("spec"), chart = byId("chart");
const steps = data.steps;
const becameOf = new Map();
for (const [line, lines] of Object.entries(data.origins))
  for (const each of lines) becameOf.set(each, [...(becameOf.get(each) ?? []), Number(line)]);
let step = 0, moment = 0, chosen = null, timer = null, saving = null;

const codeLines = data.code.map((pieces, at) => textLine(codeBox, pieces, at + 1));
const specLines = data.spec.map((pieces, at) => textLine(specBox, pieces, at + 1));

function textLine(box, pieces, number) {
  const line = element("li");
  line.append(element("span", "n", number), ...coloured(pieces));
  box.append(line);
  return line;
}

function statementOf(each) {
  return data.statements[data.frames[each[0]][0]];
}

/* A line of the spec and the lines it became mark each other. */
specLines.forEach((line, at) => {
  if (!data.origins[at + 1]) return;
  line.classList.add("leads");
  line.tabIndex = 0;
  line.setAttribute("role", "button");
  line.onpointerenter = () => mark([at + 1]);
  line.onpointerleave = () => mark(chosen ? [chosen] : []);
  line.onclick = () => choose(at + 1);
  line.onkeydown = (event) => {
    if (event.key === "Enter") choose(at + 1);
  };
});
codeLines.forEach((line, at) => {
  line.onpointerenter = () => mark(becameOf.get(at + 1) ?? []);
  line.onpointerleave = () => mark(chosen ? [chosen] : []);
  line.onclick = () => {
    const found = steps[step].moments.findIndex((each) => covers(statementOf(each), at + 1));
    if (found >= 0) go(step, found);
  };
});

function covers(statement, line) {
  return statement.first <= line && line <= statement.last;
}

function choose(line) {
  chosen = chosen === line ? null : line;
  mark(chosen ? [chosen] : []);
  if (chosen) {
    show("code");
    bringIntoView(codeBox, codeLines[data.origins[chosen][0] - 1]);
  }
}

function mark(lines) {
  const became = new Set(lines.flatMap((line) => data.origins[line] ?? []));
  specLines.forEach((line, at) => {
    line.classList.toggle("marked", lines.includes(at + 1));
    if (line.hasAttribute("role")) line.setAttribute("aria-pressed", chosen === at + 1);
  });
  codeLines.forEach((line, at) => line.classList.toggle("marked", became.has(at + 1)));
  byId("ruler").replaceChildren(...[...became].map((line) => {
    const tick = element("i");
    tick.style.top = `${(100 * (line - 0.5)) / codeLines.length}%`;
    return tick;
  }));
}

function bringIntoView(box, line) {
  const top = line.offsetTop - box.offsetTop, room = box.clientHeight;
  const above = top < box.scrollTop + room * 0.15, below = top > box.scrollTop + room * 0.75;
  if (above || below) box.scrollTop = top - room * 0.35;
}

function go(toStep, toMoment) {
  step = Math.max(0, Math.min(steps.length - 1, toStep));
  moment = Math.max(0, Math.min(steps[step].moments.length - 1, toMoment));
  draw();
}

function forward() {
  if (moment + 1 < steps[step].moments.length) go(step, moment + 1);
  else if (step + 1 < steps.length) go(step + 1, 0);
  else play(false);
}

function back() {
  if (moment > 0) go(step, moment - 1);
  else if (step > 0) go(step - 1, Infinity);
}

function draw() {
  const now = steps[step].moments[moment], [frameAt, , values] = now;
  const frame = data.frames[frameAt], [statementAt, phase, name, calls] = frame;
  const statement = data.statements[statementAt];
  document.body.dataset.phase = data.phases[phase];
  drawText(statement, calls);
  drawHead(frame, values, statement, name, calls);
  drawArrays(frame, now, statement);
  drawPhases(phase);
  drawTraining();
  const made = frame[4].filter((each) => each[2]).map((each) => each[0]).join(", ");
  const code = byId("formula").textContent;
  byId("live").textContent = `${data.phases[phase]}, line ${statement.first}: ${code}. ${made ? `New: ${made}.` : ""}`;
  clearTimeout(saving);
  if (location.protocol !== "about:")
    saving = setTimeout(() => history.replaceState(null, "", `#${step + 1}.${moment + 1}`), 500);
}

function drawText(statement, calls) {
  for (const line of document.querySelectorAll("li.now, li.caller")) {
    line.classList.remove("now", "caller");
    line.removeAttribute("aria-current");
  }
  for (const call of calls) codeLines[call - 1].classList.add("caller");
  for (let at = statement.first; at <= statement.last; at++) {
    codeLines[at - 1].classList.add("now");
    codeLines[at - 1].setAttribute("aria-current", "true");
  }
  const origin = becameOf.get(statement.first) ?? [];
  for (const line of origin) specLines[line - 1].classList.add("now");
  bringIntoView(codeBox, codeLines[statement.first - 1]);
  if (origin.length) bringIntoView(specBox, specLines[origin[0] - 1]);
}

function drawHead(frame, values, statement, name, calls) {
  const where = byId("where");
  where.replaceChildren(element("b", "phase", data.phases[frame[1]]));
  if (name !== data.phases[frame[1]]) where.append(element("code", "", name));
  for (const line of becameOf.get(statement.first) ?? [])
    where.append(element("span", "origin", data.spec[line - 1].map((piece) => piece[1]).join("").trim().replace(/ +/g, " ")));
  const lines = data.code.slice(statement.first - 1, statement.last);
  const indent = lines[0].length && lines[0][0][0] === "" ? lines[0][0][1].match(/^ */)[0].length : 0;
  byId("formula").replaceChildren(...lines.flatMap((pieces, at) => {
    const kept = pieces.filter((piece) => piece[0] !== "comment").map((piece, i) => (i ? piece : [piece[0], piece[1].slice(indent)]));
    if (kept.length) kept[kept.length - 1] = [kept.at(-1)[0], kept.at(-1)[1].trimEnd()];
    return [...(at ? [document.createTextNode("\n")] : []), ...coloured(kept)];
  }));
  byId("scalars").replaceChildren(...frame[5].map(([label, written], at) => {
    const chip = element("span", written ? "chip written" : "chip");
    chip.append(element("b", "", label === "return" ? "returned" : label), ` ${label === "return" ? "" : "= "}${long(values[at])}`);
    return chip;
  }));
}

function drawPhases(phase) {
  const counts = data.phases.map((_, at) => steps[step].moments.filter((each) => data.frames[each[0]][1] === at).length);
  let first = 0;
  byId("phases").replaceChildren(...counts.map((count, at) => {
    const start = first, button = element("button", `tone-${data.phases[at]}`, data.phases[at]);
    first += count;
    button.type = "button";
    button.disabled = !count;
    button.style.flexGrow = Math.sqrt(count);
    const done = Math.max(0, Math.min(1, (moment + 1 - start) / count));
    button.style.setProperty("--done", at === phase ? done : done >= 1 ? 1 : 0);
    if (at === phase) button.setAttribute("aria-current", "step");
    button.onclick = () => go(step, start);
    return button;
  }));
  byId("place").textContent = `line ${moment + 1} of ${steps[step].moments.length}`;
  byId("back").disabled = !step && !moment;
  byId("next").disabled = step === steps.length - 1 && moment === steps[step].moments.length - 1;
}

function drawTraining() {
  byId("step").value = step;
  byId("step-number").textContent = `${step + 1} of ${steps.length}`;
  byId("step").setAttribute("aria-valuetext", `step ${step + 1}, loss ${short(steps[step].loss)}`);
  byId("loss").textContent = short(steps[step].loss);
  chart.querySelector(".now")?.setAttribute("d", dot(step));
}

/* The chart of the loss: a path of dots is round however the chart is stretched. */
const losses = steps.map((each) => each.loss);
const finite = losses.filter((loss) => loss !== null);
const [low, high] = [Math.min(...finite), Math.max(...finite)];
const across = (at) => (steps.length > 1 ? (100 * at) / (steps.length - 1) : 0);
const upward = (loss) => 34 - (30 * (loss - low)) / (high - low || 1);
const dot = (at) => (losses[at] === null ? "" : `M${across(at)} ${upward(losses[at])}h0`);

function drawChart() {
  chart.setAttribute("viewBox", "0 0 100 38");
  const points = losses.map((loss, at) => (loss === null ? "" : `${across(at)} ${upward(loss)}`));
  const path = (kind, d) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
    made.setAttribute("class", kind);
    made.setAttribute("d", d);
    chart.append(made);
  };
  const seen = points.filter(Boolean);
  if (seen.length) path("line", `M${seen.join("L")}`);
  path("dots", losses.map((_, at) => dot(at)).join(""));
  path("now", "");
}

function play(on) {
  clearInterval(timer);
  timer = on ? setInterval(forward, 900) : null;
  document.body.classList.toggle("playing", on);
  byId("play").setAttribute("aria-label", on ? "Pause" : "Play");
}

function show(what) {
  document.body.dataset.text = what;
  byId("to-code").setAttribute("aria-pressed", what === "code");
  byId("to-spec").setAttribute("aria-pressed", what === "spec");
}

const KEYS = {
  ArrowRight: forward, ArrowLeft: back,
  ArrowDown: () => go(step + 1, moment), ArrowUp: () => go(step - 1, moment),
  Home: () => go(step, 0), End: () => go(step, Infinity),
  " ": () => play(!timer),
};

document.addEventListener("keydown", (event) => {
  const inSlider = event.target === byId("step"), inButton = event.target.closest("button, summary");
  if (event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
  if (inSlider && event.key !== " ") return;
  if (inButton && event.key === " ") return;
  event.preventDefault();
  if (event.key !== " ") play(false);
  KEYS[event.key]();
});
document.addEventListener("pointerdown", (event) => {
  const about = document.querySelector(".about");
  if (!about.contains(event.target)) about.open = false;
});
byId("next").onclick = () => { play(false); forward(); };
byId("back").onclick = () => { play(false); back(); };
byId("play").onclick = () => play(!timer);
byId("to-code").onclick = () => show("code");
byId("to-spec").onclick = () => show("spec");
byId("step").max = steps.length - 1;
byId("step").oninput = (event) => go(Number(event.target.value), moment);
addEventListener("resize", () => {
  lookAround();
  draw();
});

for (const each of steps[0].moments) {
  const { first, last } = statementOf(each);
  for (let line = first; line <= last; line++)
    codeLines[line - 1].classList.add("runs", `tone-${data.phases[data.frames[each[0]][1]]}`);
}
show("code");
lookAround();
drawChart();
const asked = location.hash.match(/^#(\d+)\.(\d+)$/);
go(asked ? asked[1] - 1 : 0, asked ? asked[2] - 1 : 0);
