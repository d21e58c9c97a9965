// Writes the design tokens in the forms that their readers want: custom properties for browsers, looked-up colours for
// JavaFX. The one source is mobile-pwa/packages/ui/tokens.json.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const UI = new URL('../mobile-pwa/packages/ui/', import.meta.url);
const NOTE = '/* Generated from tokens.json. */\n';

// The variables of AtlantaFX that its controls are drawn with, in terms of our colours.
const ATLANTAFX = {
  'color-dark': 'bar',
  'color-light': 'on-accent',
  'color-fg-default': 'text',
  'color-fg-muted': 'text-muted',
  'color-fg-subtle': 'border-strong',
  'color-fg-emphasis': 'on-accent',
  'color-bg-default': 'surface',
  'color-bg-overlay': 'surface-raised',
  'color-bg-subtle': 'bg',
  'color-bg-inset': 'surface-sunken',
  'color-border-default': 'border',
  'color-border-muted': 'border',
  'color-border-subtle': 'hover',
  'color-shadow-default': 'shadow',
  'color-neutral-emphasis-plus': 'text-muted',
  'color-neutral-emphasis': 'border-strong',
  'color-neutral-muted': 'border',
  'color-neutral-subtle': 'hover',
  'color-accent-fg': 'accent',
  'color-accent-emphasis': 'accent',
  'color-accent-muted': 'changed',
  'color-accent-subtle': 'accent-soft',
  'color-success-fg': 'success',
  'color-success-emphasis': 'success',
  'color-success-muted': 'success-soft',
  'color-success-subtle': 'success-soft',
  'color-warning-fg': 'warning',
  'color-warning-emphasis': 'warning',
  'color-warning-muted': 'warning-soft',
  'color-warning-subtle': 'warning-soft',
  'color-danger-fg': 'danger',
  'color-danger-emphasis': 'danger',
  'color-danger-muted': 'danger-soft',
  'color-danger-subtle': 'danger-soft',
};

function browserCss(tokens) {
  const colors = (theme, indent) =>
    [
      `${indent}color-scheme: ${theme};`,
      ...Object.entries(tokens.colors).map(([name, color]) => `${indent}--peek-color-${name}: ${color[theme]};`),
    ].join('\n');
  const rest = ['space', 'radius', 'type', 'font', 'size']
    .flatMap((group) => Object.entries(tokens[group]).map(([name, value]) => `  --peek-${group}-${name}: ${value};`))
    .join('\n');
  return `${NOTE}:root {
${colors('light', '  ')}
${rest}
}

@media (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) {
${colors('dark', '    ')}
  }
}

:root[data-theme='dark'] {
${colors('dark', '  ')}
}
`;
}

function javafxCss(tokens, theme) {
  const own = Object.entries(tokens.colors).map(([name, color]) => `  -peek-color-${name}: ${color[theme]};`);
  const atlantafx = Object.entries(ATLANTAFX).map(([name, of]) => `  -${name}: ${tokens.colors[of][theme]};`);
  return `${NOTE}.root {\n${[...own, ...atlantafx].join('\n')}\n}\n`;
}

export function writeTokens() {
  const tokens = JSON.parse(readFileSync(new URL('tokens.json', UI), 'utf8'));
  const out = new URL('dist/', UI);
  mkdirSync(new URL('javafx/', out), {recursive: true});
  writeFileSync(new URL('tokens.css', out), browserCss(tokens));
  for (const theme of ['light', 'dark']) {
    writeFileSync(new URL(`javafx/tokens-${theme}.css`, out), javafxCss(tokens, theme));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeTokens();
}
