import { serveChosen } from '@fissile/kit/runtime';
import { toy } from './toy.js';

await serveChosen(toy, {
  gateway: () => import('./gateway.module.js'),
  alpha: () => import('./alpha.module.js'),
  beta: () => import('./beta.module.js'),
});
