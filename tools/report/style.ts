/** The look of both pages. One column on a phone, 1200 px at most; light and dark follow the reader's own setting. */
export const style = `
:root{color-scheme:light dark;--paper:#fbfbfa;--card:#fff;--ink:#1d2125;--soft:#56606a;--line:#d5dade;--fill:#eef1f3;
--link:#0b57a4;--green:#2c7a3f;--orange:#a85b00;--red:#b3261e;--yellow:#8a6d00;--blue:#0b57a4;--purple:#6b3fa0;
--added:#e2f3e4;--removed:#fbe4e2;--accent:#0f6b6b}
@media(prefers-color-scheme:dark){:root{--paper:#15181b;--card:#1d2125;--ink:#e6e9eb;--soft:#a5afb8;--line:#3a424a;
--fill:#272d32;--link:#7cb8ff;--green:#6fcf83;--orange:#f2a54a;--red:#ff8a80;--yellow:#e6c84f;--blue:#7cb8ff;
--purple:#c3a1f5;--added:#1c3a24;--removed:#47211f;--accent:#6fd0cf}}
*{box-sizing:border-box}
html{scroll-padding-top:3.5rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:9}
header,main,footer{max-width:1200px;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.3rem;margin:2.4rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
h4{font-size:1rem;margin:1rem 0 .3rem}h5{font-size:.95rem;margin:.8rem 0 .2rem}
p{margin:.4rem 0;max-width:75ch}
.soft,caption{color:var(--soft)}
nav{position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--line);z-index:5}
nav ul{max-width:1200px;margin:0 auto;padding:.5rem 1rem;display:flex;gap:.25rem 1.1rem;list-style:none;overflow-x:auto;
white-space:nowrap}
nav a{text-decoration:none}nav a:hover{text-decoration:underline}
footer{padding:2rem 1rem;color:var(--soft);font-size:.9rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0}
.facts div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem}
.facts dt{color:var(--soft);font-size:.85rem}.facts dd{margin:0;font-size:1.15rem;font-weight:600}
table{border-collapse:collapse;width:100%;margin:.6rem 0;background:var(--card);font-size:.92rem}
caption{text-align:left;font-size:.85rem;padding:.2rem 0}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code,pre{font:.86rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{white-space:pre-wrap;background:var(--fill);padding:.5rem .7rem;border-radius:4px;margin:.4rem 0}
.scroll{overflow-x:auto;margin:.6rem 0;border:1px solid var(--line);border-radius:6px;background:var(--card)}
.scroll svg{display:block;width:100%;height:auto}.topology svg{max-width:64rem;margin:0 auto}
details{margin:.5rem 0}
summary{cursor:pointer;padding:.2rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr));gap:1rem;align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;min-width:0}
.card h3{margin:0}
.crop{max-height:26rem;overflow:auto}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:.8rem}
.pair>div{min-width:0}
.chip{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .55rem;font-size:.82rem}
@media(min-width:761px){td:nth-child(2){min-width:11rem}}
.chip:is(.critical,.high,.medium,.low,.warning,.info,.none){white-space:nowrap}
.critical,.high,.error,.failed{color:var(--red)}.warning,.medium,.page{color:var(--orange)}.low,.info{color:var(--blue)}
.passed,.failed,.skipped{white-space:nowrap}.passed,.none{color:var(--green)}.skipped{color:var(--soft)}
.tree,.tree ul{list-style:none;padding-left:1.1rem;margin:.2rem 0}
.tree li{border-left:2px solid var(--line);padding:.2rem 0 .2rem .7rem}
.plain{padding-left:1.2rem}
ins,.added{background:var(--added);text-decoration:none}
del,.removed{background:var(--removed)}
ins{font-weight:600}
.diff{white-space:pre-wrap}
.diff span{display:block;padding:0 .3rem}
.purpose{font-weight:400;font-size:.88rem}
.share{display:inline-block;width:min(12rem,50%);height:.7rem;border-radius:2px;
background:linear-gradient(to right,var(--accent) var(--share),var(--fill) var(--share))}
.toggle{display:inline-flex;gap:.4rem;align-items:center;margin:.3rem 1rem .3rem 0}
.extra{display:none}
.toggle:has(input:checked)~.scroll .extra{display:inline}
.calm{font-size:1.1rem;padding:1rem;background:var(--card);border:1px solid var(--line);border-radius:6px}
svg text{fill:var(--ink);font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
svg .soft{fill:var(--soft)}svg .small{font-size:11px}svg .fine{font-size:12px}svg .name{font-size:13px;font-weight:600}svg .big{font-size:15px;font-weight:600}
svg .box{fill:var(--card);stroke:var(--line)}svg .node{fill:var(--fill);stroke:var(--accent)}
svg .outside{fill:none;stroke:var(--soft);stroke-dasharray:4 3}
svg .edge{fill:none;stroke:var(--soft);stroke-width:1.4}svg .extra .edge{stroke-width:.8;stroke-dasharray:2 3}
svg .head{fill:var(--soft)}
svg .halo{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
svg .sketch{fill:none;stroke:var(--accent);stroke-width:1.5;opacity:.75}svg .area{fill:var(--accent);opacity:.3}
svg .tile{stroke-width:1;fill:var(--fill);stroke:var(--line)}.board text{font-size:18px}.board .kind{font-size:14px}.board .big{font-size:17px}
svg .tile.added{fill:var(--added);stroke:var(--green);stroke-width:2}
svg .tile.removed{fill:var(--removed);stroke:var(--red);stroke-width:2}
svg .tile.changed{stroke:var(--orange);stroke-width:3}svg .tile.moved{stroke:var(--blue);stroke-width:3;stroke-dasharray:7 4}
svg .green{fill:var(--green)}svg .orange{fill:var(--orange)}svg .red{fill:var(--red)}svg .yellow{fill:var(--yellow)}
svg .blue{fill:var(--blue)}svg .purple{fill:var(--purple)}svg .other{fill:var(--soft)}
svg .c0{--c:var(--accent)}svg .c1{--c:var(--orange)}svg .c2{--c:var(--blue)}svg .c3{--c:var(--purple)}
svg .c4{--c:var(--green)}svg .c5{--c:var(--red)}
svg .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}svg .fill{fill:var(--c)}
svg .limit{fill:none;stroke:currentColor;stroke-dasharray:6 4;opacity:.8}svg .limit.red{stroke:var(--red)}
svg .limit.orange{stroke:var(--orange)}svg .limit.yellow{stroke:var(--yellow)}svg .limit.green{stroke:var(--green)}
svg .ring{fill:none;stroke:var(--line);stroke-width:9}svg .ring.full{stroke:var(--accent)}svg .ring.red{stroke:var(--red)}
svg .ring.orange{stroke:var(--orange)}svg .ring.green{stroke:var(--green)}svg .ring.yellow{stroke:var(--yellow)}
svg .heat{fill:var(--accent)}svg .h1{opacity:.2}svg .h2{opacity:.45}svg .h3{opacity:.7}svg .band{opacity:.75}
.board .figure{font-size:28px;font-weight:600}.board .small-figure{font-size:20px}.board .axis{font-size:13px}
svg .bar{fill:var(--accent)}svg .grid{stroke:var(--line)}
@media(max-width:760px){
.wide svg{width:auto;min-width:var(--least,680px)}
table,tbody,tr,th,td{display:block}thead{position:absolute;left:-99rem}
caption{display:block}
tr{border-bottom:2px solid var(--line);padding:.3rem 0}
th,td{border:0;padding:.1rem .4rem}.number{text-align:left;white-space:normal}
td[data-title]::before{content:attr(data-title) ": ";color:var(--soft)}
td:empty{display:none}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{nav{position:static}.crop{max-height:none}}
`;
