import { MOST_DIVERGENT_COPIES } from '@chat-relays/agent';
import { SAVE_RECEIVED } from './queue-positions';

/** What is kept of bytes that two relays brought; `body` is an SQL expression, as the columns that it stands beside. */
export const corroborationOf = (body: string): string =>
  `sha256(convert_to(concat_ws(' ', group_link, author, message_id, ''), 'UTF8') || ${body})`;

/** What a copy is beside the first one of its message in the same statement, or beside the one that was kept before. */
export const standings = ['first', 'repeats', 'corroborates', 'differs'] as const;

const message = 'membership_id, author, message_id';
// bodies come as one binary value: in an array they would be hex
const body = 'substring($4::bytea FROM place FOR length)';

const COPY = `copy AS MATERIALIZED (
    SELECT row.*, (ARRAY[${standings.map((name) => `'${name}'`).join(', ')}])[1 + get_byte($10, position::integer - 1)] AS among
    FROM unnest($1::text[], $2::text[], $3::text[], $5::integer[], $6::integer[], $7::text[], $8::bigint[],
                         $9::text[])
      WITH ORDINALITY
      AS row (${message}, place, length, via, received_at, group_link, position)
  )`;

// LIMIT makes it one look into the index, however the planner guesses; OFFSET makes it one hash join before that. What
// this statement keeps needs no look, nor what says the same as its first copy. The second word of a connection's id is
// its relay.
const compared = (beside: string): string => `compared AS MATERIALIZED (
    SELECT copy.*, earlier.via IS NULL AND NOT is_kept AND among IN ('first', 'differs') AS overtaken,
      CASE WHEN earlier.via IS NULL THEN among
           WHEN earlier.body <> ${body} THEN 'differs'
           WHEN split_part(earlier.via, ' ', 2) <> split_part(copy.via, ' ', 2) THEN 'corroborates'
           ELSE 'repeats' END AS standing
    FROM (${beside} OFFSET 0) AS copy LEFT JOIN LATERAL (
      SELECT body, via FROM messages
      WHERE NOT is_kept AND among IN ('first', 'differs') AND membership_id = copy.membership_id
        AND author = copy.author AND message_id = copy.message_id LIMIT 1
    ) AS earlier ON true
  )`;

const evidenceOf = (copy: string, more = ''): string => `SELECT FROM divergent_copies AS known
          WHERE known.membership_id = ${copy}.membership_id AND known.author = ${copy}.author
            AND known.message_id = ${copy}.message_id AND known.via = ${copy}.via ${more}`;

const TELL = `differing AS MATERIALIZED (
    SELECT ${message}, via, ${body} AS body, sha256(${body}) AS digest, received_at, position FROM compared
    WHERE CASE WHEN standing = 'differs' THEN NOT overtaken WHEN among IN ('repeats', 'corroborates')
      THEN (${message}) IN (SELECT ${message} FROM compared WHERE among = 'first' AND standing = 'differs') END
  ), evidence AS (
    INSERT INTO divergent_copies (${message}, via, digest, body, received_at)
    SELECT ${message}, via, digest, body, received_at FROM (
      SELECT *, row_number() OVER (PARTITION BY ${message}, via ORDER BY position) AS nth FROM (
        SELECT DISTINCT ON (${message}, via, digest) * FROM differing
        WHERE NOT EXISTS (${evidenceOf('differing', 'AND known.digest = differing.digest')})
        ORDER BY ${message}, via, digest, position) AS unknown) AS numbered
    WHERE nth + (SELECT count(*) FROM (${evidenceOf('numbered')}) AS told) <= ${MOST_DIVERGENT_COPIES}
    ORDER BY position
    ON CONFLICT DO NOTHING RETURNING via
  ), corroborated AS (
    INSERT INTO corroborations (digest)
    SELECT ${corroborationOf(body)} FROM (
      SELECT DISTINCT group_link, author, message_id, place, length FROM compared
      WHERE standing = 'corroborates') AS brought
    ORDER BY 1
    ON CONFLICT DO NOTHING
  )`;

const DIVERGENCES = `(SELECT json_agg(json_build_object('via', via, 'kept', kept, 'dropped', came - kept) ORDER BY via)
    FROM (SELECT via, count(*) AS came FROM differing GROUP BY via) AS came
    JOIN LATERAL (SELECT count(*) AS kept FROM evidence WHERE evidence.via = came.via) AS kept ON true
  ) AS divergences`;

/** `moved` takes the parameters of `receivedColumns`; `overtaken` are copies of which another statement kept one meanwhile. */
export const INSERT = `
  WITH ${COPY}, kept AS (
    INSERT INTO messages (${message}, body, via, received_at)
    SELECT ${message}, ${body}, via, received_at FROM copy WHERE among = 'first' ORDER BY position
    ON CONFLICT DO NOTHING RETURNING ${message}, true AS is_new
  ), moved AS (${SAVE_RECEIVED(11)}), counted AS (
    INSERT INTO group_deliveries AS total (group_link, received, duplicates)
    SELECT group_link, sum(received), sum(came) - sum(received) FROM (
      SELECT group_link, 0 AS received, count(*) AS came FROM copy GROUP BY 1
      UNION ALL SELECT group_link, count(*), 0 FROM kept JOIN (
        SELECT DISTINCT membership_id, group_link FROM copy) AS membership USING (membership_id) GROUP BY 1
    ) AS counts GROUP BY 1 ORDER BY 1
    ON CONFLICT (group_link) DO UPDATE
      SET received = total.received + excluded.received, duplicates = total.duplicates + excluded.duplicates
  ), ${compared(`SELECT copy.*, is_new IS NOT NULL AS is_kept FROM copy LEFT JOIN kept USING (${message})`)}, ${TELL}
  SELECT (SELECT count(*) FROM kept) AS kept, ${DIVERGENCES},
    ARRAY(SELECT position FROM compared WHERE (${message}) IN (SELECT ${message} FROM compared WHERE overtaken)) AS overtaken`;

/** For the copies that were overtaken: what overtook them is there to be compared with. */
export const COMPARE = `WITH ${COPY}, ${compared('SELECT *, false AS is_kept FROM copy')}, ${TELL} SELECT ${DIVERGENCES}`;
