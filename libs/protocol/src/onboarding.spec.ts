import { totalOf } from './course';
import { joiningTrips, onboardingCost, onboardingDialogues, onboardingTrips } from './onboarding';
import { protocolNames } from './protocols/names';

describe('an onboarding', () => {
  it('is everything that is in one trace with the choice of a relay', () => {
    expect(onboardingDialogues('full').map(({ noun }) => noun)).toEqual(['group_relay', 'relay_own']);
    expect(onboardingDialogues('paired').map(({ noun }) => noun)).toEqual([
      'group_relay',
      'relay_own',
      'relay_connection',
      'owner_connection',
    ]);
  });

  it('says what the diagram says', () => {
    expect(
      onboardingCost('full')
        .messages.filter((tag) => tag.startsWith('x.grp'))
        .sort(),
    ).toEqual(['x.grp.info', 'x.grp.relay.acpt', 'x.grp.relay.inv', 'x.grp.relay.ready']);
  });

  it('of the simplified protocol has the relay serve when the invitation came', () => {
    expect(onboardingTrips('pooled').serving).toEqual({ owner: 3, relay: 0, member: 0 });
  });

  it.each(protocolNames)('of %s lists a relay before the owner sends to it, or with it', (protocol) => {
    const { listed, confirmed } = onboardingTrips(protocol);
    expect(totalOf(listed)).toBeLessThanOrEqual(totalOf(confirmed));
  });

  it.each(protocolNames)('of %s lets members in after as many round trips as of any other', (protocol) => {
    expect(joiningTrips(protocol)).toEqual(joiningTrips('full'));
  });
});
