import { serve } from '#libs/topology';
import { PaymentsModule } from './payments.module.js';

await serve(PaymentsModule);
