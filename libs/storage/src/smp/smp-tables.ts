import type { TableSet } from '../data-source';
import { smpEntities } from './entities';
import { SmpTables1795500000001 } from './migrations/smp-tables';

/** The tables of one SMP server, in a schema of its own. */
export const smpTables: TableSet = { entities: smpEntities, migrations: [SmpTables1795500000001] };
