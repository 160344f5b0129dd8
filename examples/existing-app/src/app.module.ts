import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BillingModule } from './billing/billing.module.js';
import { CoursesModule } from './courses/courses.module.js';
import { databaseOptions } from './database.js';
import { EnrolmentsModule } from './enrolments/enrolments.module.js';
import { LettersModule } from './letters/letters.module.js';

@Module({
  imports: [
    TypeOrmModule.forRoot(databaseOptions()),
    CoursesModule,
    EnrolmentsModule,
    BillingModule,
    LettersModule,
  ],
})
export class AppModule {}
