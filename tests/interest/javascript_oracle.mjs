// Holds `resident interest` against TypeScript's own parser, import by import: node javascript_oracle.mjs BINARY
// TYPESCRIPT PATH…; TYPESCRIPT is the folder of that package. Files with syntax errors are counted and left out.
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [binary, typescript, ...paths] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(resolve(typescript));
const endings = ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'];

function* filesBelow(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isDirectory() && name !== '.git') yield* filesBelow(path);
    else if (status.isFile() && endings.some((ending) => name.endsWith(ending))) yield path;
  }
}

const textOf = (node) => (node && ts.isStringLiteralLike(node) ? node.text : undefined);
const nameOf = (node) => node.text;

function importsOf(path, text) {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : /\.[cm]?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, kind);
  if (file.parseDiagnostics.length) return undefined;
  const found = [];
  const add = (node, module, names) => {
    for (const name of names.length ? names : ['']) found.push(`${text.slice(0, node.getStart(file)).split('\n').length} ${module} ${name}`);
  };
  for (const reference of file.typeReferenceDirectives) found.push(`${text.slice(0, reference.pos).split('\n').length} ${reference.fileName} `);
  const elements = (list) => list.elements.map((each) => nameOf(each.propertyName ?? each.name));
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause, names = [];
      if (clause?.name) names.push('default');
      if (clause?.namedBindings) names.push(...(ts.isNamespaceImport(clause.namedBindings) ? ['*'] : elements(clause.namedBindings)));
      if (textOf(node.moduleSpecifier)) add(node, textOf(node.moduleSpecifier), names);
    } else if (ts.isExportDeclaration(node) && textOf(node.moduleSpecifier)) {
      add(node, textOf(node.moduleSpecifier), node.exportClause && ts.isNamedExports(node.exportClause) ? elements(node.exportClause) : ['*']);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      const module = textOf(node.moduleReference.expression);
      if (module) add(node, module, ['*']);
    } else if (ts.isImportTypeNode(node)) {
      const module = textOf(node.argument.literal);
      if (module) add(node, module, []);
    } else if (ts.isCallExpression(node)) {
      const called = node.expression, module = textOf(node.arguments[0]);
      const isRequire = (ts.isIdentifier(called) && called.text === 'require') ||
        (ts.isPropertyAccessExpression(called) && called.name.text === 'require' && called.expression.getText(file) === 'module');
      if (module && (isRequire || called.kind === ts.SyntaxKind.ImportKeyword)) add(isRequire ? called.name ?? called : called, module, []);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

let failed = 0;
for (const path of paths) {
  const languages = ['--language', 'javascript', '--language', 'typescript'];
  const output = execFileSync(binary, ['interest', path, ...languages, '--each', '--relative', '--json'], { maxBuffer: 1 << 30 });
  const ours = new Map();
  for (const row of JSON.parse(output)) {
    if (!ours.has(row.file)) ours.set(row.file, []);
    ours.get(row.file).push(`${row.line} ${row.module} ${row.name}`);
  }
  let files = 0, refused = 0, names = 0, different = 0;
  for (const file of filesBelow(path)) {
    files += 1;
    const expected = importsOf(file, readFileSync(file, 'utf8'));
    if (!expected) {
      refused += 1;
      continue;
    }
    names += expected.length;
    const had = (ours.get(file) ?? []).sort(), wanted = expected.sort();
    if (had.join('\n') === wanted.join('\n')) continue;
    different += 1;
    if (different > 10) continue;
    console.log(`FAIL ${file}: not seen ${JSON.stringify(wanted.filter((each) => !had.includes(each)))}, too much ${JSON.stringify(had.filter((each) => !wanted.includes(each)))}`);
  }
  failed += different;
  console.log(`${path}: ${files} files, ${refused} that the parser refuses, ${names} names imported, ${different} files differ`);
}
process.exit(failed ? 1 : 0);
