const PRIORITIES = ['critical', 'high', 'normal', 'bulk'];
// A warm-up has no figures and is not shown.
const STAGES = DATA.stages.filter(s => DATA.variants[0].figures.priorities.critical[s.name]);
const START = STAGES[0].from;
const END = STAGES[STAGES.length - 1].to;
const RUNS = DATA.variants;
const steps = run => run.waiting.map((_, i) => i);
const cut = (run, values) => values.slice(0, END);
const highest = lists => Math.max(1, ...lists.flatMap(l => l.slice(START)).filter(v => v != null));

function pair(id, draw, entries) {
  const parent = document.getElementById(id);
  const row = element('div', {className: 'pair'});
  RUNS.forEach(run => {
    const card = element('div', {className: 'card'}, element('h3', {}, run.title));
    row.append(card);
    card.run = run;
  });
  legend(parent, entries);
  parent.append(row);
  row.childNodes.forEach(card => draw(card, card.run));
}

const priorityEntries = PRIORITIES.map(p => [p, p]);

const worst = highest(RUNS.flatMap(run => PRIORITIES.map(p => run.p99[p])));
const decade = Math.pow(10, Math.ceil(Math.log10(worst)));
pair('latency', (card, run) => plot(card, {
  x: cut(run, steps(run)), from: START, until: END, log: 10, max: decade, format: millis, stages: STAGES, height: 280,
  lines: [...PRIORITIES].reverse().map(p => ({
    label: p, values: cut(run, run.p99[p]), colour: p, width: p === 'critical' ? 3 : 1.6})),
}), priorityEntries);

// A stack: each line is the sum of its band and of all bands below it.
const bands = run => [
  ...PRIORITIES.map(p => ({label: p, colour: p, own: run.offered[p].map((n, i) => n - run.rejected[p][i]), fill: .85})),
  ...PRIORITIES.map(p => ({label: p + ' shed', colour: p, own: run.rejected[p], fill: .22})),
];
const offered = highest(RUNS.map(run => steps(run).map(i => PRIORITIES.reduce((s, p) => s + run.offered[p][i], 0))));
pair('fates', (card, run) => {
  let below = steps(run).map(() => 0);
  const lines = bands(run).filter(b => b.fill > .5 || b.own.some(n => n > 0)).map(band => {
    below = below.map((n, i) => n + band.own[i]);
    return {...band, values: cut(run, below), shown: cut(run, band.own), width: .5};
  });
  // The highest is drawn first, so that each lower one covers its part.
  const covered = lines.reverse().flatMap(l => [{...l, colour: 'card', fill: 1, width: 0}, l]);
  plot(card, {x: cut(run, steps(run)), from: START, until: END, max: offered * 1.05, stages: STAGES, lines: covered, height: 250,
    only: lines});
}, [...priorityEntries, ...PRIORITIES.slice(1).map(p => [p + ' shed', p, false, .3])]);

const longest = Math.max(...RUNS.map(run => run.waiting.length));
const mostWaiting = highest(RUNS.map(run => run.waiting));
pair('backlog', (card, run) => plot(card, {
  x: steps(run), from: START, until: longest, max: mostWaiting * 1.05, stages: STAGES,
  lines: [{label: 'waiting', values: run.waiting, colour: 'accent', fill: .25}],
}), [['events waiting', 'accent']]);

const LANE_COLOURS = {express: 'critical', bulk: 'bulk', all: 'accent', single: 'accent'};
const laneNames = [...new Set(RUNS.flatMap(run => Object.keys(run.inside.lanes)))];
pair('inside', (card, run) => {
  const lines = [
    ...Object.entries(run.inside.lanes).map(([lane, values]) => ({label: 'lane ' + lane, values, colour: LANE_COLOURS[lane] || 'accent', fill: .08})),
    ...PRIORITIES.filter(p => run.inside.keep[p]).map(p => ({label: 'keep ' + p, values: run.inside.keep[p], colour: p, dash: [5, 4], width: 1.6})),
  ];
  if (lines.length === 0 || run.inside.t.length === 0) {
    card.append(element('p', {className: 'note'}, 'Exports none of them.'));
    return;
  }
  plot(card, {x: run.inside.t, from: START, until: END, max: 1.05, stages: STAGES, lines, format: v => v == null ? '-' : v.toFixed(2)});
}, [...laneNames.map(l => ['lane ' + l, LANE_COLOURS[l] || 'accent']), ...PRIORITIES.map(p => ['keep ' + p, p, true])]);

function tile(what, big, beside) {
  document.getElementById('tiles').append(element('div', {className: 'card tile'},
    element('div', {className: 'what'}, what), element('div', {className: 'big'}, big), element('div', {className: 'beside'}, beside)));
}
const [plain, ours] = RUNS.map(run => run.figures);
const critical = (v, stage) => v.priorities.critical[stage];
tile('critical p99 during overload', millis(critical(ours, 'overload').p99_ms), 'plain Flink: ' + millis(critical(plain, 'overload').p99_ms));
tile('critical p99 after it', millis(critical(ours, 'recovery').p99_ms), 'plain Flink: ' + millis(critical(plain, 'recovery').p99_ms));
tile('results per second in it', number(ours.goodput_per_second.overload), 'plain Flink: ' + number(plain.goodput_per_second.overload) + ' of ' + number(DATA.capacity));
tile('of them within one second', number(ours.timely_per_second.overload), 'plain Flink: ' + number(plain.timely_per_second.overload));
tile('critical events lost', number(ours.missing_critical), 'events unaccounted for: ' + number(ours.conservation.unaccounted + plain.conservation.unaccounted));

const cell = (text, sep) => element('td', {className: sep ? 'sep' : ''}, text);
function table(parent, heads, rows) {
  const t = element('table', {});
  const head = element('thead', {});
  heads.forEach(cells => head.append(element('tr', {}, ...cells.map(([text, span, group]) =>
    element('th', {colSpan: span || 1, className: (group ? 'group ' : '') + (group === 2 ? 'sep' : '')}, text)))));
  const body = element('tbody', {});
  rows.forEach(r => body.append(element('tr', {}, ...r)));
  t.append(head, body);
  document.getElementById(parent).append(t);
}
const five = ['produced', 'delivered', 'p50', 'p99', 'max'];
table('figures',
  [[[''], ['Plain Flink', 5, 2], ['Spillway', 5, 2]], [[''], ...five.map(t => [t]), ...five.map(t => [t])]],
  PRIORITIES.flatMap(p => STAGES.map(s => {
    const name = element('td', {}, element('span', {className: 'dot'}), p + ', ' + s.name);
    name.firstChild.style.background = `var(--${p})`;
    return [name, ...[plain, ours].flatMap(v => {
      const f = v.priorities[p][s.name];
      return [cell(number(f.produced), true), cell(f.produced ? (100 * f.delivered / f.produced).toFixed(1) + ' %' : '-'),
        cell(millis(f.p50_ms)), cell(millis(f.p99_ms)), cell(millis(f.max_ms))];
    })];
  })));
const LAW = ['produced', 'delivered', 'shed', 'expired', 'deferred', 'throttled', 'dead_letters', 'unaccounted'];
table('conservation',
  [[[''], ...LAW.map((t, i) => [(i === 1 ? '= ' : i > 1 ? '+ ' : '') + t.replace('_', ' ')])]],
  RUNS.map(run => [cell(run.title), ...LAW.map(k => cell(number(run.figures.conservation[k])))]));
