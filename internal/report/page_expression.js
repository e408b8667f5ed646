// Constraints as text: `dsp <= 1728 && fps >= 30`. A parser of its own, so no text is ever run as code.
//
//   or    := and { "||" and }            sum     := product { ("+" | "-") product }
//   and   := not { "&&" not }            product := sign { ("*" | "/" | "%") sign }
//   not   := "!" not | compare           sign    := "-" sign | atom
//   compare := sum [ op sum ]            atom    := number | "text" | name | f(a, ...) | "(" or ")"
//
// A node is {type, at, value(i)}: the type is number, text or truth; value computes it for point i.

class ExpressionError extends Error {
  constructor(at, message) {
    super("column " + (at + 1) + ": " + message);
    this.at = at;
  }
}

const tokenPattern = /(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|`([^`]*)`|"([^"]*)"|'([^']*)'|(&&|\|\||[<>=!]=|[-+*/%()<>!,])/y;

function tokenize(text) {
  const tokens = [];
  for (let at = 0; ; ) {
    while (/\s/.test(text[at] || "")) at++;
    if (at >= text.length) return [...tokens, { kind: "end", at, text: "the end" }];
    tokenPattern.lastIndex = at;
    const m = tokenPattern.exec(text);
    if (!m) throw new ExpressionError(at, "unexpected " + JSON.stringify(text[at]) + (text[at] === "=" ? "; equality is ==" : ""));
    const group = [1, 2, 3, 4, 5, 6].find((k) => m[k] !== undefined);
    tokens.push({ kind: ["number", "name", "name", "text", "text", "sign"][group - 1], at, text: m[group], quoted: group === 3 });
    at = tokenPattern.lastIndex;
  }
}

const calls = {
  min: Math.min, max: Math.max, abs: Math.abs, log2: Math.log2, sqrt: Math.sqrt, floor: Math.floor, ceil: Math.ceil,
};
const unaryCalls = new Set(["abs", "log2", "sqrt", "floor", "ceil"]);
const deepest = 100;

const comparisons = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b,
  ">=": (a, b) => a >= b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
};
const arithmetic = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b,
};

class Parser {
  constructor(text, known) {
    this.tokens = tokenize(text);
    this.next = 0;
    this.depth = 0;
    this.known = known;
    this.used = new Set();
  }

  get token() {
    return this.tokens[this.next];
  }

  take(...texts) {
    const { kind, text } = this.token;
    return kind === "sign" && texts.includes(text) ? this.tokens[this.next++] : null;
  }

  demand(text, why) {
    if (!this.take(text)) throw new ExpressionError(this.token.at, "expected " + text + " " + why + ", found " + this.token.text);
  }

  whole() {
    const node = this.or();
    if (this.token.kind !== "end") throw new ExpressionError(this.token.at, "expected && or || before " + this.token.text);
    return this.typed(node, "truth", "the constraint");
  }

  typed(node, type, what) {
    if (node.type !== type) throw new ExpressionError(node.at, what + " must be a " + type + ", this is a " + node.type);
    return node;
  }

  or() {
    let left = this.and();
    for (let op; (op = this.take("||")); ) {
      const [a, b] = [this.typed(left, "truth", "the left of ||"), this.typed(this.and(), "truth", "the right of ||")];
      left = { type: "truth", at: op.at, value: (i) => a.value(i) || b.value(i) };
    }
    return left;
  }

  and() {
    let left = this.not();
    for (let op; (op = this.take("&&")); ) {
      const [a, b] = [this.typed(left, "truth", "the left of &&"), this.typed(this.not(), "truth", "the right of &&")];
      left = { type: "truth", at: op.at, value: (i) => a.value(i) && b.value(i) };
    }
    return left;
  }

  not() {
    const op = this.take("!");
    if (!op) return this.compare();
    const a = this.nested(op.at, () => this.typed(this.not(), "truth", "what ! turns round"));
    return { type: "truth", at: op.at, value: (i) => !a.value(i) };
  }

  compare() {
    const a = this.sum();
    const op = this.take(...Object.keys(comparisons));
    if (!op) return a;
    const b = this.sum();
    if (a.type !== b.type) throw new ExpressionError(op.at, "cannot compare a " + a.type + " with a " + b.type);
    if (a.type !== "number" && op.text !== "==" && op.text !== "!=") throw new ExpressionError(op.at, op.text + " needs numbers");
    if (this.take(...Object.keys(comparisons))) throw new ExpressionError(this.tokens[this.next - 1].at, "join comparisons with &&");
    const test = comparisons[op.text];
    return { type: "truth", at: op.at, value: (i) => test(a.value(i), b.value(i)) };
  }

  sum() {
    return this.chain(["+", "-"], () => this.product());
  }

  product() {
    return this.chain(["*", "/", "%"], () => this.sign());
  }

  chain(signs, operand) {
    let left = operand();
    for (let op; (op = this.take(...signs)); ) {
      const [a, b] = [this.typed(left, "number", "the left of " + op.text), this.typed(operand(), "number", "the right of " + op.text)];
      const apply = arithmetic[op.text];
      left = { type: "number", at: op.at, value: (i) => apply(a.value(i), b.value(i)) };
    }
    return left;
  }

  sign() {
    const op = this.take("-");
    if (!op) return this.atom();
    const a = this.nested(op.at, () => this.typed(this.sign(), "number", "what - negates"));
    return { type: "number", at: op.at, value: (i) => -a.value(i) };
  }

  atom() {
    const token = this.token;
    this.next++;
    switch (token.kind) {
      case "number": return { type: "number", at: token.at, value: () => Number(token.text) };
      case "text": return { type: "text", at: token.at, value: () => token.text };
      case "name": return this.name(token);
    }
    if (token.text !== "(" || token.kind !== "sign") throw new ExpressionError(token.at, "expected a name or a value, found " + token.text);
    const inner = this.nested(token.at, () => this.or());
    this.demand(")", "to close the bracket");
    return inner;
  }

  name(token) {
    if (!token.quoted && Object.hasOwn(calls, token.text) && this.take("(")) return this.call(token);
    const column = this.known.find((c) => c.name === token.text);
    if (column) return this.column(column, token.at);
    if (token.text === "true" || token.text === "false") return { type: "truth", at: token.at, value: () => token.text === "true" };
    throw new ExpressionError(token.at, unknownName(token.text, this.known));
  }

  column(column, at) {
    this.used.add(column);
    const { values, labels } = column;
    if (column.kind === "number") return { type: "number", at, value: (i) => values[i] };
    if (column.kind === "bool") return { type: "truth", at, value: (i) => labels[values[i]] === "true" };
    return { type: "text", at, value: (i) => labels[values[i]] };
  }

  call(token) {
    const list = this.nested(token.at, () => {
      const out = [];
      do out.push(this.typed(this.sum(), "number", "an argument of " + token.text)); while (this.take(","));
      return out;
    });
    this.demand(")", "to close " + token.text);
    if (unaryCalls.has(token.text) && list.length !== 1) throw new ExpressionError(token.at, token.text + " takes one argument");
    const apply = calls[token.text];
    return { type: "number", at: token.at, value: (i) => apply(...list.map((a) => a.value(i))) };
  }

  nested(at, parse) {
    if (++this.depth > deepest) throw new ExpressionError(at, "nested too deeply");
    const node = parse();
    this.depth--;
    return node;
  }
}

function unknownName(name, known) {
  const owner = known.find((c) => c.labels && c.labels.includes(name));
  if (owner) return "write " + JSON.stringify(name) + " in quotes: it is a value of " + owner.name;
  const near = known.map((c) => ({ name: c.name, steps: editDistance(c.name.toLowerCase(), name.toLowerCase()) }));
  near.sort((a, b) => a.steps - b.steps);
  const close = near.length && near[0].steps <= Math.max(1, name.length / 3);
  return "unknown name " + name + (close ? "; did you mean " + near[0].name + "?" : "; known: " + known.map((c) => c.name).join(", "));
}

function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

// compileExpression returns the test of a constraint, or null for an empty one. A point that lacks a value
// the constraint names does not pass, whatever the constraint says about it.
function compileExpression(text, known) {
  if (!text.trim()) return null;
  const parser = new Parser(text, known);
  const node = parser.whole();
  const used = [...parser.used];
  return (i) => used.every((c) => !Number.isNaN(c.values[i])) && node.value(i);
}
