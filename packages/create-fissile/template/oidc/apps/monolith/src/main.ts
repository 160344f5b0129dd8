import { serveChosen } from '@fissile/kit/runtime';
import { product } from '#contracts';

await serveChosen(product, {
  gateway: () => import('../../gateway/src/gateway.module.js'),
});
