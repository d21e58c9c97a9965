import {css} from 'lit';

/** What every element starts from. */
export const base = css`
  :host {
    box-sizing: border-box;
  }

  :host([hidden]) {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }

  :focus-visible {
    outline: 2px solid var(--peek-color-focus);
    outline-offset: 2px;
  }
`;

/** Labels, inputs and the texts below them. */
export const field = css`
  :host {
    display: block;
    min-width: 0;
  }

  label {
    display: block;
    margin-bottom: var(--peek-space-1);
    color: var(--peek-color-text-muted);
    font-size: var(--peek-type-small);
    font-weight: 600;
  }

  .control {
    width: 100%;
    min-height: var(--peek-size-target);
    padding: 0 var(--peek-space-3);
    border: 1px solid var(--peek-color-border-strong);
    border-radius: var(--peek-radius-small);
    background: var(--peek-color-surface);
    color: var(--peek-color-text);
    font: inherit;
  }

  .control:disabled {
    opacity: 0.6;
  }

  .control:focus-visible {
    outline-offset: 0;
    border-color: var(--peek-color-focus);
  }

  .control[aria-invalid='true'] {
    border-color: var(--peek-color-danger);
  }

  .below {
    margin: var(--peek-space-1) 0 0;
    color: var(--peek-color-text-muted);
    font-size: var(--peek-type-small);
  }

  .below.error {
    color: var(--peek-color-danger);
  }
`;
