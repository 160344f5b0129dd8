import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { BillingService } from '../billing/billing.service.js';
import { CoursesService } from '../courses/courses.service.js';
import { LettersService } from '../letters/letters.service.js';
import { Enrolment } from './enrolment.entity.js';

@Injectable()
export class EnrolmentsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly courses: CoursesService,
    private readonly billing: BillingService,
    private readonly letters: LettersService,
  ) {}

  /** Takes a seat and bills it, both or nothing. */
  async enrol(courseId: number, student: string): Promise<Enrolment> {
    const enrolment = await this.dataSource.transaction(async (manager) => {
      const { fee } = await this.courses.takeSeat(manager, courseId);
      const id = randomUUID();
      const made = await manager.save(Enrolment, { id, courseId, student, status: 'enrolled' });
      await this.billing.createInvoice(manager, { enrolmentId: id, student, amount: fee });
      return made;
    });
    // A crash before this is done loses the letter.
    void this.letters.send(student, 'Welcome').catch(() => undefined);
    return enrolment;
  }

  async cancel(id: string): Promise<Enrolment> {
    const enrolment = await this.dataSource.transaction(async (manager) => {
      const found = await manager.findOne(Enrolment, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!found) throw new NotFoundException('There is no such enrolment');
      if (found.status === 'cancelled') return found;
      await this.courses.giveSeatBack(manager, found.courseId);
      return manager.save(Enrolment, { ...found, status: 'cancelled' as const });
    });
    void this.letters.send(enrolment.student, 'Goodbye').catch(() => undefined);
    return enrolment;
  }
}
