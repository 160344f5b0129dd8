import { Body, Controller, Param, ParseIntPipe, ParseUUIDPipe, Post } from '@nestjs/common';
import { RequiredTextPipe } from '../common/required-text.pipe.js';
import type { Enrolment } from './enrolment.entity.js';
import { EnrolmentsService } from './enrolments.service.js';

@Controller('enrolments')
export class EnrolmentsController {
  constructor(private readonly enrolments: EnrolmentsService) {}

  @Post()
  enrol(
    @Body('courseId', ParseIntPipe) courseId: number,
    @Body('student', RequiredTextPipe) student: string,
  ): Promise<Enrolment> {
    return this.enrolments.enrol(courseId, student);
  }

  @Post(':id/cancellation')
  cancel(@Param('id', ParseUUIDPipe) id: string): Promise<Enrolment> {
    return this.enrolments.cancel(id);
  }
}
