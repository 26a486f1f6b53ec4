/// The look of the page: light and dark, wide and narrow, on paper.
enum PageStyle {
  static let css = """
    :root { --paper: #ffffff; --ink: #1a1a1a; --faint: #595959; --line: #c8c8c8; --stripe: #f4f4f2; --link: #0059a8; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #16181a; --ink: #e6e6e6; --faint: #a8a8a8; --line: #4a4d50; --stripe: #202326; --link: #7ab8f5; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    p, li { max-width: 48rem; }
    h1 { line-height: 1.2; }
    h2 { margin-top: 2.5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
    a { color: var(--link); }
    code { font: .9em ui-monospace, monospace; }
    .skip { position: absolute; left: -100vw; }
    .skip:focus { left: 1rem; top: 0; background: var(--paper); padding: .5rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
    .scroll { overflow-x: auto; margin: 1rem 0; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: .875rem; overflow-wrap: normal; }
    caption { text-align: left; padding: .25rem 0; color: var(--faint); }
    caption span { position: sticky; left: 0; display: inline-block; max-width: min(48rem, calc(100vw - 2rem)); }
    th, td { padding: .25rem .6rem; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
    th { vertical-align: bottom; background: var(--paper); }
    tbody tr:nth-child(even) { background: var(--stripe); }
    .number, #rows td:nth-child(n+6) { text-align: right; font-variant-numeric: tabular-nums; }
    th button { font: inherit; font-weight: bold; color: inherit; background: none; border: 0; padding: .25rem 0;
      cursor: pointer; text-align: inherit; }
    th button::after { content: " \\2195"; color: var(--faint); }
    th[aria-sort=ascending] button::after { content: " \\2191"; color: inherit; }
    th[aria-sort=descending] button::after { content: " \\2193"; color: inherit; }
    form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
    label { display: grid; font-size: .875rem; color: var(--faint); }
    input, select, form button { font: inherit; color: var(--ink); background: var(--paper);
      border: 1px solid var(--faint); border-radius: 4px; padding: .35rem .5rem; max-width: 100%; }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1.5rem; }
    figure { margin: 0; min-width: 0; }
    figure svg { display: block; width: 100%; max-width: 40rem; height: auto; }
    figcaption { font-size: .875rem; color: var(--faint); max-width: 40rem; }
    /* gnuplot draws black on white: both follow the page. */
    figure svg [fill="#ffffff"] { fill: var(--paper); }
    figure svg [fill="black"], figure svg [fill="rgb(0,0,0)"] { fill: var(--ink); }
    figure svg [color="black"], figure svg [color="rgb(  0,   0,   0)"] { color: var(--ink); }
    figure svg [stroke="black"], figure svg [stroke="rgb(  0,   0,   0)"] { stroke: var(--ink); }
    @media print {
      :root { --paper: #ffffff; --ink: #000000; --faint: #444444; --line: #999999; --stripe: #ffffff; --link: #000000; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav, form, .skip, #count { display: none; }
      th button::after { content: none; }
      .scroll { overflow: visible; }
      table { font-size: 7pt; }
      thead { display: table-header-group; }
      tr, figure { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
    }

    """
}
