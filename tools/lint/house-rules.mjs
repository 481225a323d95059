/** What the design forbids by construct or by import, one named rule each, so that a file can be excused from one alone. */

const forbid = (message, ...selectors) => ({
  meta: { type: 'problem', schema: [] },
  create: (context) =>
    Object.fromEntries(selectors.map((selector) => [selector, (node) => context.report({ node, message })])),
});

/** exit codes, HTTP's numbers and settled promises have a status too */
const otherStatus = 'Literal[raw=/^(\\d+|.fulfilled.|.rejected.)$/]';
const comparison = `BinaryExpression[operator=/^[!=]==?$/]:not(:has(> ${otherStatus}))`;
const emitter = 'NewExpression[callee.name=/^(EventEmitter2?|EventTarget|(Behavior|Replay|Async)?Subject)$/]';

/** 'pg' allows 'pg' and 'pg/lib/…'; '@nestjs/*' a whole scope; 'node:*' every builtin by its prefixed name. */
const matches = (name, pattern) =>
  pattern.endsWith('*')
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern || name.startsWith(`${pattern}/`);

/** Calls visit(node, name, typeOnly) for every way of naming another module. */
const eachImport = (visit) => {
  const at = (node, source, typeOnly = false) => {
    if (typeof source?.value === 'string') visit(node, source.value, typeOnly);
  };
  const onlyTypes = (node) =>
    (node.importKind ?? node.exportKind) === 'type' ||
    (node.specifiers?.length > 0 &&
      node.specifiers.every((specifier) => (specifier.importKind ?? specifier.exportKind) === 'type'));
  return {
    ImportDeclaration: (node) => at(node, node.source, onlyTypes(node)),
    ExportNamedDeclaration: (node) => at(node, node.source, onlyTypes(node)),
    ExportAllDeclaration: (node) => at(node, node.source, onlyTypes(node)),
    ImportExpression: (node) => at(node, node.source),
    TSImportType: (node) => at(node, node.source, true),
    TSExternalModuleReference: (node) => at(node, node.expression),
    'CallExpression[callee.name="require"]': (node) => at(node, node.arguments[0]),
  };
};

const names = { type: 'array', items: { type: 'string' } };

export default {
  rules: {
    externals: {
      meta: { type: 'problem', schema: [names] },
      create: (context) => {
        const [allowed] = context.options;
        return eachImport((node, name) => {
          if (/^\.{1,2}(\/|$)/.test(name) || /^@chat-relays\/[a-z-]+$/.test(name)) return;
          if (allowed.some((pattern) => matches(name, pattern))) return;
          const list = allowed.length === 0 ? 'nothing' : allowed.join(', ');
          context.report({
            node,
            message: `'${name}' is not for this folder; from outside it may import ${list}.`,
          });
        });
      },
    },
    'type-only': {
      meta: { type: 'problem', schema: [names] },
      create: (context) =>
        eachImport((node, name, typeOnly) => {
          if (typeOnly || !context.options[0].includes(name)) return;
          context.report({ node, message: `An adapter knows '${name}' by its types only: use import type.` });
        }),
    },
    'no-async': forbid(
      'A decision cannot wait: no async, await or generator of promises here.',
      ':function[async=true]',
      'AwaitExpression',
      'ForOfStatement[await=true]',
      'ImportExpression',
    ),
    'no-env': forbid(
      'Settings are read in config.ts only.',
      'MemberExpression[object.name="process"][property.name="env"]',
      'MemberExpression[object.name="process"][property.value="env"]',
      'VariableDeclarator[init.name="process"] Property[key.name="env"]',
      'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
    ),
    'no-span': forbid(
      'Spans come from rows and batches: start them in agent/src/trace.ts or telemetry/src/spans.ts.',
      'CallExpression[callee.property.name=/^start(Active)?Span$/]',
      'CallExpression > MemberExpression.callee[property.value=/^start(Active)?Span$/]',
    ),
    'no-status-comparison': forbid(
      'What a status allows is a row of libs/protocol: ask the table, do not compare.',
      `${comparison} > MemberExpression[property.name="status"]`,
      `${comparison} > ChainExpression > MemberExpression[property.name="status"]`,
      `${comparison} > Identifier[name="status"]`,
      'SwitchStatement > MemberExpression.discriminant[property.name="status"]',
      'SwitchStatement > Identifier.discriminant[name="status"]',
    ),
    'no-global-emitter': forbid(
      'No global event emitter: call a port, or return what happened.',
      `Program > VariableDeclaration > VariableDeclarator > ${emitter}`,
      `Program > ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > ${emitter}`,
      `Program > ExportDefaultDeclaration > ${emitter}`,
      `PropertyDefinition[static=true] > ${emitter}`,
      'ImportDeclaration[source.value=/^(@nestjs\\u002Fevent-emitter|eventemitter[23]?|mitt)$/]',
      'CallExpression[callee.object.name="process"][callee.property.name="emit"]',
    ),
  },
};
