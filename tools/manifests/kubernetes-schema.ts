import { join } from 'node:path';
import * as ts from 'typescript';
import { root } from './manifests';

/**
 * Kubernetes' OpenAPI schema as TypeScript types (kubernetes-types), with the compiler as the validator: an object
 * literal must have every required field, the right type in each, and none that the type does not know, at any depth.
 * Answers what is wrong with each object, in their order.
 */
export function kubernetesProblems(objects: readonly unknown[]): string[][] {
  const sources = new Map(objects.map((object, index) => [fileOf(index), literal(object)]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es5.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  };
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (name) => sources.has(name) || disk.fileExists(name);
  host.readFile = (name) => sources.get(name) ?? disk.readFile(name);
  host.getSourceFile = (name, target) => {
    const text = sources.get(name);
    return text === undefined ? disk.getSourceFile(name, target) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const broken = program.getOptionsDiagnostics().concat(program.getGlobalDiagnostics());
  if (broken.length > 0) throw new Error(text(broken[0]));
  return objects.map((_, index) =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(fileOf(index))),
      ...program.getSemanticDiagnostics(program.getSourceFile(fileOf(index))),
    ].map(text),
  );
}

const fileOf = (index: number) => join(root, 'tools/manifests', `manifest-${index}.virtual.ts`);

const text = (diagnostic: ts.Diagnostic | undefined) =>
  ts.flattenDiagnosticMessageText(diagnostic?.messageText, '\n');

function literal(object: unknown): string {
  const { apiVersion, kind } = object as { apiVersion?: unknown; kind?: unknown };
  const [, group = 'core', version] =
    /^(?:([a-z]+)[a-z0-9.]*\/)?(v[a-z0-9]+)$/.exec(String(apiVersion)) ?? [];
  const module = `kubernetes-types/${group}/${version ?? String(apiVersion)}`;
  return `import type { ${String(kind)} } from '${module}';\nexport const object: ${String(kind)} = ${JSON.stringify(object)};\n`;
}
