// @vitest-environment node
import {readdirSync, readFileSync} from 'node:fs';

const FOLDER = new URL('../../../../embedded-services/vortex/src/test/resources/wire/', import.meta.url);

/** The fixtures that the Java side writes and tests, by the beginning of their file names. */
export function fixtures(prefix: string): {readonly file: string; readonly content: unknown}[] {
  const found = readdirSync(FOLDER)
    .filter((file) => file.startsWith(prefix) && file.endsWith('.json'))
    .map((file) => ({file, content: JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as unknown}));
  if (found.length === 0) {
    throw new Error(`There is no fixture ${prefix}*.json in ${FOLDER.pathname}; the two sides cannot be compared.`);
  }
  return found;
}
