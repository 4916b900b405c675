/** The look of the workbench, on paper too. */
export const STYLE = `
:root{--bg:#f5f6f8;--panel:#fff;--raised:#f0f2f5;--line:#dfe3e8;--ink:#16202c;--mut:#5b6876;--accent:#1f6feb;--good:#14704f;--warn:#85570a;--bad:#b3342b;
--font:13.5px/1.5 Inter,"Segoe UI",system-ui,"DejaVu Sans",sans-serif;--mono:12px/1.5 "JetBrains Mono","SF Mono","DejaVu Sans Mono",monospace;color-scheme:light}
[data-theme=dark]{--bg:#0e1116;--panel:#151a21;--raised:#1b222b;--line:#262f3a;--ink:#e6ebf1;--mut:#8b98a7;--accent:#4c9aff;--good:#3fb68b;--warn:#e0a63a;--bad:#f0837b;color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:var(--font);font-variant-numeric:tabular-nums}
main{max-width:1180px;margin:0 auto;padding:28px 24px 48px;display:flex;flex-direction:column;gap:16px}
header{display:flex;gap:24px;align-items:flex-start}
h1{font-size:24px;line-height:1.25;letter-spacing:-.3px;margin:2px 0 0;font-weight:650}
h2{font-size:15px;margin:0;font-weight:650}
h3{font-size:13px;margin:0 0 6px;font-weight:600;color:var(--mut)}
p{margin:0}
.muted,.note{color:var(--mut)}.note{font-size:12px;margin-top:8px}
.crumb{font-size:12px;color:var(--mut)}
.lead{max-width:76ch;color:var(--mut);margin-top:4px}
button{margin-left:auto;font:inherit;font-size:12px;color:var(--mut);background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:4px 12px;cursor:pointer}
button:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.chips{display:flex;flex-wrap:wrap;gap:6px}
.chip{border:1px solid var(--line);background:var(--panel);border-radius:999px;padding:1px 10px;font-size:12px;color:var(--mut)}
.chip.warn{color:var(--warn);border-color:color-mix(in srgb,var(--warn) 45%,var(--line))}
.verdict{--tone:var(--mut);border:1px solid color-mix(in srgb,var(--tone) 45%,var(--line));background:color-mix(in srgb,var(--tone) 9%,var(--panel));border-radius:10px;padding:14px 18px;display:flex;gap:18px;align-items:baseline}
.verdict.deploy{--tone:var(--good)}.verdict.watch{--tone:var(--warn)}.verdict.reject,.verdict.failed{--tone:var(--bad)}
.verdict b{color:var(--tone);letter-spacing:.8px;font-size:14px;text-transform:uppercase}
.verdict p{font-size:15px}
.figures{display:grid;grid-template-columns:repeat(5,1fr);gap:1px;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.figures div{background:var(--panel);padding:10px 14px}
.figures span{display:block;font-size:11.5px;color:var(--mut)}.figures strong{font-size:19px;font-weight:600;letter-spacing:-.2px}.figures small{display:block;font-size:11.5px;color:var(--mut)}.figures+p{font-size:12px;margin-top:-8px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 16px;min-width:0}
a{color:var(--accent)}
.card>.head{display:flex;justify-content:space-between;gap:16px;align-items:baseline;margin-bottom:8px}
.card>.head small{color:var(--mut);font-size:12px;text-align:right}
.pair{display:grid;grid-template-columns:minmax(0,1.5fr) minmax(0,1fr);gap:16px}
.pair.even{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}.wide{grid-column:1/-1}.pair.right{grid-template-columns:minmax(0,1fr) minmax(0,1.45fr)}
.chart{height:260px}.chart.tall{height:340px}.chart.taller{height:430px}.chart.folds{height:210px}.chart.months{height:150px}
.part{display:flex;gap:12px;align-items:baseline;margin-top:18px;padding-bottom:6px;border-bottom:1px solid var(--line)}.part h2{font-size:18px;letter-spacing:-.2px}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:12.5px}
th{font-size:11px;font-weight:500;text-transform:uppercase;letter-spacing:.4px;color:var(--mut);text-align:left;white-space:nowrap}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
tbody tr:last-child td{border-bottom:0}
.n{text-align:right;white-space:nowrap}.strong{font-weight:650}.name{font-weight:500}.day{white-space:nowrap}
.mono{font:var(--mono)}.meaning{color:var(--mut);min-width:22ch}
tr.baseline td{color:var(--mut)}tr.ensemble td{font-weight:600}
.mark{font-size:11px;border-radius:4px;padding:1px 7px;color:var(--mut);background:var(--raised)}
.mark.pass{color:var(--good);background:color-mix(in srgb,var(--good) 13%,transparent)}
.mark.fail,.mark.error{color:var(--bad);background:color-mix(in srgb,var(--bad) 13%,transparent)}
.mark.warning{color:var(--warn);background:color-mix(in srgb,var(--warn) 13%,transparent)}
.warning-box{border-left:3px solid var(--warn);background:color-mix(in srgb,var(--warn) 8%,var(--panel));padding:8px 14px;border-radius:0 8px 8px 0;margin-bottom:10px}
ul{margin:0;padding-left:18px;color:var(--mut);font-size:12.5px}
details summary{cursor:pointer;color:var(--mut);margin-top:10px}
pre{font:var(--mono);background:var(--raised);border-radius:8px;padding:12px 14px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0;font-size:12.5px}dt{color:var(--mut)}dd{margin:0;overflow-wrap:anywhere}
dl.plain{grid-template-columns:minmax(0,16ch) minmax(0,86ch);gap:9px 20px;font-size:13.5px}dl.plain dt{color:var(--ink);font-weight:600}
@media (max-width:820px){.pair,.pair.even,.pair.right{grid-template-columns:1fr}.figures{grid-template-columns:repeat(2,1fr)}header{flex-wrap:wrap}.verdict{flex-direction:column;gap:4px}}
@media print{@page{size:A4;margin:14mm}
:root,[data-theme=dark]{--bg:#fff;--panel:#fff;--raised:#f0f2f5;--line:#dfe3e8;--ink:#16202c;--mut:#5b6876;--good:#14704f;--warn:#85570a;--bad:#b3342b;color-scheme:light}
body{font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{padding:0;gap:10px;display:block}main>*{margin-bottom:12px}
button,details{display:none}.pair,.pair.even,.pair.right{display:block}.pair>*+*{margin-top:12px}
.part{break-before:page;margin-top:0}.part+*{break-before:avoid}
.card{padding:10px 12px}.card,.verdict,.figures{break-inside:avoid}.card.long{break-inside:auto}.head,h3{break-after:avoid}tr{break-inside:avoid}
.scroll{overflow:visible}table{font-size:9.5px}th{font-size:8.5px}th,td{padding:3px 6px 3px 0}.meaning{min-width:0}.mono,pre{font-size:9px}.verdict p{font-size:12px}h1{font-size:19px}.figures strong{font-size:15px}.figures{grid-template-columns:repeat(5,1fr)}.figures div{padding:7px 10px}
.pair.beside{display:grid;gap:12px}.pair.beside>*+*{margin-top:0}dl.plain{font-size:11px;gap:6px 14px}}
`;
