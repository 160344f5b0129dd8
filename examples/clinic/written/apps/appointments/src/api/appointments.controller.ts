import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser } from '@fissile/kit/auth';
import { ContextError } from '@fissile/kit/contract';
import {
  ApiProblems,
  Id,
  type Page,
  pageOf,
  PageQuery,
  readCursor,
  SignedIn,
  toPage,
} from '@fissile/kit/http';
import type { Caller } from '@fissile/kit/request';
import { AppointmentRepository } from '../data/appointment-repository.js';
import { AppointmentsService } from '../appointments.service.js';
import { NewAppointmentBody, AppointmentResource, toResource } from './appointment.resource.js';

@ApiTags('Appointments')
@SignedIn()
@Controller('api/appointments')
export class AppointmentsController {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly service: AppointmentsService,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Book an appointment' })
  @ApiResponse({ status: 201, description: 'The new appointment', standardSchema: AppointmentResource })
  @ApiProblems('validation_failed', 'not_found', 'slot_taken')
  async create(
    @CurrentUser() { userId }: Caller,
    @Body({ schema: NewAppointmentBody }) { card, startsAt, ...wish }: z.output<typeof NewAppointmentBody>,
  ): Promise<AppointmentResource> {
    return toResource(await this.service.book(userId, { ...wish, startsAt: new Date(startsAt) }, card));
  }

  @Get()
  @ApiOperation({ summary: 'List your own, newest first' })
  @ApiResponse({
    status: 200,
    description: 'A page of appointments',
    standardSchema: pageOf(AppointmentResource),
  })
  @ApiProblems('validation_failed')
  async list(
    @CurrentUser() { userId }: Caller,
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<AppointmentResource>> {
    const found = await this.appointments.list(userId, limit + 1, readCursor(cursor, Id));
    return toPage(found.map(toResource), limit, ({ id }) => id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read one of your own' })
  @ApiResponse({ status: 200, description: 'The appointment', standardSchema: AppointmentResource })
  @ApiProblems('validation_failed', 'not_found')
  async read(
    @CurrentUser() { userId }: Caller,
    @Param('id', { schema: Id }) id: string,
  ): Promise<AppointmentResource> {
    const found = await this.appointments.find(id);
    // Do not reveal that it belongs to another user.
    if (found?.userId !== userId) throw ContextError.of('not_found');
    return toResource(found);
  }
}
