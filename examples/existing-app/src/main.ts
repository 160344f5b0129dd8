import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { ApiKeyGuard } from './common/api-key.guard.js';

const app = await NestFactory.create(AppModule);
app.setGlobalPrefix('v1');
app.useGlobalGuards(new ApiKeyGuard(process.env['API_KEY'] ?? 'secret'));
app.enableShutdownHooks();
await app.listen(process.env['PORT'] ?? 3000);
console.log(`The school is listening on ${await app.getUrl()}`);
