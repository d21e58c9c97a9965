import {ActionError} from '@peek/vortex';
import type {TupleAction, TupleSource} from '@peek/vortex';
import {showToast} from '@peek/ui';

/**
 * Carries out an action for an element and says how it went: `done` when it was applied, else why
 * not. Answers whether it was applied. With `lostIsDone`, an action that itself cuts the link is taken
 * as applied.
 */
export async function actFor(
  element: HTMLElement,
  source: TupleSource,
  action: TupleAction,
  done: string,
  {lostIsDone = false} = {},
): Promise<boolean> {
  try {
    const outcome = await source.act(action);
    if (outcome.kind === 'applied') {
      showToast(element, 'good', done);
      return true;
    }
    showToast(element, 'bad', outcome.message);
  } catch (error) {
    if (lostIsDone && error instanceof ActionError && error.reason === 'linkLost') {
      return true;
    }
    showToast(element, 'bad', error instanceof Error ? error.message : String(error));
  }
  return false;
}
