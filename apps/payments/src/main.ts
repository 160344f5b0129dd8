import { shop } from '#contracts';
import { serve } from '@fissile/kit/runtime';
import { PaymentsModule } from './payments.module.js';

await serve(shop, PaymentsModule);
