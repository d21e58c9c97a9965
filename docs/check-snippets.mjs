// Checks the documentation: node docs/check-snippets.mjs
//
// A fenced block that names a file, as in ```java file=plugins/…/TutorialServer.java, is an excerpt of it. Its lines must
// stand in that file in the same order, one directly after the other, indentation and empty lines aside. A line of nothing
// but … (also behind // # or --) stands for lines left out. Besides: relative links lead somewhere, the table of settings
// is that of ConfigKey, and every decision has its sections and stands in the index.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG_KEYS = 'embedded-services/launcher/src/main/java/org/peekplatform/launcher/ConfigKey.java';
const CONFIG_TABLE = 'docs/admin/administration.md';
const DECISIONS = 'docs/adr';
const SECTIONS = ['Status', 'Context', 'Decision', 'Consequences', 'Confirmation'];

const problems = [];
let snippets = 0;

const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** The lines that count, without indentation. */
const lines = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const isGap = (line) => /^(\/\/|#|--)?\s*…$/.test(line);

/** Lines of a snippet between gaps. */
function runs(snippet) {
  const found = [[]];
  for (const line of lines(snippet)) {
    if (isGap(line)) {
      found.push([]);
    } else {
      found.at(-1).push(line);
    }
  }
  return found.filter((run) => run.length > 0);
}

/** @returns the first line that is missing, or null */
export function missing(snippet, source) {
  const all = lines(source);
  let from = 0;
  for (const run of runs(snippet)) {
    let best = 0;
    let at = -1;
    for (let start = from; start < all.length && at < 0; start++) {
      let same = 0;
      while (same < run.length && all[start + same] === run[same]) {
        same++;
      }
      best = Math.max(best, same);
      at = same === run.length ? start : -1;
    }
    if (at < 0) {
      return run[best];
    }
    from = at + run.length;
  }
  return null;
}

function checkSnippets(page, text) {
  for (const [, path, snippet] of text.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)) {
    snippets++;
    if (!existsSync(join(ROOT, path))) {
      problems.push(`${page}: there is no file ${path}; correct the snippet that names it.`);
      continue;
    }
    const line = missing(snippet, read(path));
    if (line !== null) {
      problems.push(`${page}: this line is not, or not in that place, in ${path}: ${line}`);
    }
  }
}

function checkLinks(page, text) {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    const file = target.replace(/#.*$/, '');
    if (file !== '' && !/^[a-z]+:/.test(file) && !existsSync(join(ROOT, dirname(page), file))) {
      problems.push(`${page}: the link to ${target} leads nowhere.`);
    }
  }
}

function checkSettings() {
  const table = read(CONFIG_TABLE);
  const keys = [
    ...read(CONFIG_KEYS).matchAll(/new ConfigKey\(\s*"([\w.]+)",\s*new [\s\S]*?\),\s*(\d+L|true|false|"[^"]*"),\s*"/g),
  ];
  if (keys.length === 0) {
    problems.push(`No setting was found in ${CONFIG_KEYS}; this script does not read it any longer.`);
  }
  for (const [, path, initial] of keys) {
    const shown = initial.replace(/L$/, '').replace(/^"(.+)"$/, '$1');
    if (!table.includes(`| \`${path}\` | \`${shown}\` |`)) {
      problems.push(`${CONFIG_TABLE}: there is no row for ${path} with its default ${shown}.`);
    }
  }
}

function checkDecisions() {
  const files = readdirSync(join(ROOT, DECISIONS)).filter((file) => /^\d{4}-.+\.md$/.test(file)).sort();
  const index = read(`${DECISIONS}/README.md`);
  files.forEach((file, i) => {
    const page = `${DECISIONS}/${file}`;
    if (Number(file.slice(0, 4)) !== i + 1) {
      problems.push(`${page}: the number should be ${String(i + 1).padStart(4, '0')}.`);
    }
    const found = [...read(page).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    if (found.join() !== SECTIONS.join()) {
      problems.push(`${page}: the sections must be ${SECTIONS.join(', ')}.`);
    }
    if (!index.includes(`](${file})`)) {
      problems.push(`${page}: it is not in ${DECISIONS}/README.md.`);
    }
  });
}

function pages(folder) {
  return readdirSync(join(ROOT, folder), {withFileTypes: true}).flatMap((entry) => {
    const path = normalize(join(folder, entry.name));
    return entry.isDirectory() ? pages(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = ['README.md', 'CHANGELOG.md', ...pages('docs')];
  for (const page of all) {
    const text = read(page);
    checkSnippets(page, text);
    checkLinks(page, text);
  }
  checkSettings();
  checkDecisions();
  if (snippets === 0) {
    problems.push('No snippet was found at all; the mark of snippets has changed.');
  }
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exit(1);
  }
  console.log(`${all.length} pages with ${snippets} snippets are as they should be.`);
}
