const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
main{max-width:40rem;margin:15vh auto;padding:0 1rem}
h1{margin:0}
h2{font-size:1rem;margin:0;overflow-wrap:anywhere}
li{margin:.5rem 0}
section{margin:1.5rem 0;padding-left:.75rem;border-left:4px solid transparent}
section p{margin:0}
:target{border-color:light-dark(#2f5fd0,#8fb0ff)}
a{color:light-dark(#2f5fd0,#8fb0ff)}
nav a{text-transform:capitalize}`;

/** A page without scripts, whose heading is its title. @param content HTML */
export function htmlPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
