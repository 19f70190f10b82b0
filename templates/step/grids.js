const arraysBox = document.getElementById("arrays");
const detail = document.getElementById("detail");
const HINT = "Point at or tap a number to see what it is made of.";
const SIZES = [13, 11.5, 10.5, 9.5, 8.5];
const pencil = document.createElement("canvas").getContext("2d");
let shown = [];
let product = null;
let room = 0, gap = 0, family = "";

/* Look up how much room there is; the page does so before it draws in a new size. */
function lookAround() {
  room = arraysBox.clientWidth;
  gap = parseFloat(getComputedStyle(arraysBox).getPropertyValue("--gap"));
  family = getComputedStyle(document.body).fontFamily;
}

/* The arrays of a moment as cards; those of a product stand as its factors meet. */
function drawArrays(frame, [, indices, , earlier], statement) {
  const befores = [...earlier];
  shown = frame[4].map(([name, alias, written], at) => {
    const matrix = matrixOf(indices[at]), before = written ? befores.shift() : -1;
    return { name, alias, written, matrix, before, label: name, style: styleOf(matrix) };
  });
  product = placed(statement.product);
  const met = product && SIZES.find(meets);
  const size = met || SIZES.find((one) => shown.every((each) => wide(each, one) <= room)) || 10.5;
  for (const each of shown) each.cell = cellOf(each, size);
  arraysBox.replaceChildren();
  arraysBox.className = "";
  arraysBox.style.setProperty("--size", `${size}px`);
  const made = shown.filter((each) => each.written), read = shown.filter((each) => !each.written);
  if (met) {
    arraysBox.className = "product";
    const down = [product.right, ...product.added, product.result];
    const widest = Math.max(...down.map((each) => each.cell));
    for (const each of down) each.cell = widest;
    place(product.right, 1, "right", "@");
    product.added.forEach((each, at) => place(each, at + 2, "added", "+"));
    place(product.left, down.length, "left", "");
    place(product.result, down.length, "result", "");
  } else {
    const groups = [made, read].filter((group) => group.length);
    const all = shown.reduce((sum, each) => sum + Math.max(wide(each, size), 110) + 30, 60);
    if (groups.length === 2 && all <= room) arraysBox.className = "beside";
    for (const group of groups) {
      const box = element("div", "group");
      if (group === read && made.length) box.append(element("p", "from", "from"));
      box.append(...group.map(card));
      arraysBox.append(box);
    }
  }
  detail.textContent = shown.length ? HINT : "";
  detail.classList.remove("told");
}

/* The factors, the added vectors and the result among the cards; null if one is absent. */
function placed(said) {
  if (!said) return null;
  const find = (name, isTurned) => {
    const found = shown.find((each) => each.name === name && !each.written);
    if (!found) return null;
    if (isTurned) Object.assign(found, { matrix: turned(found.matrix), label: `${name}.T` });
    return found;
  };
  const left = find(...said.left), right = find(...said.right);
  const result = shown.find((each) => each.written);
  const added = said.added.map((name) => find(name, false));
  if (!left || !right || left === right || !result || added.includes(null)) return null;
  return { left, right, result, added: added.filter((each) => each.matrix.vector), complete: said.complete };
}

/* How wide the cells of an array have to be for its numbers. */
function cellOf({ style }, size) {
  pencil.font = `${size}px ${family}`;
  return Math.max(22, Math.ceil(pencil.measureText(style.longest).width) + 5);
}

function wide(each, size, cell = cellOf(each, size)) {
  const { width, columns } = each.matrix;
  return (cell + 1) * width + (width < columns ? 18 : 2);
}

/* Whether the product can be drawn as its factors meet, with numbers of this size. */
function meets(size) {
  const { left, right, result, added } = product;
  const cell = Math.max(...[right, result, ...added].map((each) => cellOf(each, size)));
  return Math.max(wide(left, size), 64) + gap + wide(result, size, cell) <= room;
}

function place(each, row, area, sign) {
  const box = card(each);
  box.style.gridRow = row;
  box.classList.add(area);
  if (sign) box.dataset.sign = sign;
  arraysBox.append(box);
}

