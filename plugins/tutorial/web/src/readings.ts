import type {Reading} from './tuples.js';

/** What each agent has reported last, in words. */
export function readingsText(readings: readonly Reading[]): string {
  return readings.length === 0 ? 'No agent has reported.' : readings.map(words).join(' \u00b7 ');
}

function words({machine, freeMegabytes, takenAt}: Reading): string {
  const time = new Date(takenAt).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
  return `${machine}: ${freeMegabytes.toLocaleString('en')} MB free at ${time}`;
}
