import { z } from 'zod';
import type { TopologyRequest } from './topology-control.js';

/** Of a context, a process or a topology. */
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'expected a name of lower-case letters, digits and dashes');

const MOST_INSTANCES = 32;

const OPTIONAL = ['context', 'to', 'topology', 'process', 'instances'] as const;

/** The fields that each action needs; it has no others. */
const FIELDS: Readonly<Record<Exclude<TopologyRequest['action'], 'show'>, readonly string[]>> = {
  move: ['context', 'to'],
  apply: ['topology'],
  'roll-back': [],
  restart: ['process'],
  stop: ['process'],
  start: ['process'],
  kill: ['process'],
  scale: ['process', 'instances'],
};

/** What may be asked for, by the API and by the command. */
export const ChangeRequest = z
  .strictObject({
    action: z.enum(['move', 'apply', 'roll-back', 'restart', 'stop', 'start', 'kill', 'scale']),
    context: Name.optional().meta({ example: 'billing', description: 'For move' }),
    to: Name.optional().meta({ example: 'own', description: 'For move: the name of a process, or own' }),
    topology: Name.optional().meta({ example: 'split', description: 'For apply' }),
    process: Name.optional().meta({
      example: 'billing',
      description: 'For restart, stop, start, kill and scale',
    }),
    instances: z
      .int(`expected a whole number from 1 to ${MOST_INSTANCES}`)
      .min(1, `expected a whole number from 1 to ${MOST_INSTANCES}`)
      .max(MOST_INSTANCES, `expected a whole number from 1 to ${MOST_INSTANCES}`)
      .optional()
      .meta({ example: 2, description: 'For scale' }),
  })
  .superRefine((body, issues) => {
    const needed = FIELDS[body.action];
    for (const field of OPTIONAL) {
      const isNeeded = needed.includes(field);
      if (isNeeded === (body[field] !== undefined)) continue;
      const message = isNeeded
        ? `expected for ${body.action}`
        : `expected only for another action than ${body.action}`;
      issues.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .meta({ example: { action: 'move', context: 'billing', to: 'own' } });

/** Of a body that fits. */
export function changeOf(body: z.output<typeof ChangeRequest>): TopologyRequest {
  const { action, context = '', to = '', topology = '', process = '', instances = 1 } = body;
  switch (action) {
    case 'move':
      return { action, context, to };
    case 'apply':
      return { action, topology };
    case 'roll-back':
      return { action };
    case 'scale':
      return { action, process, instances };
    default:
      return { action, process };
  }
}
