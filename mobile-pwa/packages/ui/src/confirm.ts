import {html, render} from 'lit';
import './peek-button.js';
import './peek-dialog.js';

export interface Question {
  readonly heading: string;
  /** What will happen, in plain words. */
  readonly text: string;
  /** The word on the button that does it. */
  readonly yes: string;
  readonly danger?: boolean;
}

/** Asks before something is done. Answers whether the user wants it. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const place = document.createElement('div');
    document.body.append(place);
    const answer = (yes: boolean): void => {
      place.remove();
      resolve(yes);
    };
    render(
      html`<peek-dialog
        .heading=${question.heading}
        .open=${true}
        data-testid="confirm"
        @peek-close=${() => {
          answer(false);
        }}
      >
        <p>${question.text}</p>
        <peek-button
          slot="actions"
          data-testid="confirm-no"
          @click=${() => {
            answer(false);
          }}
          >Cancel</peek-button
        >
        <peek-button
          slot="actions"
          data-testid="confirm-yes"
          variant=${question.danger === true ? 'danger' : 'primary'}
          @click=${() => {
            answer(true);
          }}
          >${question.yes}</peek-button
        >
      </peek-dialog>`,
      place,
    );
  });
}
