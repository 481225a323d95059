import { agentVariables, baseVariables } from '@chat-relays/service';
import { z } from 'zod';

export const configSchema = z.object({ ...baseVariables('owner-agent'), ...agentVariables() });
