import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { Invoice } from './billing/invoice.entity.js';
import { Course } from './courses/course.entity.js';
import { Enrolment } from './enrolments/enrolment.entity.js';
import { Letter } from './letters/letter.entity.js';
import { CreateSchool1720000000000 } from './migrations/1720000000000-create-school.js';

export function databaseOptions(): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    url: process.env['DATABASE_URL'] ?? 'postgres://localhost:5432/school',
    entities: [Course, Enrolment, Invoice, Letter],
    migrations: [CreateSchool1720000000000],
    migrationsRun: true,
  };
}
