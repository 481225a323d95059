import { memberRequests } from './requests/member';
import { ownerRequests } from './requests/owner';
import { relayRequests } from './requests/relay';
import { smpServerRequests } from './requests/smp-server';

/**
 * The control plane: JSON requests, answered through Nest. One token per word, `*` is the name of the relay or SMP server.
 * The data plane, SMP blocks between clients and servers, is in `smp/smp-subjects.ts`.
 *
 *     owner.…              owner-agent, any instance
 *     relay.<name>.…       relay-agent, any worker of that relay
 *     member.…             member-agent, any instance
 *     smp-server.<name>.…  smp-server, for its operator; the name as a token (`serverToken`)
 */
export const controlPlane = {
  ...ownerRequests,
  ...relayRequests,
  ...memberRequests,
  ...smpServerRequests,
};
