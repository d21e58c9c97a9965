import {showToast} from '@peek/ui';
import type {TupleSource} from '@peek/vortex';

/**
 * Carries out an action. Answers null when it was applied, else a sentence that says why not.
 */
export async function act(
  source: TupleSource,
  type: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  try {
    const outcome = await source.act({type: `tutorial.${type}`, fields});
    return outcome.kind === 'applied' ? null : outcome.message;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Carries out an action for an element, which says so when it does not work. */
export async function actOrSay(
  element: HTMLElement,
  source: TupleSource,
  type: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const problem = await act(source, type, fields);
  if (problem !== null) {
    showToast(element, 'bad', problem);
  }
  return problem === null;
}

/**
 * Has an action carried out as soon as that works, also without a connection now. The element says so when it cannot
 * even be kept, and when the service says no while the page is there; the queue keeps it in view otherwise.
 */
export async function enqueueOrSay(
  element: HTMLElement,
  source: TupleSource,
  type: string,
  fields: Readonly<Record<string, unknown>>,
  label: string,
): Promise<void> {
  try {
    const {outcome} = await source.enqueue({type: `tutorial.${type}`, fields}, label);
    const end = await outcome;
    if (end.kind !== 'applied' && end.code !== 'DISCARDED') {
      showToast(element, 'bad', end.message);
    }
  } catch (error) {
    showToast(element, 'bad', error instanceof Error ? error.message : String(error));
  }
}
