/* SPDX-License-Identifier: Apache-2.0
 *
 * The conformance test's plugin in plain C, with the header alone.
 */
#include <carrick/abi/carrick_plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static carrick_span text(const char* from) {
    const carrick_span span = {from, strlen(from)};
    return span;
}
static int equals(carrick_span span, const char* to) {
    return span.length == strlen(to) && memcmp(span.data, to, span.length) == 0;
}
static carrick_error error_of(int32_t error_class, const char* code, const char* message,
                              const char* field) {
    carrick_error error;
    memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    error.error_class = error_class;
    error.code = text(code);
    error.message = text(message);
    error.field = text(field);
    return error;
}
static carrick_outcome outcome_of(int32_t kind) {
    carrick_outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    outcome.struct_size = sizeof outcome;
    outcome.kind = kind;
    return outcome;
}

static int32_t needs(carrick_flow* self, const carrick_pure* pure, const carrick_record* records,
                     uint64_t record_count) {
    (void)self;
    for (uint64_t i = 0; i < record_count; ++i) {
        if (equals(records[i].key, "throw")) { /* C has no exceptions: it fails in its own way */
            const carrick_error error =
                error_of(CARRICK_ERROR_BUG, "plugin.exception", "told to throw", "");
            pure->fail(pure, &error);
            return CARRICK_FAILED;
        }
        pure->emit_lookup(pure, (uint32_t)i, text("item"), records[i].key, 1);
    }
    return CARRICK_OK;
}

static int32_t map(carrick_flow* self, const carrick_pure* pure, const carrick_record* records,
                   uint64_t record_count, const carrick_lookup_result* lookups,
                   uint64_t lookup_count, const carrick_ledger_entry* ledger,
                   uint64_t ledger_count) {
    (void)self;
    for (uint32_t i = 0; i < record_count; ++i) {
        char id[120];
        int found = 0;
        carrick_payload payload;
        memset(&payload, 0, sizeof payload);
        payload.struct_size = sizeof payload;
        payload.record = i;
        payload.write = text("document");
        payload.action = CARRICK_WRITE_CREATE;
        for (uint64_t j = 0; j < lookup_count; ++j)
            if (lookups[j].record == i && lookups[j].found == 1) found = 1;
        for (uint64_t j = 0; j < ledger_count; ++j)
            if (ledger[j].record == i) {
                payload.action = CARRICK_WRITE_ADOPT;
                payload.target_id = ledger[j].target_ids;
            }
        if (payload.action == CARRICK_WRITE_CREATE) {
            snprintf(id, sizeof id, "AMZ-SO-NA1-%.*s", (int)records[i].key.length,
                     records[i].key.data);
            payload.external_id = text(id);
            payload.body = records[i].body;
        }
        if (found || payload.action == CARRICK_WRITE_ADOPT) {
            pure->emit_payload(pure, &payload);
        } else {
            carrick_outcome skipped = outcome_of(CARRICK_OUTCOME_SKIPPED);
            skipped.reason = text("no item");
            pure->set_outcome(pure, i, &skipped);
        }
    }
    return CARRICK_OK;
}

static int32_t verify(carrick_flow* self, const carrick_pure* pure, const carrick_record* records,
                      uint64_t record_count, const carrick_payload* payloads,
                      uint64_t payload_count) {
    (void)self, (void)records, (void)record_count;
    for (uint64_t i = 0; i < payload_count; ++i)
        if (equals(payloads[i].body, "{}")) {
            const carrick_error error =
                error_of(CARRICK_ERROR_REJECTED, "test.empty", "the document is empty", "body");
            carrick_outcome failed = outcome_of(CARRICK_OUTCOME_FAILED);
            failed.error = &error;
            pure->set_outcome(pure, payloads[i].record, &failed);
        }
    return CARRICK_OK;
}

struct delivery {
    const carrick_call* call;
    const carrick_record* records;
    const carrick_request* requests;
};

