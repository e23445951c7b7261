// Plots of a report. Colours come from the page's CSS, so that they follow light and dark.
const css = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const element = (tag, attributes, ...children) => {
  const e = Object.assign(document.createElement(tag), attributes || {});
  e.append(...children);
  return e;
};
const number = v => v == null ? '-' : v.toLocaleString('en', {maximumFractionDigits: v < 10 ? 1 : 0});
const millis = v => v == null ? '-' : v < 1000 ? Math.round(v) + ' ms' : (v / 1000).toFixed(v < 1e5 && v % 1000 ? 1 : 0) + ' s';
const fade = (colour, alpha) => colour + Math.round(255 * alpha).toString(16).padStart(2, '0');

/**
 * A line plot over seconds. options: x, lines [{label, values, colour, dash, fill}], log,
 * max (of y), from and until (of x; from is shown as 0), format, stages [{name, from, to, busy}],
 * height, only (the lines to read out under the pointer, if not all of them).
 */
function plot(parent, options) {
  const box = element('div', {className: 'plot'});
  const tip = element('div', {className: 'tip'});
  box.append(tip);
  parent.append(box);
  const format = options.format || number;
  const min = options.log ? options.log : 0;
  const zero = options.from || 0;
  const seconds = (u, axis, min, max, step) => {
    const splits = [];
    for (let t = zero; t <= max; t += step) { splits.push(t); }
    return splits;
  };
  const clean = v => v == null || (options.log && v < min) ? (v == null ? null : min) : v;
  const data = [options.x, ...options.lines.map(l => l.values.map(clean))];
  const axis = extra => Object.assign({
    stroke: () => css('quiet'), font: '11px system-ui, sans-serif',
    grid: {stroke: () => css('line'), width: 1}, ticks: {show: false},
  }, extra);
  const shadeStages = u => (options.stages || []).filter(s => s.busy).forEach(s => {
    const from = u.valToPos(s.from, 'x', true), to = u.valToPos(s.to, 'x', true);
    u.ctx.fillStyle = css('shade');
    u.ctx.fillRect(from, u.bbox.top, to - from, u.bbox.height);
  });
  const size = () => ({width: Math.max(220, box.clientWidth), height: options.height || 230});
  const u = new uPlot({
    ...size(),
    padding: [10, 22, 0, 0],
    cursor: {points: {size: 5}, y: false, drag: {x: false, y: false}},
    scales: {
      x: {time: false, range: [options.from || 0, options.until]},
      y: options.log ? {distr: 3, log: 10, range: [min, options.max]} : {range: [0, options.max]},
    },
    axes: [
      axis({values: (u, ticks) => ticks.map(t => t - zero + ' s'), splits: seconds, size: 28}),
      axis({values: (u, ticks) => ticks.map(t => t == null ? '' : format(t)), size: 62,
        ...(options.log ? {filter: (u, ticks) => ticks.map(t => Number.isInteger(Math.log10(t)) ? t : null)} : {})}),
    ],
    series: [{}, ...options.lines.map(l => ({
      label: l.label, width: l.width || 2, dash: l.dash, spanGaps: false,
      stroke: () => css(l.colour), points: {show: false},
      fill: l.fill ? () => fade(css(l.colour), l.fill) : undefined,
    }))],
    hooks: {
      drawClear: [shadeStages],
      setCursor: [u => {
        const i = u.cursor.idx;
        tip.textContent = i == null || u.cursor.left < 0 ? '' : number(options.x[i] - zero) + ' s:  '
          + (options.only || options.lines).map(l => l.label + ' ' + format((l.shown || l.values)[i])).join('   ');
      }],
    },
  }, data, box);
  addEventListener('resize', () => u.setSize(size()));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => u.redraw(false));
}

/** What the lines mean: entries [label, colour, dashed]. */
function legend(parent, entries) {
  parent.append(element('div', {className: 'legend'}, ...entries.map(([label, colour, dashed, alpha]) => {
    const mark = element('i', {className: dashed ? 'dashed' : ''});
    mark.style[dashed ? 'borderColor' : 'background'] = `var(--${colour})`;
    if (alpha) { mark.style.opacity = alpha; }
    return element('span', {}, mark, label);
  })));
}
