import { Module } from '@nestjs/common';
import { AUDIT_MIGRATIONS, AuditModule, OperationsModule } from '@fissile/kit/operations';
import { Products } from '#contracts/products';
import { DatabaseModule } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS, MessagingModule } from '@fissile/kit/messaging';
import { implement } from '@fissile/kit/rpc';
import { ProductsController } from './api/products.controller.js';
import { ProductsHandler } from './api/products.handler.js';
import { CatalogueService } from './catalogue.service.js';
import { ProductEntity } from './data/product.entity.js';
import { ProductRepository } from './data/product-repository.js';
import { PRODUCTS_MIGRATIONS } from './data/products.migration.js';

const database = DatabaseModule.forContext('products', {
  entities: [ProductEntity],
  migrations: [...MESSAGING_MIGRATIONS, ...AUDIT_MIGRATIONS, ...PRODUCTS_MIGRATIONS],
});
const messaging = MessagingModule.forContext(database);
const audit = AuditModule.forContext(database);

@Module({
  imports: [
    database,
    messaging,
    audit,
    OperationsModule.forContext('products', { database, messaging, audit }),
  ],
  controllers: [ProductsController],
  providers: [
    ProductRepository,
    CatalogueService,
    ProductsHandler,
    implement(Products, 'products', ProductsHandler),
  ],
})
export class ProductsModule {
  static readonly context = 'products';
}
