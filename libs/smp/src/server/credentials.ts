import type { CommandKind } from '../commands/command';
import type { Transmission } from '../transport/transmission';

/** The SMP error for credentials that do not belong to the command; needs no look-up. */
export function misplacedCredentials(
  kind: CommandKind,
  { authorization, entityId, serviceSignature }: Transmission,
): string | undefined {
  const entity = entityId.length > 0;
  const authorized = authorization.length > 0;
  if (serviceSignature) return 'SERVICE';
  switch (kind) {
    case 'NEW':
      if (!authorized) return 'CMD NO_AUTH';
      return entity ? 'CMD HAS_AUTH' : undefined;
    case 'PING':
      return entity || authorized ? 'CMD HAS_AUTH' : undefined;
    case 'LGET':
      if (authorized) return 'CMD HAS_AUTH';
      return entity ? undefined : 'CMD NO_ENTITY';
    case 'SEND':
      return entity ? undefined : 'CMD NO_ENTITY';
    default:
      return entity && authorized ? undefined : 'CMD NO_AUTH';
  }
}
