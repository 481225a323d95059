import { memberRequests } from './requests/member';
import { ownerRequests } from './requests/owner';
import { relayRequests } from './requests/relay';

/**
 * The control plane: JSON requests, answered through Nest. One token per word, `*` is the relay's name.
 * The data plane, SMP blocks between clients and servers, is in `smp/smp-subjects.ts`.
 *
 *     owner.…            owner-agent, any instance
 *     relay.<name>.…     relay-agent, any worker of that relay
 *     member.…           member-agent, any instance
 */
export const controlPlane = { ...ownerRequests, ...relayRequests, ...memberRequests };
