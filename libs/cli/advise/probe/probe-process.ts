import { serve } from '@fissile/kit/runtime';
import { FarModule, GatewayModule, LoneFarModule, NearModule, probe } from './probe-product.js';

// The command may have ended before this one was ready.
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();

/** A process of the probe: what it hosts follows from the settings, as in any product. */
const hosts = (process.env['HOSTS'] ?? '').split(',');

if (hosts.includes('near')) await serve(probe, GatewayModule, NearModule);
else if (hosts.includes('far')) await serve(probe, LoneFarModule);
else await serve(probe, GatewayModule, NearModule, FarModule);
