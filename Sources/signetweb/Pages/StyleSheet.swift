/// The one style sheet, served from a path of its own: with it, no page needs anything inline, and
/// the policy can forbid that.
enum StyleSheet {
  static let text: StaticString = """
    :root{color-scheme:light dark;--ink:#1b1f24;--paper:#ffffff;--soft:#f2f4f7;--line:#6b7480;
    --quiet:#4a525c;--link:#0b57a4;--act:#0b57a4;--on-act:#ffffff;--bad:#a3131a;--bad-soft:#fdecec;
    --good:#14602f;--good-soft:#e8f5ec}
    @media (prefers-color-scheme:dark){:root{--ink:#eceff3;--paper:#15181c;--soft:#20252b;
    --line:#8b95a1;--quiet:#b4bcc6;--link:#8ec5ff;--act:#8ec5ff;--on-act:#0c1a28;--bad:#ffa3a3;
    --bad-soft:#3a1a1c;--good:#93dcaa;--good-soft:#15301f}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
    a{color:var(--link)}
    :focus-visible{outline:3px solid var(--link);outline-offset:2px}
    main:focus{outline:none}
    .skip{position:absolute;left:-100vw;top:0;padding:.5rem 1rem;background:var(--paper)}
    .skip:focus{left:0}
    header{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;padding:.5rem 1rem;
    border-bottom:1px solid var(--line);background:var(--soft)}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
    nav a{display:inline-block;padding:.5rem 0}
    nav a[aria-current]{font-weight:700;color:var(--ink);text-decoration-thickness:3px}
    .person{margin:0 0 0 auto;color:var(--quiet);overflow-wrap:anywhere}
    main{max-width:46rem;margin:0 auto;padding:1rem 1rem 4rem}
    h1{font-size:1.6rem;line-height:1.25;margin:1rem 0}
    h2{font-size:1.2rem;line-height:1.3;margin:0;overflow-wrap:anywhere}
    p,dd,li{overflow-wrap:anywhere}
    .quiet,.hint{color:var(--quiet)}
    .lines{white-space:pre-line}
    .notice{border:1px solid var(--line);border-left-width:6px;padding:.25rem 1rem;margin:1rem 0}
    .done{border-color:var(--good);background:var(--good-soft)}
    .problem{border-color:var(--bad);background:var(--bad-soft)}
    .error{color:var(--bad);font-weight:600;margin:.25rem 0}
    .field{margin:1.25rem 0}
    label,legend{font-weight:600}
    .choice label{font-weight:400}
    .hint{margin:.1rem 0 .35rem;font-size:.95rem}
    fieldset{border:1px solid var(--line);border-radius:.25rem;padding:.5rem 1rem;margin:1.25rem 0}
    .choice{display:flex;gap:.6rem;align-items:flex-start;padding:.35rem 0}
    .choice input{width:1.25rem;height:1.25rem;margin:.15rem 0 0;flex:none}
    input[type=text],input[type=url],input[type=search],textarea{display:block;width:100%;
    padding:.55rem .6rem;font:inherit;color:inherit;background:var(--paper);
    border:1px solid var(--line);border-radius:.25rem}
    [aria-invalid=true]{border:2px solid var(--bad)!important}
    button,.button{display:inline-block;min-height:2.75rem;padding:.55rem 1.25rem;font:inherit;
    font-weight:600;border:1px solid var(--act);border-radius:.25rem;background:var(--paper);
    color:var(--link);cursor:pointer;text-decoration:none}
    .main{background:var(--act);color:var(--on-act)}
    .danger{border-color:var(--bad);color:var(--bad)}
    .acts{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin:1.5rem 0}
    .search{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end}
    .search .field{flex:1 1 14rem;margin:.5rem 0}
    .search button{margin:.5rem 0}
    .cards{list-style:none;margin:1rem 0;padding:0}
    .cards>li{border:1px solid var(--line);border-radius:.4rem;padding:1rem;margin:0 0 1rem}
    .app{display:flex;gap:1rem;align-items:flex-start}
    .app>div:not(.icon){min-width:0;flex:1}
    .icon{width:3.5rem;height:3.5rem;flex:none;border-radius:.4rem;object-fit:contain;
    background:var(--soft);border:1px solid var(--line)}
    .letter{display:flex;align-items:center;justify-content:center;font-size:1.6rem;
    font-weight:700;color:var(--quiet)}
    .mark{display:inline-block;border:1px solid var(--line);border-radius:1rem;padding:0 .6rem;
    font-size:.9rem}
    dl{margin:1rem 0}
    dt{font-weight:600;margin-top:.75rem}
    dd{margin:0}
    code,.secret{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
    .secret{display:block;padding:.6rem;background:var(--soft);border:1px solid var(--line);
    user-select:all}
    table{border-collapse:collapse;width:100%}
    th,td{text-align:left;padding:.4rem .5rem .4rem 0;border-bottom:1px solid var(--line);
    overflow-wrap:anywhere;vertical-align:top}
    """
}
