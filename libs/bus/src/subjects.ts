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
 *
 * Beside requests there are events that agents tell and nobody answers (`events/status-event.ts`):
 *
 *     events.<half>.<noun>  { events: [...] }: records that moved or are stuck, from owner, relay and member agents
 */
export const controlPlane = {
  ...ownerRequests,
  ...relayRequests,
  ...memberRequests,
  ...smpServerRequests,
};
