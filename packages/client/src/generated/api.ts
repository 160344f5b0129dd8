// Made by `fissile client` from the OpenAPI document: the types of the public API.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that access tokens are signed with */
        get: operations["Jwks_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What goes on in all processes: counters since their start, and what waits */
        get: operations["Activity_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/advice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each split or merge would cost, as it was last measured
         * @description Kept in the memory of the gateway that has measured it, from its start on.
         */
        get: operations["Advice_read"];
        put?: never;
        /**
         * Measure the product, and what calls and processes cost on this machine
         * @description The same as fissile advise. It changes nothing, and takes more than a minute, in part of which it uses a processor: so it is for development. One at a time.
         */
        post: operations["Advice_start"];
        /** Stop measuring, where that is under way */
        delete: operations["Advice_cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what admins did, and what concerns security */
        get: operations["Audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List events that could not be handled */
        get: operations["DeadLetters_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an event that could not be handled */
        get: operations["DeadLetters_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drop the event for good */
        post: operations["DeadLetters_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Handle the event again */
        post: operations["DeadLetters_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discard all dead letters that fit
         * @description Oldest first, 1000 at a time. What it is done to is in the audit log, each by itself.
         */
        post: operations["DeadLettersBulk_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay all dead letters that fit
         * @description Oldest first, 1000 at a time. What it is done to is in the audit log, each by itself.
         */
        post: operations["DeadLettersBulk_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find what an id or an email address belongs to */
        get: operations["Find_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rates, response times and queues of the last minutes or hours
         * @description Kept in the memory of the gateway that answers, from its start on, for six hours: for more use Prometheus.
         */
        get: operations["History_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the log lines that the processes have kept in memory, newest first */
        get: operations["Logs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sagas of all contexts */
        get: operations["Sagas_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sagas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a saga with its steps */
        get: operations["Sagas_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sagas/{id}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a running saga take back what it did */
        post: operations["Sagas_abort"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sagas/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a saga that waits try again now */
        post: operations["Sagas_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sagas/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Abort all sagas that fit and run
         * @description Oldest first, 1000 at a time. What it is done to is in the audit log, each by itself.
         */
        post: operations["SagasBulk_abort"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sagas/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry all sagas that fit and wait for a retry
         * @description Oldest first, 1000 at a time. What it is done to is in the audit log, each by itself.
         */
        post: operations["SagasBulk_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the periodic work of all processes, and how it went last
         * @description Clean-ups, relays, polls: what failed last comes first.
         */
        get: operations["Schedules_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings of each process as they are now, and which changes were refused */
        get: operations["Settings_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which process hosts which contexts, its instances, and whom it cannot reach */
        get: operations["Topology_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/topology/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a context, apply a topology, or restart, stop, start, kill or scale a process, while requests are served
         * @description One change at a time. The topology shows how far it is. A process that is stopped leaves what it hosts without an owner. To kill one, as a crash would, is refused in production.
         */
        post: operations["Topology_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the traces that the processes have kept in memory, newest first */
        get: operations["Traces_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/traces/{traceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a trace: its spans in all processes */
        get: operations["Traces_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description An account with a second factor needs a code too, and one whose password was generated a new password: the answer to the right password says so.
         */
        post: operations["Auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session of the access token */
        post: operations["Auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/pages/{page}/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in at a page
         * @description For pages of the product itself, which send X-Requested-With. The refresh token is in a cookie that scripts cannot read and that goes to the routes of the page alone.
         */
        post: operations["PageSession_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/pages/{page}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get another access token for a page
         * @description For pages of the product itself, which send X-Requested-With. The refresh token is in a cookie that scripts cannot read and that goes to the routes of the page alone. Refused, details.reason says why the session has ended.
         */
        post: operations["PageSession_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/pages/{page}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of a page
         * @description For pages of the product itself, which send X-Requested-With. The refresh token is in a cookie that scripts cannot read and that goes to the routes of the page alone.
         */
        post: operations["PageSession_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/pages/{page}/sign-in-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in at a page by the link that a start in development shows
         * @description For pages of the product itself, which send X-Requested-With. The refresh token is in a cookie that scripts cannot read and that goes to the routes of the page alone.
         */
        post: operations["PageSession_signInByLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a mail by which to choose a new password
         * @description The answer is the same whether or not the address has an account.
         */
        post: operations["Passwords_requestReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password-reset/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password by the token of a mail
         * @description All sessions of the account end, and its address counts as verified.
         */
        post: operations["Passwords_confirmReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade a refresh token for new tokens
         * @description Each is good once. Used again within a few seconds it gives the same next one, in case the answer was lost; used again later, or after the next one, it ends the session.
         */
        post: operations["Auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of a refresh token
         * @description No access token is needed, so it works when that has expired. A token that is not known is no error.
         */
        post: operations["Auth_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-in-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in by the link that a start in development shows
         * @description For the machine that the product runs on, by no proxy, and not in production. The link is good once; it is sent by POST, so that what only looks at it does not use it up.
         */
        post: operations["SignInLink_signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the stock of all products, by product id */
        get: operations["Inventory_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inventory/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the stock of a product */
        get: operations["Inventory_read"];
        /** Set how many units are there */
        put: operations["Inventory_count"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inventory/{productId}/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add or remove units */
        post: operations["Inventory_adjust"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inventory/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how many units of products can be ordered */
        get: operations["Inventory_availability"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was sent to you, newest first */
        get: operations["Notifications_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the mails to all customers, newest first
         * @description Those about orders and the welcome. Mails with secret links, such as for a new password, are not kept.
         */
        get: operations["Mails_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/mails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a mail as its recipient gets it */
        get: operations["Mails_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders, newest first
         * @description Yours; an admin sees all.
         */
        get: operations["Orders_list"];
        put?: never;
        /**
         * Place an order
         * @description Prices are the catalogue's. A refused payment or missing stock gives an order that is cancelled, with the reason.
         */
        post: operations["Orders_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an order */
        get: operations["Orders_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description Releases the stock and refunds the payment.
         */
        post: operations["Orders_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a shipped order back
         * @description Refunds the payment and puts the goods back on hand. The same request again changes nothing.
         */
        post: operations["Orders_takeBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/ship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ship a confirmed order
         * @description Takes its units off the stock. The same request again changes nothing.
         */
        post: operations["Orders_ship"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what happened to an order, step by step */
        get: operations["Orders_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payments, newest first
         * @description Yours; an admin sees all.
         */
        get: operations["Payments_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a payment */
        get: operations["Payments_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/{id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give money back
         * @description A refund that is answered is certain, also when the provider takes its time to carry it out.
         */
        post: operations["Payments_refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/{id}/refunds/{refundId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a failed refund again
         * @description A refund fails when the provider, or the bank of the customer, refuses it for good.
         */
        post: operations["Payments_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/{id}/refunds/{refundId}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record that a failed refund was paid in another way
         * @description Such as by a transfer. Nothing is sent to the provider.
         */
        post: operations["Payments_settle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/{id}/sandbox-action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer the bank's question about a payment of the sandbox
         * @description Only with the sandbox, which moves no money: a payment with `pm_card_action` waits for it.
         */
        post: operations["Actions_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/payments/webhooks/stripe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive an event of Stripe
         * @description For Stripe alone. Events that are known, unknown or of no interest are answered with 200.
         */
        post: operations["Webhooks_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Browse the catalogue, newest first */
        get: operations["Products_list"];
        put?: never;
        /** Add a product */
        post: operations["Products_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a product */
        get: operations["Products_read"];
        put?: never;
        post?: never;
        /**
         * Discontinue a product
         * @description It stays readable, and cannot be ordered any more.
         */
        delete: operations["Products_discontinue"];
        options?: never;
        head?: never;
        /**
         * Change a product
         * @description Orders that exist keep the price that they were made with.
         */
        patch: operations["Products_change"];
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users, newest first */
        get: operations["Users_list"];
        put?: never;
        /** Register */
        post: operations["Users_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a user */
        get: operations["Users_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a user's roles or status
         * @description Tokens that the user holds are refused from then on.
         */
        patch: operations["Users_change"];
        trace?: never;
    };
    "/api/users/{id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See whether a user has a second factor */
        get: operations["SecondFactor_readOf"];
        put?: never;
        post?: never;
        /**
         * Remove the second factor of a user who has lost it
         * @description Their sessions end. Your own is removed by a code of it alone.
         */
        delete: operations["SecondFactor_reset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sessions of a user, newest first */
        get: operations["UserSessions_read"];
        put?: never;
        post?: never;
        /**
         * End all sessions of a user
         * @description Your own too, where it is you.
         */
        delete: operations["UserSessions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read your profile */
        get: operations["Users_me"];
        put?: never;
        post?: never;
        /**
         * Erase your account
         * @description There is no way back. What other contexts must keep stays under an id that leads to nobody. Who signs in at an external provider goes on to be known there, by an id that this one follows from; it must have asked who they are within ten minutes.
         */
        delete: operations["PersonalData_erase"];
        options?: never;
        head?: never;
        /** Change your profile */
        patch: operations["Users_changeMe"];
        trace?: never;
    };
    "/api/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export what is kept of you
         * @description All contexts, or a 503 that names the one that is unavailable.
         */
        get: operations["PersonalData_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password
         * @description Your other sessions end.
         */
        post: operations["Passwords_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See whether you have a second factor */
        get: operations["SecondFactor_read"];
        put?: never;
        /**
         * Begin to set up a second factor
         * @description By an authenticator app (TOTP, RFC 6238). It counts once a code of the app has confirmed it.
         */
        post: operations["SecondFactor_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm it by a code of the app
         * @description Your other sessions end, and this one goes on by its refresh token.
         */
        post: operations["SecondFactor_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new recovery codes
         * @description The earlier ones are good no more.
         */
        post: operations["SecondFactor_renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/second-factor/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove your second factor
         * @description Your other sessions end, and this one goes on by its refresh token.
         */
        post: operations["SecondFactor_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your sessions, newest first */
        get: operations["Sessions_read"];
        put?: never;
        post?: never;
        /** End your other sessions */
        delete: operations["Sessions_endOthers"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of your sessions */
        delete: operations["Sessions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the roles that an account can have */
        get: operations["Users_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another verification mail
         * @description The answer is the same whether or not the address has an account that waits for one.
         */
        post: operations["Verification_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/verification/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verify an email address by the token that was sent to it */
        post: operations["Verification_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process and all that it depends on are well */
        get: operations["Health_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs, whatever it depends on */
        get: operations["Health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process should get requests */
        get: operations["Health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/startup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process has started: from then on it says so for ever */
        get: operations["Health_startup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the text format of Prometheus, or as OpenMetrics with exemplars */
        get: operations["Metrics_index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Activity: {
            /**
             * Format: date-time
             * @description When it was read: two answers give what happens in a second
             */
            at: string;
            /** @description Who has called whom; what a process asks for itself is left out */
            calls: {
                /** @description Request and answer together, encoded, on average of those that were measured */
                bytesPerCall: number | null;
                calls: number;
                callSeconds: number;
                failedCalls: number;
                /** @example billing */
                from: string;
                /** @example invoices */
                to: string;
            }[];
            contexts: {
                /** @description To its contracts by other contexts and the gateway, since these started, without what is for operators */
                calls: number;
                /** @description How long all of them took together */
                callSeconds: number;
                deadLetters: number | null;
                /** @description Those without an answer, or with an unexpected error */
                failedCalls: number;
                /** @description Those that were answered with a status of 500 or more */
                failedRequests: number | null;
                /** @description As for all, of the requests to its part of the API */
                medianSeconds: number | null;
                name: string;
                /** @description Events that wait to be published */
                outboxEvents: number | null;
                /** @description The age of the oldest of them */
                outboxLagSeconds: number | null;
                /** @description Over HTTP to its part of the API, as the gateway has counted them */
                requests: number | null;
                unfinishedSagas: number | null;
            }[];
            /** @description Which context was given events of which other, where no broker carries them */
            events: {
                deliveries: number;
                /** @example billing */
                from: string;
                /** @example invoices */
                to: string;
            }[];
            /** @description How long half of the requests took at most that this instance of the gateway has answered in the last 20 seconds */
            medianSeconds: number | null;
            processes: {
                instances: {
                    /** @description Since its start */
                    cpuSeconds: number | null;
                    /** @description Of all its pools, idle or busy */
                    databaseConnections: number | null;
                    /** @description Those that were answered with a status of 500 or more */
                    failedRequests: number | null;
                    id: string;
                    /** @description false when the instance does not respond; all else is null */
                    isKnown: boolean;
                    /** @description Over HTTP, since its start, without what is for operators, such as this */
                    requests: number | null;
                    residentBytes: number | null;
                    upSeconds: number | null;
                }[];
                name: string;
            }[];
        };
        Advice: {
            /** @description Why nothing is measured here */
            obstacle: string | null;
            /** @description Of the last run that came to an advice */
            report: {
                advice: {
                    /** @enum {string} */
                    change: "none" | "merge" | "more instances";
                    /** @description Of the placement that is advised */
                    label: string;
                    reason: string;
                };
                costs: {
                    calls: {
                        /** @description At both ends together, beyond what it costs within one process */
                        cpuMicros: number;
                        /** @description How much longer it takes than within one process */
                        latencyMs: number;
                        perSecond: number;
                    }[];
                    cpuMicrosPerKilobyte: number;
                    process: {
                        /** @description CPU seconds a second of a process that has nothing to do */
                        idleCpu: number;
                        residentBytes: number;
                    };
                    /** @description Requests that the gateway passes on */
                    proxied: {
                        /** @description At both ends together, beyond what it costs within one process */
                        cpuMicros: number;
                        /** @description How much longer it takes than within one process */
                        latencyMs: number;
                        perSecond: number;
                    }[];
                    transport: string;
                };
                measured: {
                    /** @description Half of the requests took at most that long */
                    medianMs: number | null;
                    processes: {
                        /** @description CPU seconds a second, of all its instances */
                        cpu: number;
                        databaseConnections: number;
                        hosts: string[];
                        instances: number;
                        name: string;
                        residentBytes: number;
                    }[];
                    /** @description Answered by the gateway */
                    requestsPerSecond: number;
                    seconds: number;
                    topology: string;
                };
                /** Format: date-time */
                measuredAt: string;
                /** @description The placement of now comes first */
                predictions: components["schemas"]["Prediction"][];
            } | null;
            /** @description The last one, or the one under way */
            run: {
                /**
                 * Format: date-time
                 * @description null while it is under way
                 */
                endedAt: string | null;
                /** @description Why it came to no advice */
                error: string | null;
                /** Format: date-time */
                startedAt: string;
                /** @description What it does, or did last */
                step: string;
            } | null;
        };
        AuditEvent: {
            /** @example saga.retried */
            action: string;
            /** Format: date-time */
            at: string;
            /** @description The id that the client gave the request */
            clientRequestId: string | null;
            context: string;
            details: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /** @example done */
            outcome: string;
            /** @description To find the logs and traces of the request */
            requestId: string | null;
            /** @description The address of the client; null for what no request caused */
            source: string | null;
            /** @description The id of what it was done to */
            subject: string;
            /** @description The address of their account; null when there is none, or it does not answer */
            userEmail: string | null;
            /**
             * Format: uuid
             * @description Who did it; null without a signed-in user
             */
            userId: string | null;
        };
        Availability: {
            items: {
                available: number;
                /**
                 * Format: uuid
                 * @description UUID
                 */
                productId: string;
            }[];
        };
        Breaker: {
            /** @description What is under way to it */
            inFlight: number;
            /** @enum {string} */
            state: "closed" | "half-open" | "open";
            /**
             * @description A context, for the calls to it; with -http, for the requests that are passed on to it
             * @example billing
             */
            target: string;
        };
        BulkResult: {
            /** @description How many it was done to, in this request */
            done: number;
            /** @description How many of them it is for, 1000 at most */
            eligible: number;
            /** @description How many were tried and failed again */
            failed: number;
            /** @description How many fit the filter, of each context 5,000 at most */
            matching: number;
            /** @description The contexts that did not answer, whose items are not in this list */
            missing: components["schemas"]["MissingContext"][];
            /** @description Whether there are more than those, or time was short: ask again */
            more: boolean;
        };
        DeadLetter: {
            context: string;
            /** Format: date-time */
            createdAt: string;
            /** @description The CloudEvents envelope, or what came instead of one */
            event: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description UUID
             */
            eventId: string;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            reason: string;
            type: string;
        };
        /**
         * @example {
         *       "filter": {},
         *       "preview": true
         *     }
         */
        DeadLettersBulk: {
            /** @description Which ones, as the list takes it. Without a field, all of them */
            filter: {
                /** @enum {string} */
                context?: "users" | "products" | "inventory" | "orders" | "payments" | "notifications";
                /**
                 * Format: date-time
                 * @description At or after this time
                 * @example 2026-03-01T12:00:00Z
                 */
                from?: string;
                /**
                 * Format: uuid
                 * @description The id of the dead letter, or of the event
                 */
                id?: string;
                /** @description Words of the reason, each from its beginning on */
                text?: string;
                /**
                 * Format: date-time
                 * @description Before this time
                 * @example 2026-03-02T12:00:00Z
                 */
                to?: string;
                /** @description The type of the event */
                type?: string;
            };
            /**
             * @description true says how many there are, and does nothing
             * @default false
             */
            preview: boolean;
        };
        /**
         * @example {
         *       "password": "correct horse battery staple"
         *     }
         */
        Erasure: {
            /** @description Where the account has a second factor */
            code?: string;
            /**
             * Format: password
             * @description Of the account; who signs in at an external provider and has none here leaves it out
             */
            password?: string;
        };
        ErasureState: {
            /**
             * @description The account is gone; what other contexts keep goes as soon as they are available
             * @enum {string}
             */
            status: "erasing";
            /**
             * Format: uuid
             * @description UUID
             */
            userId: string;
        };
        FindLink: {
            /** @description Answers it; with 404 when there is none of that id */
            api: string;
            /**
             * @description What it is, if it is there
             * @example visit
             */
            kind: string;
            /** @description Shows it */
            page: string;
        };
        FindResult: {
            items: components["schemas"]["Found"][];
            /** @description Where else an id may lead: things of the product */
            links: components["schemas"]["FindLink"][];
            /** @description The contexts that did not answer, whose items are not in this list */
            missing: components["schemas"]["MissingContext"][];
        };
        Found: {
            /** @description Its id; that of the subject for audit records */
            id: string;
            /**
             * @description What it is
             * @enum {string}
             */
            kind: "saga" | "dead letter" | "user" | "audit records";
            /** @example billing: send-invoice, completed */
            title: string;
        };
        /** @description One entry for each dependency in use, and for disk, memory and event loop */
        Health: {
            /** @enum {string} */
            status: "healthy" | "unhealthy";
        } & {
            [key: string]: "up" | "down";
        };
        History: {
            /** @description How far apart the points are, about */
            everySeconds: number;
            /** Format: date-time */
            from: string;
            marks: {
                /** Format: date-time */
                at: string;
                /** @description What moved to it */
                context: string | null;
                /**
                 * @description What happened to the process
                 * @enum {string}
                 */
                kind: "started" | "down" | "moved";
                process: string;
            }[];
            /** @description Oldest first */
            points: {
                /**
                 * Format: date-time
                 * @description When the stretch of time ended that it is about
                 */
                at: string;
                /** @description Those that were answered with a status of 500 or more */
                failedPerSecond: number | null;
                /** @description Events that waited behind a dead letter of their key */
                inboxEvents: number | null;
                /** @description How many there were */
                outboxEvents: number | null;
                /** @description The age of the oldest event that was not published */
                outboxLagSeconds: number | null;
                /** @description How long half of them took at most; null when there was none */
                p50Ms: number | null;
                p99Ms: number | null;
                /** @description Of clients, without what is for operators */
                requestsPerSecond: number | null;
            }[];
            /** Format: date-time */
            to: string;
        };
        JsonWebKeySet: {
            keys: {
                [key: string]: unknown;
            }[];
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery staple"
         *     }
         */
        Login: {
            /** @description Where the account has a second factor: a code of its app, or a recovery code */
            code?: string;
            /** @example ada@example.com */
            email: string;
            /**
             * Format: password
             * @description Where the password must be changed, as a generated one: what takes its place
             * @example correct horse battery staple
             */
            newPassword?: string;
            /** Format: password */
            password: string;
        };
        LogLine: {
            /** Format: date-time */
            at: string;
            /** @description What an error says, with its stack */
            error: string | null;
            /** @description What else the line says */
            fields: {
                [key: string]: unknown;
            };
            id: string;
            /** @example warn */
            level: string;
            message: string;
            process: string;
            /** @example 0af7651916cd43dd8448eb211c80319c */
            traceId: string | null;
        };
        Mail: {
            /** @description How often it was given to the mail server */
            attempts: number;
            /** @enum {string} */
            channel: "email";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /**
             * Format: date-time
             * @description When it is tried again; null when it is not
             */
            nextAttemptAt: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            orderId: string | null;
            /**
             * Format: date-time
             * @description When the mail server took it; null also for mails of earlier versions
             */
            sentAt: string | null;
            /**
             * @description refused: the mail server knows no such mailbox; withheld: the address was not verified, so no mail went there
             * @enum {string}
             */
            status: "pending" | "sent" | "refused" | "withheld";
            subject: string;
            to: string;
            /**
             * @description The type of the event
             * @example orders.confirmed.v1
             */
            type: string;
            /**
             * Format: uuid
             * @description UUID
             */
            userId: string;
        };
        /**
         * @example {
         *       "email": "ada@example.com"
         *     }
         */
        MailRequest: {
            /** @example ada@example.com */
            email: string;
        };
        /**
         * @example {
         *       "token": "uX2qk0Wb7Yt9mJcR4sVfHg"
         *     }
         */
        MailToken: {
            token: string;
        };
        MailWithText: {
            /** @description How often it was given to the mail server */
            attempts: number;
            /** @enum {string} */
            channel: "email";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /**
             * Format: date-time
             * @description When it is tried again; null when it is not
             */
            nextAttemptAt: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            orderId: string | null;
            /**
             * Format: date-time
             * @description When the mail server took it; null also for mails of earlier versions
             */
            sentAt: string | null;
            /**
             * @description refused: the mail server knows no such mailbox; withheld: the address was not verified, so no mail went there
             * @enum {string}
             */
            status: "pending" | "sent" | "refused" | "withheld";
            subject: string;
            text: string;
            to: string;
            /**
             * @description The type of the event
             * @example orders.confirmed.v1
             */
            type: string;
            /**
             * Format: uuid
             * @description UUID
             */
            userId: string;
        };
        MissingContext: {
            context: string;
            /** @example unavailable */
            reason: string;
        };
        MissingProcess: {
            process: string;
            /** @example deadline_exceeded */
            reason: string;
        };
        Money: {
            /** @description in minor units, such as cents */
            amountMinor: number;
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency: string;
        };
        /**
         * @example {
         *       "sku": "TEA-001",
         *       "name": "White tea",
         *       "description": "A tin of 100 g",
         *       "category": "Tea",
         *       "price": {
         *         "amountMinor": 1590,
         *         "currency": "USD"
         *       }
         *     }
         */
        NewProduct: {
            category?: string | null;
            description?: string | null;
            name: string;
            price: {
                amountMinor: number;
                /**
                 * @description ISO 4217 code
                 * @example USD
                 */
                currency: string;
            };
            /** @example TEA-001 */
            sku: string;
        };
        /**
         * @example {
         *       "amountMinor": 500,
         *       "reason": "one cup was broken"
         *     }
         */
        NewRefund: {
            /** @description Without it, all that is left */
            amountMinor?: number;
            reason?: string;
        };
        /**
         * @example {
         *       "delta": 10,
         *       "reason": "Found in the store-room"
         *     }
         */
        NewStockAdjustment: {
            delta: number;
            reason: string;
        };
        Notification: {
            /** @enum {string} */
            channel: "email";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /**
             * Format: uuid
             * @description UUID
             */
            orderId: string | null;
            /**
             * @description refused: the mail server knows no such mailbox; withheld: the address was not verified, so no mail went there
             * @enum {string}
             */
            status: "pending" | "sent" | "refused" | "withheld";
            subject: string;
            to: string;
            /**
             * @description The type of the event
             * @example orders.confirmed.v1
             */
            type: string;
        };
        Order: {
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            items: {
                lineTotal: components["schemas"]["Money"];
                name: string;
                /**
                 * Format: uuid
                 * @description UUID
                 */
                productId: string;
                quantity: number;
                sku: string;
                unitPrice: components["schemas"]["Money"];
            }[];
            /** @description What you must do so that the order goes on, such as to confirm the payment to your bank (3-D Secure): only where one pending order is read, by its owner */
            payment: {
                action: {
                    clientSecret: string | null;
                    /** @example use_stripe_sdk */
                    type: string;
                };
                /**
                 * Format: uuid
                 * @description UUID
                 */
                id: string;
            } | null;
            /**
             * Format: uuid
             * @description UUID
             */
            paymentId: string | null;
            reason: {
                code: string;
                message: string;
            } | null;
            /** @enum {string} */
            status: "pending" | "confirmed" | "cancelling" | "cancelled" | "shipping" | "shipped" | "returning" | "returned";
            total: components["schemas"]["Money"];
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            updatedAt: string;
            /**
             * Format: uuid
             * @description UUID
             */
            userId: string;
        };
        OrderTimeline: {
            /**
             * Format: uuid
             * @description UUID
             */
            orderId: string;
            /**
             * Format: uuid
             * @description UUID
             */
            sagaId: string;
            /** @enum {string} */
            status: "running" | "compensating" | "completed" | "compensated";
            steps: {
                attempt: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                endedAt: string | null;
                error: string | null;
                /** @enum {string} */
                kind: "do" | "undo";
                /** @example reserve-inventory */
                name: string;
                /** @example place-order */
                saga: string;
                /**
                 * Format: uuid
                 * @description UUID
                 */
                sagaId: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                startedAt: string;
                /** @enum {string} */
                status: "running" | "done" | "failed";
            }[];
        };
        PageToken: {
            accessToken: string;
            /** @description Seconds until the access token expires */
            expiresIn: number;
            /** @enum {string} */
            tokenType: "Bearer";
        };
        /**
         * @example {
         *       "currentPassword": "correct horse battery staple",
         *       "newPassword": "a longer battery staple"
         *     }
         */
        PasswordChange: {
            /** Format: password */
            currentPassword: string;
            /**
             * Format: password
             * @example correct horse battery staple
             */
            newPassword: string;
        };
        /**
         * @example {
         *       "token": "uX2qk0Wb7Yt9mJcR4sVfHg",
         *       "password": "correct horse battery staple"
         *     }
         */
        PasswordReset: {
            /**
             * Format: password
             * @example correct horse battery staple
             */
            password: string;
            token: string;
        };
        Payment: {
            /** @description What you must do before the payment is made; shown to its owner alone */
            action: {
                clientSecret: string | null;
                type: string;
            } | null;
            amount: components["schemas"]["Money"];
            /** Format: date-time */
            createdAt: string;
            /** @description What the provider said when it declined; shown to admins alone */
            declineReason: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /**
             * Format: uuid
             * @description UUID
             */
            orderId: string;
            /** @description The provider's name of the charge; shown to admins alone */
            reference: string | null;
            refunds: components["schemas"]["Refund"][];
            /** @enum {string} */
            status: "pending" | "captured" | "declined" | "refunded" | "refund_failed" | "unknown";
        };
        PersonalExport: {
            /** @description Lists of what each context keeps, by what it is */
            contexts: {
                [key: string]: {
                    [key: string]: {
                        [key: string]: unknown;
                    }[];
                };
            };
            /** Format: date-time */
            exportedAt: string;
            /**
             * Format: uuid
             * @description UUID
             */
            userId: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "productId": "01890a5d-ac96-774b-bcce-b302099a8057",
         *           "quantity": 2
         *         }
         *       ],
         *       "payment": {
         *         "method": "pm_card_ok"
         *       }
         *     }
         */
        PlaceOrder: {
            /**
             * @description ISO 4217 code
             * @example USD
             */
            currency?: string;
            items: {
                /**
                 * Format: uuid
                 * @description The id of a product, as GET /api/products lists them
                 */
                productId: string;
                quantity: number;
            }[];
            payment: {
                /** @example pm_card_ok */
                method: string;
            };
        };
        Prediction: {
            connections: {
                database: number;
                /** @description Between processes */
                processes: number;
            };
            /** @description Of all processes together for a request */
            cpuMicros: number;
            /** @description Who would have to do without whom */
            failures: string[];
            gains: string[];
            /** @example billing apart */
            label: string;
            medianMs: number | null;
            /** @description What shares a process, for each process */
            partition: string[][];
            processes: number;
            residentBytes: number;
        };
        Problem: {
            /**
             * @description What clients test
             * @example validation_failed
             */
            code: "account_disabled" | "advice_refused" | "bad_gateway" | "cancelled" | "cancelled_by_customer" | "currency_mismatch" | "dead_letter_failed_again" | "dead_letter_not_found" | "deadline_exceeded" | "email_not_verified" | "email_taken" | "export_too_large" | "forbidden" | "headers_too_large" | "idempotency_key_reused" | "internal_error" | "internal_port" | "invalid_code" | "invalid_credentials" | "invalid_refresh_token" | "invalid_token" | "last_admin" | "mail_not_found" | "malformed_request" | "method_not_allowed" | "not_found" | "order_not_cancellable" | "order_not_found" | "order_not_returnable" | "order_not_shippable" | "order_total_too_large" | "orders_paused" | "password_change_required" | "payload_too_large" | "payment_action_expired" | "payment_declined" | "payment_method_unknown" | "payment_not_found" | "payment_not_refundable" | "payment_outcome_unknown" | "payment_provider_unavailable" | "payment_voided" | "product_not_found" | "product_unavailable" | "refund_exceeds_payment" | "refund_not_failed" | "registration_closed" | "request_timeout" | "reservation_released" | "saga_aborted" | "saga_ended" | "saga_expired" | "saga_not_found" | "second_factor_exists" | "second_factor_not_found" | "second_factor_not_set_up" | "second_factor_required" | "session_not_found" | "sign_in_too_old" | "sku_taken" | "stock_below_reserved" | "stock_insufficient" | "stock_limit_exceeded" | "too_many_requests" | "topology_not_changed" | "trace_not_found" | "unauthenticated" | "unavailable" | "unsupported_media_type" | "uri_too_long" | "user_erased" | "user_not_erased" | "user_not_found" | "validation_failed" | "version_mismatch" | "webhook_refused";
            /** @description What it means for this request, and what to do about it */
            detail: string;
            details?: {
                [key: string]: string | number | boolean | (null);
            };
            errors?: {
                message: string;
                path: string;
            }[];
            status: number;
            /** @description The same for each error of a code */
            title: string;
            traceId: string;
            /**
             * Format: uri-reference
             * @description The page that explains the error, relative to the address of the API
             * @example /errors#validation_failed
             */
            type: string;
        };
        Product: {
            category: string | null;
            /** Format: date-time */
            createdAt: string;
            description: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            name: string;
            price: components["schemas"]["Money"];
            sku: string;
            /** @enum {string} */
            status: "active" | "discontinued";
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "price": {
         *         "amountMinor": 1390,
         *         "currency": "USD"
         *       }
         *     }
         */
        ProductChange: {
            category?: string | null;
            description?: string | null;
            name?: string;
            price?: {
                amountMinor: number;
                /**
                 * @description ISO 4217 code
                 * @example USD
                 */
                currency: string;
            };
            /** @enum {string} */
            status?: "active" | "discontinued";
        };
        /** @description `onHand` and `reserved` are for admins alone */
        ProductStock: {
            available: number;
            onHand?: number;
            /**
             * Format: uuid
             * @description UUID
             */
            productId: string;
            reserved?: number;
        };
        /**
         * @example {
         *       "name": "Ada Lovelace"
         *     }
         */
        ProfileChange: {
            name: string;
        };
        RecoveryCodes: {
            /** @description Each good once */
            recoveryCodes: string[];
        };
        /**
         * @example {
         *       "refreshToken": "uX2qk0Wb7Yt9mJcR4sVfHg"
         *     }
         */
        Refresh: {
            refreshToken: string;
        };
        Refund: {
            amount: components["schemas"]["Money"];
            /** Format: date-time */
            createdAt: string;
            failureReason: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /** @description In the words of who refunded; shown to admins alone */
            reason: string | null;
            /** @enum {string} */
            status: "pending" | "done" | "failed";
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery staple",
         *       "name": "Ada Lovelace"
         *     }
         */
        Registration: {
            /** @example ada@example.com */
            email: string;
            /** @example Ada Lovelace */
            name: string;
            /**
             * Format: password
             * @example correct horse battery staple
             */
            password: string;
        };
        Roles: {
            /** @description A new account has the first */
            roles: string[];
        };
        Saga: {
            context: string;
            /** Format: date-time */
            createdAt: string;
            error: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            name: string;
            status: string;
            /** @description The id of what it is about, such as an invoice */
            subject: string;
            /** @description Of the request that began it */
            traceId: string | null;
            /** Format: date-time */
            updatedAt: string;
        };
        SagaDetails: {
            context: string;
            /** Format: date-time */
            createdAt: string;
            error: string | null;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            name: string;
            status: string;
            steps: {
                attempt: number;
                /** Format: date-time */
                endedAt: string | null;
                error: string | null;
                /** @description Of the failure for which the saga takes back what it did */
                errorMessage: string | null;
                /** @description What it found in the data of the saga, as JSON without what is personal, cut where it is long */
                input: string | null;
                kind: string;
                name: string;
                /** @description What it added to that */
                output: string | null;
                /** Format: date-time */
                startedAt: string;
                status: string;
            }[];
            /** @description The id of what it is about, such as an invoice */
            subject: string;
            /** @description Of the request that began it */
            traceId: string | null;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "filter": {},
         *       "preview": true
         *     }
         */
        SagasBulk: {
            /** @description Which ones, as the list takes it. Without a field, all of them */
            filter: {
                /** @enum {string} */
                context?: "users" | "products" | "inventory" | "orders" | "payments" | "notifications";
                /**
                 * Format: date-time
                 * @description At or after this time
                 * @example 2026-03-01T12:00:00Z
                 */
                from?: string;
                /** @description The id of the saga, or of what it is about */
                id?: string;
                /**
                 * @description The name of the saga
                 * @example place-visit
                 */
                name?: string;
                /** @enum {string} */
                status?: "running" | "compensating" | "completed" | "compensated";
                /**
                 * Format: date-time
                 * @description Before this time
                 * @example 2026-03-02T12:00:00Z
                 */
                to?: string;
            };
            /**
             * @description true says how many there are, and does nothing
             * @default false
             */
            preview: boolean;
        };
        /**
         * @example {
         *       "approve": true
         *     }
         */
        SandboxAnswer: {
            approve: boolean;
        };
        Schedule: {
            /** @description Of the last time that has ended */
            durationMs: number | null;
            /** @description Why the last time failed */
            error: string | null;
            /** @description The pause after each time; some work is woken before, such as by a commit */
            everySeconds: number;
            /** @description How many of them failed */
            failures: number;
            /** @description Which one of the process, where there is a choice */
            instance: string;
            /** @example clean-up of sagas of billing */
            name: string;
            /**
             * Format: date-time
             * @description When it goes on at the latest; null while it runs
             */
            nextAt: string | null;
            process: string;
            /** @description Since the start of the process */
            runs: number;
            /**
             * Format: date-time
             * @description Of the last time, which may be under way
             */
            startedAt: string | null;
            /**
             * @description What the last time ended with; waiting before the first has
             * @enum {string}
             */
            state: "running" | "done" | "failed" | "waiting";
            /** Format: date-time */
            succeededAt: string | null;
        };
        Schedules: {
            items: components["schemas"]["Schedule"][];
            /** @description The processes that did not answer, whose part is not in this */
            missing: components["schemas"]["MissingProcess"][];
        };
        SecondFactor: {
            /** @description Whether signing in needs a code */
            active: boolean;
            /** @description How many are left */
            recoveryCodes: number;
            /** @description Whether the routes of operators refuse you without it */
            required: boolean;
        };
        /**
         * @example {
         *       "code": "123456"
         *     }
         */
        SecondFactorCode: {
            code: string;
        };
        /**
         * @example {
         *       "password": "correct horse battery staple",
         *       "code": "123456"
         *     }
         */
        SecondFactorProof: {
            code: string;
            /** Format: password */
            password: string;
        };
        SecondFactorSecret: {
            /** @description The same, as a link that an app opens, or a QR code */
            otpauth: string;
            /** @description In base32, to be typed into an authenticator app */
            secret: string;
        };
        /**
         * @example {
         *       "password": "correct horse battery staple"
         *     }
         */
        SecondFactorStart: {
            /** Format: password */
            password: string;
        };
        Session: {
            /** @description Whether it is the one that asks */
            current: boolean;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was begun or last refreshed
             */
            lastUsedAt: string;
            /** @description The address of IPv4, or the /64 of IPv6, that it was begun from */
            network: string | null;
            /** Format: date-time */
            startedAt: string;
            /** @description The first 120 characters of what the client called itself */
            userAgent: string | null;
        };
        Setting: {
            group: string;
            /** @description Whether a change in Consul reaches the running process */
            live: boolean;
            /** @example THROTTLE_RATE */
            name: string;
            secret: boolean;
            /** @example consul fissile/config/THROTTLE_RATE */
            source: string;
            /** @description As text, masked when it is a secret */
            value: string | null;
        };
        Settings: {
            processes: {
                /** @enum {string} */
                consul: "unused" | "up" | "down";
                /** @description false when the process does not respond */
                isKnown: boolean;
                name: string;
                /** @description Values of Consul that do not count */
                refused: {
                    name: string;
                    reason: string;
                    source: string;
                }[];
                settings: components["schemas"]["Setting"][];
                /** @description Values of Consul that count from the next start on */
                waiting: {
                    name: string;
                    source: string;
                }[];
            }[];
        };
        /**
         * @example {
         *       "token": "uX2qk0Wb7Yt9mJcR4sVfHg"
         *     }
         */
        SignInLinkToken: {
            token: string;
        };
        Span: {
            attributes: {
                [key: string]: unknown;
            };
            durationMs: number;
            failed: boolean;
            /** @enum {string} */
            kind: "internal" | "server" | "client" | "producer" | "consumer";
            /** @description Other traces that it has to do with */
            linkedTraceIds: string[];
            name: string;
            /** @description How long after the first span of the trace it began */
            offsetMs: number;
            parentSpanId: string | null;
            process: string;
            spanId: string;
            /** Format: date-time */
            startedAt: string;
        };
        Stock: {
            available: number;
            onHand: number;
            /**
             * Format: uuid
             * @description UUID
             */
            productId: string;
            reserved: number;
        };
        StockAdjustment: {
            /** Format: date-time */
            createdAt: string;
            delta: number;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            /**
             * Format: uuid
             * @description UUID
             */
            productId: string;
            reason: string;
            /** @description The stock afterwards */
            stock: components["schemas"]["Stock"];
        };
        /**
         * @example {
         *       "onHand": 250
         *     }
         */
        StockCount: {
            onHand: number;
        };
        Tokens: {
            accessToken: string;
            /** @description Seconds until the access token expires */
            expiresIn: number;
            refreshToken: string;
            /** @enum {string} */
            tokenType: "Bearer";
        };
        Topology: {
            discovery: {
                /**
                 * @description Whether the source responded to the last request
                 * @enum {string}
                 */
                registry: "up" | "down";
                /** @enum {string} */
                source: "static" | "dns" | "consul";
            };
            /** @description Which context handles which events of which other */
            events: {
                from: string;
                to: string;
                types: string[];
            }[];
            /** @description The contexts whose process did not answer */
            missing: components["schemas"]["MissingContext"][];
            /** @description What can be changed while it runs; null where nothing on this machine starts the processes */
            placement: {
                /**
                 * @description Which of the topologies the processes are now; null when contexts differ from each, or instances where the supervisor holds the placement
                 * @example monolith
                 */
                applied: string | null;
                /** @description The last change, or the one under way */
                change: components["schemas"]["TopologyChange"] | null;
                processes: {
                    /**
                     * Format: date-time
                     * @description When it ended by itself, until it serves again; null where that is not known
                     */
                    downSince: string | null;
                    hosts: string[];
                    name: string;
                    pids: number[];
                    /** @description What may move to it */
                    standby: string[];
                    /** @enum {string} */
                    state: "running" | "starting" | "stopped";
                }[];
                /**
                 * @description Those of config/topology.yaml, and monolith, that can be applied now; not those that need code which a process was started without
                 * @example [
                 *       "monolith",
                 *       "split"
                 *     ]
                 */
                topologies: string[];
                /** @description Higher after each change */
                version: number;
            } | null;
            processes: {
                /** @description For its outgoing calls; null when it does not respond */
                breakers: components["schemas"]["Breaker"][] | null;
                hosts: string[];
                instances: {
                    address: string;
                    httpPort: number;
                    id: string;
                    /** @description Requests of the gateway that wait for its answer */
                    inFlight: number;
                    /** @description Where it takes calls, if the transport needs a port */
                    rpcPort: number;
                    /**
                     * @description ejected: it failed often and gets nothing for now
                     * @enum {string}
                     */
                    state: "healthy" | "ejected";
                }[];
                /** @description The source lists no instance now; these are the last known ones */
                isStale: boolean;
                name: string;
            }[];
            /** @example monolith */
            topology: string;
        };
        TopologyChange: {
            /**
             * Format: date-time
             * @description null while it is under way
             */
            endedAt: string | null;
            /** @description Why it was rolled back, or could not be */
            error: string | null;
            /** @enum {string} */
            stage: "starting" | "ready" | "moving" | "draining" | "drained" | "rolling back" | "rolled back";
            /** Format: date-time */
            startedAt: string;
            /** @description The processes that have not acknowledged the new placement yet */
            waitingFor: string[];
            /** @example move billing to own */
            what: string;
        };
        Trace: {
            /** @description Of what it began with, such as a request */
            durationMs: number;
            /** @description The type of an error, when a span has failed */
            error: string | null;
            /** @description What it began with; null when that is not kept any more, or has not ended */
            name: string | null;
            processes: string[];
            spans: number;
            /** Format: date-time */
            startedAt: string;
            /** @description Until the end of all that it caused, such as mails */
            totalMs: number;
            /** @example 0af7651916cd43dd8448eb211c80319c */
            traceId: string;
        };
        TraceDetails: {
            /** @description The processes that did not answer, whose part is not in this */
            missing: components["schemas"]["MissingProcess"][];
            /** @description By the time that they began */
            spans: components["schemas"]["Span"][];
            /** @example 0af7651916cd43dd8448eb211c80319c */
            traceId: string;
        };
        User: {
            /** Format: date-time */
            createdAt: string;
            email: string;
            /** @description Whether its owner has confirmed the address */
            emailVerified: boolean;
            /**
             * Format: uuid
             * @description UUID
             */
            id: string;
            name: string;
            roles: ("customer" | "admin")[];
            /** @enum {string} */
            status: "active" | "disabled";
        };
        /**
         * @example {
         *       "status": "disabled"
         *     }
         */
        UserChange: {
            roles?: ("customer" | "admin")[];
            /** @enum {string} */
            status?: "active" | "disabled";
        };
        WebhookReceived: {
            /** @enum {boolean} */
            received: true;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Jwks_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON Web Key Set (RFC 7517) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JsonWebKeySet"];
                };
            };
        };
    };
    Activity_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The activity */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Advice_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The advice */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Advice"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Advice_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How long calls, requests and processes are measured on the machine of the gateway
                     * @default 45
                     */
                    costSeconds?: number;
                    /**
                     * @description How long the product is measured
                     * @default 20
                     */
                    seconds?: number;
                };
            };
        };
        responses: {
            /** @description It has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Advice"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `advice_refused`: Nothing can be measured for an advice now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Advice_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is measured any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Audit_list: {
        parameters: {
            query?: {
                action?: "saga.retried" | "saga.aborted" | "dead_letter.replayed" | "dead_letter.discarded" | "database.repaired" | "access.refused" | "topology.changed" | "user.registered" | "user.email_verified" | "password.changed" | "password.reset" | "second_factor.added" | "second_factor.removed" | "second_factor.reset" | "recovery_codes.renewed" | "recovery_code.used" | "user.roles_changed" | "user.status_changed" | "user.erasure_begun" | "user.erased" | "admin.made" | "login.succeeded" | "login.failed" | "login.locked_out" | "sign_in_link.used" | "sign_in_link.refused" | "refresh.refused" | "session.ended" | "session.others_ended" | "session.all_ended" | "session.reused" | "product.added" | "product.changed" | "stock.counted" | "stock.adjusted" | "order.cancelled" | "order.shipped" | "order.returned" | "payment.refunded" | "payment.refund-retried" | "payment.refund-settled";
                /** @description Who did it: the id or the email address of a user */
                by?: string;
                context?: "users" | "products" | "inventory" | "orders" | "payments" | "notifications";
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description What comes first */
                sort?: "newest" | "oldest";
                /** @description The id of what it was done to */
                subject?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the audit log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEvent"][];
                        /** @description The contexts that did not answer, whose items are not in this list */
                        missing: components["schemas"]["MissingContext"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLetters_list: {
        parameters: {
            query?: {
                context?: "users" | "products" | "inventory" | "orders" | "payments" | "notifications";
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description The id of the dead letter, or of the event */
                id?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description What comes first */
                sort?: "newest" | "oldest";
                /** @description Words of the reason, each from its beginning on */
                text?: string;
                /** @description Before this time */
                to?: string;
                /** @description The type of the event */
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dead letters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetter"][];
                        /** @description The contexts that did not answer, whose items are not in this list */
                        missing: components["schemas"]["MissingContext"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLetters_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letter */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `dead_letter_not_found`: There is no such dead letter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLetters_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `dead_letter_not_found`: There is no such dead letter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLetters_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was handled */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `dead_letter_not_found`: There is no such dead letter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `dead_letter_failed_again`: The event could not be handled again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersBulk_discard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLettersBulk"];
            };
        };
        responses: {
            /** @description How many it was done to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersBulk_replay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLettersBulk"];
            };
        };
        responses: {
            /** @description How many it was done to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Find_find: {
        parameters: {
            query: {
                /** @description An id of anything, what a saga is about, or an email address */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What there is, of each kind a few */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindResult"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    History_read: {
        parameters: {
            query?: {
                /** @description How far back */
                range?: "15m" | "1h" | "6h";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The history */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Logs_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description The least important level */
                level?: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description Only lines of this process */
                process?: string;
                /** @description Only lines since then */
                since?: string;
                /** @description To be found in the line, such as the id of a request or of a saga */
                text?: string;
                /** @description As in the traceId of an error */
                traceId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of log lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LogLine"][];
                        /** @description The processes that did not answer, whose part is not in this */
                        missing: components["schemas"]["MissingProcess"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sagas_list: {
        parameters: {
            query?: {
                context?: "users" | "products" | "inventory" | "orders" | "payments" | "notifications";
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description The id of the saga, or of what it is about */
                id?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description The name of the saga */
                name?: string;
                /** @description What comes first */
                sort?: "newest" | "oldest";
                status?: "running" | "compensating" | "completed" | "compensated";
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sagas */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Saga"][];
                        /** @description The contexts that did not answer, whose items are not in this list */
                        missing: components["schemas"]["MissingContext"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sagas_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The saga */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaDetails"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `saga_not_found`: There is no such saga. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sagas_abort: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will compensate */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `saga_not_found`: There is no such saga. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `saga_ended`: The saga has ended. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sagas_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be tried */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `saga_not_found`: There is no such saga. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `saga_ended`: The saga has ended. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SagasBulk_abort: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SagasBulk"];
            };
        };
        responses: {
            /** @description How many it was done to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SagasBulk_retry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SagasBulk"];
            };
        };
        responses: {
            /** @description How many it was done to */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Schedules_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The periodic work */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedules"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Settings_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Topology_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The topology that runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topology"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Topology_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    action: "move" | "apply" | "roll-back" | "restart" | "stop" | "start" | "kill" | "scale";
                    /**
                     * @description For move
                     * @example billing
                     */
                    context?: string;
                    /**
                     * @description For scale
                     * @example 2
                     */
                    instances?: number;
                    /**
                     * @description For restart, stop, start, kill and scale
                     * @example billing
                     */
                    process?: string;
                    /**
                     * @description For move: the name of a process, or own
                     * @example own
                     */
                    to?: string;
                    /**
                     * @description For apply
                     * @example split
                     */
                    topology?: string;
                };
            };
        };
        responses: {
            /** @description The change has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Which of the topologies the processes are now; null when contexts differ from each, or instances where the supervisor holds the placement
                         * @example monolith
                         */
                        applied: string | null;
                        /** @description The last change, or the one under way */
                        change: components["schemas"]["TopologyChange"] | null;
                        processes: {
                            /**
                             * Format: date-time
                             * @description When it ended by itself, until it serves again; null where that is not known
                             */
                            downSince: string | null;
                            hosts: string[];
                            name: string;
                            pids: number[];
                            /** @description What may move to it */
                            standby: string[];
                            /** @enum {string} */
                            state: "running" | "starting" | "stopped";
                        }[];
                        /**
                         * @description Those of config/topology.yaml, and monolith, that can be applied now; not those that need code which a process was started without
                         * @example [
                         *       "monolith",
                         *       "split"
                         *     ]
                         */
                        topologies: string[];
                        /** @description Higher after each change */
                        version: number;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `topology_not_changed`: The topology cannot be changed so. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Traces_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description true: only traces with a span that failed */
                failed?: "true" | "false";
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description The least duration of what the trace began with */
                minDurationMs?: string;
                /** @description Only traces that this process took part in */
                process?: string;
                /** @description To be found in the names or attributes of spans, such as an id in a path */
                text?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of traces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Trace"][];
                        /** @description The processes that did not answer, whose part is not in this */
                        missing: components["schemas"]["MissingProcess"][];
                        nextCursor: string | null;
                        /** @description The processes that keep no traces: see RECENT_SPANS */
                        off: string[];
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Traces_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As in the traceId of an error */
                traceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceDetails"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `trace_not_found`: There is no such trace, or it is not kept any more. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The service is unavailable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Tokens of a new session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: The email or the password is wrong. `second_factor_required`: A code of the second factor is needed too. `invalid_code`: The code is wrong or used. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `password_change_required`: The password must be changed: send another one as newPassword. `account_disabled`: The account is disabled. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its tokens are refused from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PageSession_login: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description The access token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageToken"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: The email or the password is wrong. `second_factor_required`: A code of the second factor is needed too. `invalid_code`: The code is wrong or used. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `password_change_required`: The password must be changed: send another one as newPassword. `account_disabled`: The account is disabled. `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PageSession_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The access token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageToken"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_refresh_token`: The refresh token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PageSession_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its tokens are refused from now on, in all tabs */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PageSession_signInByLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInLinkToken"];
            };
        };
        responses: {
            /** @description The access token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageToken"];
                };
            };
            /** @description `validation_failed`: The request is not valid. `invalid_token`: The token is wrong, used or expired. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Passwords_requestReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailRequest"];
            };
        };
        responses: {
            /** @description A mail follows if the address has an account */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Passwords_confirmReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description The new password counts from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. `invalid_token`: The token is wrong, used or expired. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description New tokens of the session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_refresh_token`: The refresh token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Auth_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description The tokens of the session are refused from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SignInLink_signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInLinkToken"];
            };
        };
        responses: {
            /** @description Tokens of a new session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description `validation_failed`: The request is not valid. `invalid_token`: The token is wrong, used or expired. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Inventory_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of stock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Stock"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Inventory_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductStock"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_not_found`: There is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Inventory_count: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version is a 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUID */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StockCount"];
            };
        };
        responses: {
            /** @description The stock as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stock"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_not_found`: There is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stock_below_reserved`: The stock would fall below what is reserved. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed since it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Inventory_adjust: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewStockAdjustment"];
            };
        };
        responses: {
            /** @description The adjustment */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockAdjustment"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_not_found`: There is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stock_below_reserved`: The stock would fall below what is reserved. `stock_limit_exceeded`: The stock would exceed 1,000,000,000. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Inventory_availability: {
        parameters: {
            query: {
                /** @description Ids of products, separated by commas, 100 at most */
                productIds: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The products in the order they were asked for; one that is not known has none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Availability"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Notifications_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of notifications */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Notification"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Mails_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description UUID */
                orderId?: string;
                /** @description The address that it goes to */
                recipient?: string;
                /** @description What comes first */
                sort?: "newest" | "oldest";
                status?: "pending" | "sent" | "refused" | "withheld";
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of mails */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Mail"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Mails_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailWithText"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `mail_not_found`: There is no such mail. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_list: {
        parameters: {
            query?: {
                /** @description ISO 4217 code */
                currency?: string;
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description UUID */
                id?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description At most this much, in minor units of `currency` */
                maxAmountMinor?: string;
                /** @description At least this much, in minor units of `currency` */
                minAmountMinor?: string;
                /** @description What comes first */
                sort?: "newest" | "oldest";
                status?: "pending" | "confirmed" | "cancelling" | "cancelled" | "shipping" | "shipped" | "returning" | "returned";
                /** @description Before this time */
                to?: string;
                /** @description Of this customer: for admins, since everyone else sees their own */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Order"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_place: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the request again */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceOrder"];
            };
        };
        responses: {
            /** @description The order is confirmed, or cancelled with a reason */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The order is still being placed; see Location. When its payment waits for you, `payment.action` says what to do. While payments or inventory is down, this is the answer at once, and the order is placed as soon as it is back; otherwise it is the answer after five seconds */
            202: {
                headers: {
                    /** @description With it, the seconds after which it makes sense to look at Location */
                    "Retry-After"?: number;
                    /** @description `payments-unavailable` or `inventory-unavailable` when the order waits for that to come back */
                    "X-Fissile-Fallback"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description `validation_failed`: The request is not valid. `malformed_request`: The request cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_unavailable`: A product is unknown or discontinued. `currency_mismatch`: All products of an order must have its currency. `order_total_too_large`: The total of the order is too large. `idempotency_key_reused`: The idempotency key was used with another body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `orders_paused`: No orders are taken now. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_found`: There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order is cancelled already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The cancellation has begun; see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_found`: There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_cancellable`: The order cannot be cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_takeBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order is returned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The return has begun; see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_found`: There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_returnable`: Only a shipped order can be returned. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_ship: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order is shipped */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The stock is still being updated; see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_found`: There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_shippable`: Only a confirmed order can be shipped. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Orders_timeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The steps in the order of their start */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderTimeline"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `order_not_found`: There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payments_list: {
        parameters: {
            query?: {
                /** @description ISO 4217 code */
                currency?: string;
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description The id of the payment, or of its order */
                id?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description At most this much, in minor units of `currency` */
                maxAmountMinor?: string;
                /** @description At least this much, in minor units of `currency` */
                minAmountMinor?: string;
                /** @description UUID */
                orderId?: string;
                /** @description What comes first */
                sort?: "newest" | "oldest";
                status?: "pending" | "captured" | "declined" | "refunded" | "refund_failed" | "unknown";
                /** @description Before this time */
                to?: string;
                /** @description Of this customer: for admins, since everyone else sees their own */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of payments */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Payment"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payments_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payment_not_found`: There is no such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payments_refund: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the request again */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRefund"];
            };
        };
        responses: {
            /** @description The refund */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payment_not_found`: There is no such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payment_not_refundable`: The payment has not been captured. `refund_exceeds_payment`: The refund is more than what is left of the payment. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_key_reused`: The idempotency key was used with another body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payments_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
                /** @description UUID */
                refundId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payment_not_found`: There is no such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `refund_not_failed`: The refund has not failed. `refund_exceeds_payment`: The refund is more than what is left of the payment. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Payments_settle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
                /** @description UUID */
                refundId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payment_not_found`: There is no such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `refund_not_failed`: The refund has not failed. `refund_exceeds_payment`: The refund is more than what is left of the payment. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Actions_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SandboxAnswer"];
            };
        };
        responses: {
            /** @description The payment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. `payment_not_found`: There is no such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Webhooks_receive: {
        parameters: {
            query?: never;
            header: {
                /** @description Stripe's signature of the body */
                "Stripe-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The event, as Stripe signed it */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The event need not be sent again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookReceived"];
                };
            };
            /** @description `webhook_refused`: The webhook is not accepted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Products_list: {
        parameters: {
            query?: {
                category?: string;
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                /** @description Part of the name or the sku, in any case */
                q?: string;
                /** @description Which products; those that are for sale unless said otherwise */
                status?: "active" | "discontinued" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products */
            200: {
                headers: {
                    /** @description With it, how many seconds ago that was */
                    Age?: number;
                    /** @description `true` when products is down and this is its last response; prices may have changed */
                    "X-Fissile-Stale"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Product"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Products_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            /** @description The new product */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sku_taken`: The sku belongs to a product already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Products_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product */
            200: {
                headers: {
                    /** @description With it, how many seconds ago that was */
                    Age?: number;
                    /** @description `true` when products is down and this is its last response; prices may have changed */
                    "X-Fissile-Stale"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_not_found`: There is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Products_discontinue: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version is a 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is discontinued */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_not_found`: There is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed since it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Products_change: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version is a 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductChange"];
            };
        };
        responses: {
            /** @description The product as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `product_not_found`: There is no such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed since it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_list: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description At or after this time */
                from?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
                role?: "customer" | "admin";
                /** @description What comes first */
                sort?: "newest" | "oldest";
                status?: "active" | "disabled";
                /** @description Words of the address and the name, each from its beginning on */
                text?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description The new account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `registration_closed`: No new accounts are taken now. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email_taken`: The email belongs to an account already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_change: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version is a 412 */
                "If-Match"?: string;
            };
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description The user as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_erased`: The account is erased. `last_admin`: The last active admin must stay one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed since it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_readOf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_reset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their password is enough from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. `second_factor_not_found`: There is no such second factor. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    UserSessions_read: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
            };
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    UserSessions_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tokens that the user holds are refused from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PersonalData_erase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erasure"];
            };
        };
        responses: {
            /** @description Your account is gone */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureState"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sign_in_too_old`: Sign in at your provider again: the last time was too long ago. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user_not_found`: There is no such user. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_admin`: The last active admin must stay one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_changeMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version is a 412 */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChange"];
            };
        };
        responses: {
            /** @description You, as you are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `version_mismatch`: The resource has changed since it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PersonalData_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is kept of you */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalExport"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `export_too_large`: There is more than one answer can have; ask whoever runs the product. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Passwords_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description The new password counts from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Your second factor */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorStart"];
            };
        };
        responses: {
            /** @description What the app needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorSecret"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email_not_verified`: The email address must be verified first. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_exists`: The account has a second factor already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorCode"];
            };
        };
        responses: {
            /** @description Codes for when the app is lost; they are shown once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_not_found`: There is no such second factor. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorProof"];
            };
        };
        responses: {
            /** @description Shown once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_not_found`: There is no such second factor. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SecondFactor_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorProof"];
            };
        };
        responses: {
            /** @description The password is enough from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_not_found`: There is no such second factor. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sessions_read: {
        parameters: {
            query?: {
                /** @description The nextCursor of the answer before; without it the list starts */
                cursor?: string;
                /** @description How many items at most, from 1 to 100 */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sessions_endOthers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Only the session that asks is left */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Sessions_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its tokens are refused from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `session_not_found`: There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Users_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their names */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roles"];
                };
            };
            /** @description `unauthenticated`: A valid access token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This needs a role that you do not have. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Verification_request: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailRequest"];
            };
        };
        responses: {
            /** @description A mail follows if there is something to verify */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_requests`: too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Verification_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailToken"];
            };
        };
        responses: {
            /** @description The address is verified */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_failed`: The request is not valid. `invalid_token`: The token is wrong, used or expired. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    Health_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Something is down, or the process is stopping */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    Health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    Health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It should */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description It should not, or not any more */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    Health_startup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Databases are being migrated, or not all listens */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    Metrics_index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                    "text/plain": string;
                };
            };
        };
    };
}
