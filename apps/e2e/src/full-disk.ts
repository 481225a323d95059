import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Town } from './town';

/** More than a segment of PostgreSQL's log, which is to be written all the same. */
const FULL_BYTES = 17 * 1024 * 1024;

/** How the large values of a table grow by one, and that is undone. */
const GROWING = {
  'smp_relays.message_blocks': `(block, added, removed) VALUES (-1, $1, '')`,
  'relay_1.delivery_jobs': `(relay_own_id, identity, author, message_id, element) VALUES ('', '', '', '', $1)`,
  'member_agent.messages': `(membership_id, author, message_id, via, body) VALUES ('', '', '', '', $1)`,
  'owner_agent.posts': `(group_id, message_id, body) VALUES ('', '', $1)`,
};

export type Table = keyof typeof GROWING;

/**
 * A disk on which one table has no space left. It is a limit on how large files may become (`ulimit -f`), which needs no
 * rights and leaves everybody else his space; the table has nearly that size.
 */
export class FullDisk {
  private constructor(
    private readonly town: Town,
    private readonly database: Client,
  ) {}

  static async open(town: Town): Promise<FullDisk> {
    const database = new Client({ connectionString: town.stack.databaseUrl });
    await database.connect();
    // what was undone is free again once it is vacuumed
    await database.query('ALTER SYSTEM SET autovacuum = off');
    await database.query('SELECT pg_reload_conf()');
    return new FullDisk(town, database);
  }

  async close(): Promise<void> {
    await this.database.end();
  }

  async fill(table: Table): Promise<void> {
    await this.database.query('BEGIN');
    await this.database.query(`INSERT INTO ${table} ${GROWING[table]}`, [randomBytes(FULL_BYTES)]);
    await this.database.query('ROLLBACK');
    const { rows } = await this.database.query<{ bytes: string }>(
      'SELECT pg_relation_size(reltoastrelid) AS bytes FROM pg_class WHERE oid = $1::regclass',
      [table],
    );
    this.limit(rows[0].bytes);
  }

  async makeSpace(table: Table): Promise<void> {
    this.limit('unlimited');
    await this.database.query(`VACUUM FULL ${table}`);
  }

  /** Of the server and of all its processes; later ones begin with that of the server. */
  private limit(bytes: string): void {
    const [server] = readFileSync(join(this.town.stack.folder, 'postgres/postmaster.pid'), 'utf8').split(
      '\n',
    );
    const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8').trim().split(' ');
    // as the user that it runs as: nobody else may, in a container root neither
    const { uid, gid } = statSync(`/proc/${server}`);
    for (const pid of [server, ...children]) {
      try {
        execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes}:`], { uid, gid, cwd: '/', stdio: 'pipe' });
      } catch (error) {
        // one that ended meanwhile needs none
        if (existsSync(`/proc/${pid}`)) throw error;
      }
    }
  }
}
