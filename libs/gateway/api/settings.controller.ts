import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '@fissile/kit/http';
import { CONSUL_STATES, type LiveView } from '@fissile/kit/config';
import { Placement } from '@fissile/kit/rpc';
import { OperatorView } from '../operator-view.js';

const SettingResource = z
  .object({
    name: z.string().meta({ example: 'THROTTLE_RATE' }),
    group: z.string(),
    value: z.string().nullable().meta({ description: 'As text, masked when it is a secret' }),
    source: z.string().meta({ example: 'consul fissile/config/THROTTLE_RATE' }),
    live: z.boolean().meta({ description: 'Whether a change in Consul reaches the running process' }),
    secret: z.boolean(),
  })
  .meta({ id: 'Setting' });

const refused = z.object({ name: z.string(), source: z.string(), reason: z.string() });
const waiting = z.object({ name: z.string(), source: z.string() });

export const SettingsResource = z
  .object({
    processes: z.array(
      z.object({
        name: z.string(),
        isKnown: z.boolean().meta({ description: 'false when the process does not respond' }),
        consul: z.enum(CONSUL_STATES),
        settings: z.array(SettingResource),
        refused: z.array(refused).meta({ description: 'Values of Consul that do not count' }),
        waiting: z.array(waiting).meta({ description: 'Values of Consul that count from the next start on' }),
      }),
    ),
  })
  .meta({ id: 'Settings' });

type ProcessSettings = z.output<typeof SettingsResource>['processes'][number];

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/settings')
export class SettingsController {
  constructor(
    private readonly placement: Placement,
    private readonly view: OperatorView,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The settings of each process as they are now, and which changes were refused' })
  @ApiResponse({ status: 200, description: 'The settings', standardSchema: SettingsResource })
  async read(): Promise<z.output<typeof SettingsResource>> {
    const processes = this.placement.processes.map(async (process) =>
      toResource(process.name, await this.view.settingsOf(process)),
    );
    return { processes: await Promise.all(processes) };
  }
}

function toResource(name: string, view: LiveView | undefined): ProcessSettings {
  if (!view) return { name, isKnown: false, consul: 'unused', settings: [], refused: [], waiting: [] };
  const { consul, settings, refused, waiting } = view;
  return {
    name,
    isKnown: true,
    consul,
    settings: [...settings],
    refused: [...refused],
    waiting: [...waiting],
  };
}
