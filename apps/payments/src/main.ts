import { serve } from '@fissile/kit/runtime';
import { shop } from '#contracts';
import { PaymentsModule } from './payments.module.js';

await serve(shop, PaymentsModule);
