// Builds the web parts: node tools/web-build.mjs all | client | admin | tutorial | tokens
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {exclusively, installIfNeeded} from './install-if-needed.mjs';
import {writeTokens} from './tokens.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHARED = ['mobile-pwa/packages/vortex', 'mobile-pwa/packages/ui', 'tools', 'package-lock.json', 'tsconfig.json'];

// What plugins may import from the site that shows them. Everything else they bring themselves.
const LIT = [
  'lit',
  'lit/async-directive.js',
  'lit/decorators.js',
  'lit/directive.js',
  'lit/static-html.js',
  ...[
    'cache',
    'choose',
    'class-map',
    'guard',
    'if-defined',
    'join',
    'keyed',
    'live',
    'map',
    'range',
    'ref',
    'repeat',
    'style-map',
    'template-content',
    'until',
    'when',
  ].map((name) => `lit/directives/${name}.js`),
];
const SITE_MODULES = [...LIT, '@peek/vortex', '@peek/ui'];

const TARGETS = {
  client: {folder: 'mobile-pwa/packages/app', build: buildSite, copied: 'mobile-pwa/target/classes/peek'},
  admin: {folder: 'admin/web', build: buildSite, copied: 'admin/web/target/classes/peek'},
  tutorial: {folder: 'plugins/tutorial/web', build: buildPlugin},
  tokens: {folder: 'mobile-pwa/packages/ui', build: () => undefined},
};

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'eof',
  logLevel: 'warning',
  metafile: true,
};

/**
 * A site: one build for the app and for everything that plugins share with it, so that each module exists once. All
 * files but index.html, the manifest and the icons carry a hash of their content in their names.
 */
async function buildSite(folder, dist) {
  const esbuild = await import('esbuild');
  const lib = join(dist, 'lib');
  const entries = Object.fromEntries(SITE_MODULES.map((name) => [fileName(name), name]));
  const modules = await esbuild.build({
    ...OPTIONS,
    entryPoints: {...entries, main: `${folder}/src/main.ts`},
    outdir: lib,
    splitting: true,
    entryNames: '[name]-[hash]',
    chunkNames: 'shared-[hash]',
  });
  const page = await esbuild.build({
    ...OPTIONS,
    format: 'iife',
    entryPoints: {theme: 'mobile-pwa/packages/ui/src/theme-boot.ts', page: 'mobile-pwa/packages/ui/src/page.css'},
    outdir: lib,
    entryNames: '[name]-[hash]',
  });
  const built = [...Object.keys(modules.metafile.outputs), ...Object.keys(page.metafile.outputs)];
  const url = (name) => {
    const file = built.find((each) => basename(each).replace(/-[A-Z0-9]{8}(?=\.)/, '') === name);
    if (file === undefined) {
      throw new Error(`The build of ${folder} made no ${name}.`);
    }
    return `/lib/${basename(file)}`;
  };
  const imports = Object.fromEntries(SITE_MODULES.map((name) => [name, url(`${fileName(name)}.js`)]));
  writeFileSync(join(dist, 'importmap.json'), `${JSON.stringify({imports}, null, 2)}\n`);
  cpSync(join(ROOT, folder, 'public'), dist, {recursive: true});
  const template = readFileSync(join(ROOT, folder, 'index.html'), 'utf8');
  const html = template
    .replace('{{page.css}}', url('page.css'))
    .replace('{{theme.js}}', url('theme.js'))
    .replace('{{main.js}}', url('main.js'));
  if (html.includes('{{') || !html.includes('<!-- peek:importmap -->')) {
    throw new Error(
      `${folder}/index.html needs the markers {{page.css}}, {{theme.js}}, {{main.js}} and peek:importmap.`,
    );
  }
  writeFileSync(join(dist, 'index.html'), html);
}

/** The views of a plugin: one module for each, without what the site provides. */
async function buildPlugin(folder, dist) {
  const esbuild = await import('esbuild');
  const entryPoints = {};
  for (const site of ['mobile', 'admin']) {
    const views = join(ROOT, folder, 'src', site);
    for (const file of existsSync(views) ? readdirSync(views) : []) {
      entryPoints[`${site}/${basename(file, '.ts')}`] = join(views, file);
    }
  }
  await esbuild.build({...OPTIONS, entryPoints, outdir: dist, external: SITE_MODULES});
  cpSync(join(ROOT, folder, 'assets'), join(dist, 'assets'), {recursive: true});
}

function fileName(specifier) {
  return specifier.replace(/^@/, '').replace(/\.js$/, '').replaceAll('/', '.');
}

/** What decides about the output: names, sizes and times of all sources. */
function fingerprint(folder) {
  const sum = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (!['dist', 'node_modules', 'test', 'target'].includes(name)) {
          visit(join(path, name));
        }
      }
    } else {
      sum.update(`${relative(ROOT, path)} ${stat.size} ${stat.mtimeMs}\n`);
    }
  };
  for (const path of [...SHARED, folder]) {
    visit(join(ROOT, path));
  }
  return sum.digest('hex');
}

async function build(name) {
  const {folder, build: run, copied} = TARGETS[name];
  const dist = join(ROOT, folder, 'dist');
  const stamp = join(ROOT, 'node_modules', '.cache', 'peek', `${name}.built`);
  const now = fingerprint(folder);
  if (existsSync(dist) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    return;
  }
  writeTokens();
  if (name !== 'tokens') {
    rmSync(dist, {recursive: true, force: true});
    if (copied !== undefined) {
      // Maven copies the output there but never deletes: files of earlier builds, under other hashes, would stay.
      rmSync(join(ROOT, copied), {recursive: true, force: true});
    }
    mkdirSync(dist, {recursive: true});
    await run(folder, dist);
    console.log(`Built ${folder}/dist`);
  }
  mkdirSync(dirname(stamp), {recursive: true});
  writeFileSync(stamp, now);
}

const wanted = process.argv.slice(2).flatMap((name) => (name === 'all' ? Object.keys(TARGETS) : [name]));
const unknown = wanted.filter((name) => !(name in TARGETS));
if (wanted.length === 0 || unknown.length > 0) {
  console.error(
    `Say what to build: all, ${Object.keys(TARGETS).join(', ')}. Not known: ${unknown.join(', ') || 'nothing'}.`,
  );
  process.exit(2);
}
await exclusively(async () => {
  installIfNeeded();
  for (const name of wanted) {
    await build(name);
  }
});
