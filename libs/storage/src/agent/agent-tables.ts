import type { TableSet } from '../data-source';
import { agentEntities } from './entities';
import { AgentTables1795500000000 } from './migrations/agent-tables';
import { ConnectionPairs1795640000000 } from './migrations/connection-pairs';
import { Departures1796200000000 } from './migrations/departures';
import { GapTable1796000000000 } from './migrations/gap-table';
import { OpenGaps1796300000000 } from './migrations/open-gaps';
import { RecordsOfBefore1796100000000 } from './migrations/records-of-before';
import { WaitingRecords1795660000000 } from './migrations/waiting-records';
import { DivergenceTables1795600000000 } from './migrations/divergence-tables';

/** The tables of owner, relay and member agents; each agent has a schema of its own and uses those of its role. */
export const agentTables: TableSet = {
  entities: agentEntities,
  migrations: [
    AgentTables1795500000000,
    DivergenceTables1795600000000,
    ConnectionPairs1795640000000,
    WaitingRecords1795660000000,
    GapTable1796000000000,
    RecordsOfBefore1796100000000,
    Departures1796200000000,
    OpenGaps1796300000000,
  ],
};
