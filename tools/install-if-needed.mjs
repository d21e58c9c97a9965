// Installs the packages of package-lock.json when they are not the ones installed last. Runs before everything else, so
// it imports nothing but Node itself.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.peek-installed');

// No build takes that long: whoever holds a lock of this age is gone, and its number may be another process by now.
const FORGOTTEN_AFTER_MS = 15 * 60_000;

const hash = (text) => createHash('sha256').update(text).digest('hex');

export function installIfNeeded() {
  const wanted = hash(readFileSync(join(ROOT, 'package-lock.json')));
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) {
    return;
  }
  console.log('Installing the npm packages of package-lock.json');
  // npm is a script on Windows, which only a shell can start.
  const npm = spawnSync('npm ci', {cwd: ROOT, shell: true, stdio: 'inherit'});
  if (npm.status !== 0) {
    throw new Error(`"npm ci" failed in ${ROOT}; its own message stands above.`);
  }
  writeFileSync(STAMP, wanted);
}

/**
 * Runs `work` while no other build of this checkout does: two Maven modules may start at once. The lock lies outside
 * node_modules, which `npm ci` deletes.
 */
export async function exclusively(work) {
  const lock = join(tmpdir(), `peek-web-build-${hash(ROOT).slice(0, 16)}.lock`);
  while (!tryLock(lock)) {
    await sleep(250);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, {force: true});
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), {flag: 'wx'});
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  }
  try {
    const holder = readFileSync(lock, 'utf8');
    // Empty for the moment between its creation and its writing.
    if (holder !== '') {
      process.kill(Number(holder), 0);
    }
    if (Date.now() - statSync(lock).mtimeMs > FORGOTTEN_AFTER_MS) {
      rmSync(lock, {force: true});
    }
  } catch (error) {
    if (error.code === 'ESRCH') {
      rmSync(lock, {force: true});
    } else if (error.code !== 'ENOENT' && error.code !== 'EPERM') {
      throw error;
    }
  }
  return false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await exclusively(installIfNeeded);
}
