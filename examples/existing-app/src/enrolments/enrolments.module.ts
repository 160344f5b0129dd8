import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { CoursesModule } from '../courses/courses.module.js';
import { LettersModule } from '../letters/letters.module.js';
import { EnrolmentsController } from './enrolments.controller.js';
import { EnrolmentsService } from './enrolments.service.js';

@Module({
  imports: [CoursesModule, BillingModule, LettersModule],
  controllers: [EnrolmentsController],
  providers: [EnrolmentsService],
})
export class EnrolmentsModule {}
