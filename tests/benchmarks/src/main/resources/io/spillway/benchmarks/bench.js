// One plot for each that was measured: lines over one axis, their meaning below.
const COLOURS = ['critical', 'normal', 'high', 'accent', 'bulk', 'quiet'];
DATA.plots.forEach(p => {
  const card = element('div', {className: 'card'}, element('h3', {}, p.title));
  document.getElementById('plots').append(element('h2'), card);
  const axis = extra => ({stroke: () => css('quiet'), grid: {stroke: () => css('line'), width: 1}, ...extra});
  legend(card, p.lines.map((l, i) => [l.label, COLOURS[i % COLOURS.length]]));
  const width = () => Math.max(220, card.clientWidth - 32);
  const u = new uPlot({
    width: width(), height: 280, legend: {show: false},
    scales: {x: {time: false}, y: p.log ? {distr: 3} : {}},
    axes: [axis({label: p.xName}), axis({size: 62, values: (u, ticks) => ticks.map(t => t == null ? '' : String(+t.toPrecision(3)))})],
    series: [{label: p.xName}, ...p.lines.map((l, i) => ({
      label: l.label, width: 2,
      stroke: () => css(COLOURS[i % COLOURS.length]), points: {show: true, size: 6},
      value: (u, v) => v == null ? '-' : String(+v.toPrecision(3)),
    }))],
  }, [p.x, ...p.lines.map(l => l.values)], card);
  addEventListener('resize', () => u.setSize({width: width(), height: 280}));
});
