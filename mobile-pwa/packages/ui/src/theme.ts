export type Theme = 'system' | 'light' | 'dark';

const STORED = 'peek-theme';

/** The theme the user chose; `system` follows the device. */
export function theme(): Theme {
  const chosen = localStorage.getItem(STORED);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

export function setTheme(next: Theme): void {
  if (next === 'system') {
    localStorage.removeItem(STORED);
  } else {
    localStorage.setItem(STORED, next);
  }
  applyTheme();
}

/** Puts the chosen theme into effect for the page. */
export function applyTheme(): void {
  const chosen = theme();
  if (chosen === 'system') {
    document.documentElement.removeAttribute('data-theme');
  } else {
    document.documentElement.setAttribute('data-theme', chosen);
  }
}
