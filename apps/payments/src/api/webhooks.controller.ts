import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ContextError } from '@fissile/kit/contract';
import { ApiProblems, Public, RawBody } from '@fissile/kit/http';
import { NoticeRefused, ProviderNotices } from '../domain/provider-notices.js';
import { NoticeService } from '../notice.service.js';

const Received = z.object({ received: z.literal(true) }).meta({ id: 'WebhookReceived' });

/** What the payment provider sends. Its signature, and not a token, says who it is. */
@ApiTags('Payments')
@Controller('api/payments/webhooks')
export class WebhooksController {
  constructor(
    private readonly notices: ProviderNotices,
    private readonly service: NoticeService,
  ) {}

  @Post('stripe')
  @Public()
  @RawBody()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Receive an event of Stripe',
    description: 'For Stripe alone. Events that are known, unknown or of no interest are answered with 200.',
  })
  @ApiHeader({ name: 'Stripe-Signature', required: true, description: "Stripe's signature of the body" })
  @ApiBody({ description: 'The event, as Stripe signed it', schema: { type: 'object' } })
  @ApiResponse({ status: 200, description: 'The event need not be sent again', standardSchema: Received })
  @ApiProblems('webhook_refused', 'not_found', 'payload_too_large', 'unsupported_media_type')
  async receive(
    @Body() body: Buffer | undefined,
    @Headers('stripe-signature') signature: string | undefined,
  ): Promise<z.output<typeof Received>> {
    if (!this.notices.isOpen) throw ContextError.of('not_found');
    const notice = await this.notices.read(body ?? Buffer.alloc(0), signature).catch((error: unknown) => {
      if (error instanceof NoticeRefused) throw ContextError.of('webhook_refused', error.message);
      throw error;
    });
    if (notice) await this.service.handle(notice);
    return { received: true };
  }
}
