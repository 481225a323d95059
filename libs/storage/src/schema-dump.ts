import type { DataSource } from 'typeorm';

interface Described {
  line: string;
  table: string;
}

/** Tables, constraints and indexes of a schema as PostgreSQL says that they are; the same text for the same schema. */
export async function describeSchema(source: DataSource, schema: string): Promise<string> {
  const columns: Described[] = await source.query(
    `SELECT relname AS "table", attname || ' ' || format_type(atttypid, atttypmod)
        || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') AS line
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
       LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
       AND relname <> 'migrations'
     ORDER BY relname, attnum`,
    [schema],
  );
  const constraints: Described[] = await source.query(
    `SELECT relname AS "table", 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid) AS line
     FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
     WHERE connamespace = $1::regnamespace AND contype <> 'n' ORDER BY relname, conname`,
    [schema],
  );
  const indexes: Described[] = await source.query(
    `SELECT tablename AS "table", indexdef AS line FROM pg_indexes
     WHERE schemaname = $1 AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY tablename, indexname`,
    [schema],
  );
  const tables = [...new Set(columns.map(({ table }) => table))];
  const of = (rows: readonly Described[], name: string): string[] =>
    rows
      .filter(({ table }) => table === name)
      .map(({ line }) => line.replaceAll(`${schema}.`, '').replaceAll(`"${schema}".`, ''));
  return tables
    .map((name) =>
      [
        `CREATE TABLE ${name} (`,
        [...of(columns, name), ...of(constraints, name)].map((line) => `  ${line}`).join(',\n'),
        ');',
        ...of(indexes, name).map((line) => `${line};`),
        '',
      ].join('\n'),
    )
    .join('\n');
}
