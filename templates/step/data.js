"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const bytes = Uint8Array.from(atob(data.numbers), (c) => c.charCodeAt(0));
const numbers = new Float32Array(bytes.buffer);
const MINUS = "\u2212";

/* A recorded array: a vector is one row. `at` gives its numbers, the first rows and
   columns of which are kept. */
function matrixOf(index) {
  const [first, second, start] = data.shapes[index];
  const vector = second === 0;
  const rows = vector ? 1 : first, columns = vector ? first : second;
  const height = Math.min(rows, data.corner), width = Math.min(columns, data.corner);
  return {
    rows, columns, height, width, vector,
    shape: vector ? `${columns}` : `${rows} × ${columns}`,
    at: (row, column) => numbers[start + row * width + column],
  };
}

function turned(matrix) {
  if (matrix.vector) return matrix;
  return {
    rows: matrix.columns, columns: matrix.rows,
    height: matrix.width, width: matrix.height, vector: false,
    shape: `${matrix.columns} × ${matrix.rows}`,
    at: (row, column) => matrix.at(column, row),
  };
}

function signed(text) {
  return text.replaceAll("-", MINUS);
}

/* Three significant digits. */
function short(value) {
  if (value === null || !Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? `${MINUS}∞` : "nan";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e5) return signed(String(value));
  if (size < 1e-3 || size >= 1e5) return signed(value.toExponential(2));
  return signed(size >= 1000 ? value.toFixed(0) : value.toPrecision(3));
}

/* How the numbers of an array are written in its cells: so that the largest has three
   significant digits, all have as many decimals, times a power of ten where it is small
   or large. */
function styleOf(matrix) {
  const values = [];
  for (let row = 0; row < matrix.height; row++)
    for (let column = 0; column < matrix.width; column++) values.push(matrix.at(row, column));
  const finite = values.filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const power = largest ? Math.floor(Math.log10(largest)) : 0;
  const exponent = power < -1 || power > 3 ? power : 0;
  const whole = largest < 1e4 && finite.every(Number.isInteger);
  const style = { largest, exponent, decimals: whole ? 0 : Math.max(0, 2 - power + exponent) };
  const texts = values.map((value) => inCell(value, style));
  style.longest = texts.reduce((most, text) => (text.length > most.length ? text : most), "");
  return style;
}

function inCell(value, { exponent, decimals }) {
  if (!Number.isFinite(value) || value === 0) return short(value);
  const text = (value / 10 ** exponent).toFixed(decimals);
  return signed(Number(text) === 0 ? text.replace("-", "") : text);
}

/* As many digits as are recorded. */
function long(value) {
  if (value === null || !Number.isFinite(value)) return short(value);
  return signed(String(Number(value.toPrecision(7))));
}

function element(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

/* Pieces of a line, each with the kind of word that it is. */
function coloured(pieces) {
  return pieces.map(([kind, text]) => element("span", kind, text));
}