static void on_reply(void* user, uint64_t request, const carrick_reply* reply) {
    const struct delivery* delivery = user;
    const carrick_host* host = delivery->call->host;
    const uint32_t record = (uint32_t)delivery->requests[request].record;
    if (reply->status == CARRICK_REPLY_OK) {
        carrick_outcome done = outcome_of(CARRICK_OUTCOME_DONE);
        done.target_ids = text("{\"document\":\"17\"}"); /* what the test's target answers */
        host->link_put(delivery->call, record, text("test.document"), delivery->records[record].key,
                       text("17"));
        host->set_outcome(delivery->call, record, &done);
    } else if (reply->status == CARRICK_REPLY_FAILED) {
        carrick_outcome failed = outcome_of(CARRICK_OUTCOME_FAILED);
        failed.error = reply->error;
        host->set_outcome(delivery->call, record, &failed);
    } else if (reply->status == CARRICK_REPLY_UNKNOWN) {
        const carrick_outcome unknown = outcome_of(CARRICK_OUTCOME_UNKNOWN);
        host->set_outcome(delivery->call, record, &unknown);
    }
}

static int32_t deliver(carrick_flow* self, const carrick_call* call, const carrick_record* records,
                       uint64_t record_count, const carrick_payload* payloads,
                       uint64_t payload_count, const carrick_ledger_entry* ledger,
                       uint64_t ledger_count) {
    (void)self, (void)record_count, (void)ledger, (void)ledger_count;
    carrick_request* requests = calloc(payload_count, sizeof *requests);
    if (requests == NULL) return CARRICK_FAILED;
    for (uint64_t i = 0; i < payload_count; ++i) {
        requests[i].struct_size = sizeof requests[i];
        requests[i].record = payloads[i].record;
        requests[i].operation = text("test.create");
        requests[i].body = payloads[i].body;
    }
    struct delivery delivery = {call, records, requests};
    const int32_t status =
        call->host->call(call, text("target"), requests, payload_count, &on_reply, &delivery);
    free(requests);
    return status;
}

static int32_t reconcile(carrick_flow* self, const carrick_call* call,
                         const carrick_record* records, uint64_t record_count,
                         const carrick_attempt* attempts, uint64_t attempt_count) {
    (void)self, (void)records, (void)record_count;
    const carrick_outcome absent = outcome_of(CARRICK_OUTCOME_ABSENT);
    for (uint64_t i = 0; i < attempt_count; ++i)
        call->host->set_outcome(call, attempts[i].record, &absent);
    return CARRICK_OK;
}

static int32_t resume(carrick_flow* self, const carrick_call* call, const carrick_record* records,
                      uint64_t record_count, const carrick_wait* waits, uint64_t wait_count) {
    (void)self, (void)records, (void)record_count;
    for (uint64_t i = 0; i < wait_count; ++i) {
        carrick_outcome waiting = outcome_of(CARRICK_OUTCOME_WAITING);
        waiting.reason = text("still");
        waiting.token = waits[i].token;
        waiting.look_again_at = waits[i].since + 1;
        call->host->set_outcome(call, waits[i].record, &waiting);
    }
    return CARRICK_OK;
}

static void destroy(carrick_flow* self) {
    free(self);
}

static carrick_flow* create(carrick_span config, const carrick_host* host,
                            void (*fail)(void* fail_context, const carrick_error* error),
                            void* fail_context) {
    (void)host;
    static const char refuse[] = "\"refuse\":true";
    for (uint64_t i = 0; i + sizeof refuse - 1 <= config.length; ++i)
        if (memcmp(config.data + i, refuse, sizeof refuse - 1) == 0) {
            const carrick_error error = error_of(CARRICK_ERROR_MISCONFIGURED, "test.refused",
                                                 "settings.refuse is set", "settings.refuse");
            fail(fail_context, &error);
            return NULL;
        }
    carrick_flow* flow = calloc(1, sizeof *flow);
    if (flow == NULL) return NULL;
    flow->struct_size = sizeof *flow;
    flow->destroy = &destroy;
    flow->needs = &needs;
    flow->map = &map;
    flow->verify = &verify;
    flow->deliver = &deliver;
    flow->reconcile = &reconcile;
    flow->resume = &resume;
    return flow;
}

const carrick_plugin* carrick_plugin_v0(void) {
    static const carrick_plugin plugin = {
        sizeof plugin, CARRICK_ABI_MINOR, {CONFORMANCE_NAME, sizeof CONFORMANCE_NAME - 1},
        {"1.0.0", 5},  &create,           NULL};
    return &plugin;
}
