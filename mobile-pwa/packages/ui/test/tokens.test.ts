// @vitest-environment node
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

interface Tokens {
  readonly colors: Record<string, {readonly light: string; readonly dark: string}>;
}

const UI = new URL('../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, UI), 'utf8');
const {colors} = JSON.parse(read('tokens.json')) as Tokens;

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

// Text needs 4.5 to 1; the edges of controls, and icons, 3 to 1.
const PAIRS: [string, string, number][] = [
  ...['bg', 'surface', 'surface-raised', 'surface-sunken', 'hover', 'changed', 'accent-soft', 'warning-soft'].map(
    (ground): [string, string, number] => ['text', ground, 4.5],
  ),
  ['text', 'danger-soft', 4.5],
  ['text-muted', 'bg', 4.5],
  ['text-muted', 'surface', 4.5],
  ['text-muted', 'surface-sunken', 4.5],
  ['accent', 'surface', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['success', 'surface', 4.5],
  ['success', 'success-soft', 4.5],
  ['warning', 'warning-soft', 4.5],
  ['danger', 'surface', 4.5],
  ['danger', 'danger-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['on-danger', 'danger', 4.5],
  ['on-danger', 'danger-hover', 4.5],
  ['bar-text', 'bar', 4.5],
  ['bar-text', 'bar-hover', 4.5],
  ['bar-muted', 'bar', 4.5],
  ['border-strong', 'surface', 3],
  ['focus', 'surface', 3],
  ['focus', 'bg', 3],
  ['bar-focus', 'bar', 3],
];

test.each(PAIRS)('%s on %s has a contrast of at least %d', (front, ground, least) => {
  for (const theme of ['light', 'dark'] as const) {
    const [a, b] = [colors[front]?.[theme] ?? '', colors[ground]?.[theme] ?? ''];
    expect(contrast(a, b), `${front} ${a} on ${ground} ${b} in ${theme}`).toBeGreaterThanOrEqual(least);
  }
});

test('every colour reaches browsers and JavaFX, in both themes', () => {
  const browser = read('dist/tokens.css');
  for (const [name, {light, dark}] of Object.entries(colors)) {
    expect(browser).toContain(`--peek-color-${name}: ${light};`);
    expect(browser.split(`--peek-color-${name}: ${dark};`)).toHaveLength(light === dark ? 4 : 3);
    expect(read('dist/javafx/tokens-light.css')).toContain(`-peek-color-${name}: ${light};`);
    expect(read('dist/javafx/tokens-dark.css')).toContain(`-peek-color-${name}: ${dark};`);
  }
  expect(read('dist/javafx/tokens-dark.css')).toContain(`-color-bg-default: ${colors['surface']?.dark ?? ''};`);
});