function card(each) {
  const { matrix } = each;
  const box = element("figure", each.written ? "array written" : "array");
  const head = element("figcaption");
  head.append(element("b", "", each.label === "return" ? "returned" : each.label));
  if (each.alias) head.append(element("span", "alias", aliasOf(each)));
  head.append(element("span", "shape", matrix.shape));
  if (each.style.exponent) {
    const power = element("span", "power", "× 10");
    power.append(element("sup", "", signed(String(each.style.exponent))));
    head.append(power);
  }
  const table = element("table");
  const part = matrix.height < matrix.rows || matrix.width < matrix.columns;
  const cut = part ? `, the first ${matrix.height} × ${matrix.width}` : "";
  table.setAttribute("aria-label", `${each.label}, ${matrix.shape}${cut}`);
  const { largest } = each.style;
  each.cells = [];
  for (let row = 0; row < matrix.height; row++) {
    const line = table.insertRow();
    each.cells.push([]);
    for (let column = 0; column < matrix.width; column++) {
      const value = matrix.at(row, column), cell = line.insertCell();
      cell.textContent = inCell(value, each.style);
      const share = largest ? Math.min(1, Math.abs(value) / largest) : 0;
      if (value) cell.className = value < 0 ? "below" : "above";
      cell.style.setProperty("--share", (Number.isFinite(share) ? share : 1).toFixed(3));
      cell.onpointerenter = () => lookAt(each, row, column);
      each.cells[row].push(cell);
    }
    if (matrix.width < matrix.columns) line.append(element("td", "more", row ? "" : "⋯"));
  }
  if (matrix.height < matrix.rows) {
    const line = table.insertRow();
    const more = element("td", "more", "⋮");
    more.colSpan = matrix.width;
    line.append(more);
  }
  box.style.setProperty("--cell", `${each.cell}px`);
  const scroller = element("div", "scroller");
  scroller.append(table);
  box.append(head, scroller);
  return box;
}

/* `m of w1` is said of m as `of w1`. */
function aliasOf({ name, alias }) {
  return alias.startsWith(`${name} of `) ? alias.slice(name.length + 1) : `is ${alias}`;
}

/* Mark a number and what it was made of, or what is made of it. */
function lookAt(each, row, column) {
  forget();
  const light = (other, r, c) => {
    other.cells.forEach((line, i) => line.forEach((cell, j) => {
      if ((r === null || r === i) && (c === null || c === j)) cell.classList.add("lit");
    }));
  };
  each.cells[row][column].classList.add("here");
  detail.replaceChildren(...told(each, row, column));
  detail.classList.add("told");
  const { left, right, result, added } = product ?? {};
  if (product && each === result) {
    light(left, row, null);
    light(right, null, column);
    added.forEach((other) => light(other, 0, column));
  } else if (product && each === left) {
    light(right, column, null);
    light(result, row, null);
  } else if (product && each === right) {
    light(left, null, row);
    light(result, null, column);
  } else if (product && added.includes(each)) {
    light(result, null, column);
  } else {
    for (const other of shown.filter((one) => one !== each)) {
      const where = alike(each.matrix, other.matrix, row, column);
      if (where) light(other, ...where);
    }
  }
}

/* Where another array is broadcast to the same place: its row and its column, null for
   all of them; no answer where their shapes do not meet. */
function alike(a, b, row, column) {
  const meets = (m, n) => m === n || m === 1 || n === 1;
  if (!meets(a.rows, b.rows) || !meets(a.columns, b.columns)) return null;
  const along = (m, n, at) => (n === 1 ? 0 : m === 1 ? null : at);
  return [along(a.rows, b.rows, row), along(a.columns, b.columns, column)];
}

function forget() {
  for (const cell of arraysBox.querySelectorAll(".lit, .here")) cell.classList.remove("lit", "here");
}

function called(each, row, column) {
  const name = each.label === "return" ? "returned" : each.label;
  return each.matrix.vector ? `${name}[${column}]` : `${name}[${row}, ${column}]`;
}

/* A number with what it was, and the numbers that stand where it stands. */
function told(each, row, column) {
  const parts = [element("b", "", called(each, row, column)), ` = ${long(each.matrix.at(row, column))}`];
  const names = data.columns[each.label];
  if (names && names[column] && names.length === each.matrix.columns) parts.push(element("i", "", names[column]));
  const others = [];
  if (each.before >= 0) others.push(`before: ${short(matrixOf(each.before).at(row, column))}`);
  if (product && each === product.result) others.push(sumOf(row, column));
  else if (each.written) {
    for (const other of shown.filter((one) => !one.written)) {
      const where = alike(each.matrix, other.matrix, row, column);
      if (where && !where.includes(null)) others.push(`${called(other, ...where)} = ${short(other.matrix.at(...where))}`);
    }
  }
  return [...parts, ...others.map((text) => element("span", "made", text))];
}

/* The sum of products that a number is. */
function sumOf(row, column) {
  const { left, right, added, complete } = product;
  const count = left.matrix.columns, most = Math.min(4, left.matrix.width);
  const terms = [];
  for (let k = 0; k < most; k++) terms.push(`${short(left.matrix.at(row, k))} · ${short(right.matrix.at(k, column))}`);
  if (count > most) terms.push(`… (${count} products)`);
  for (const other of added) terms.push(short(other.matrix.at(0, column)));
  if (!complete) terms.push("…");
  return `= ${terms.join(" + ")}`;
}

arraysBox.onpointerleave = (event) => {
  if (event.pointerType === "mouse") forget();
};
