/* SPDX-License-Identifier: Apache-2.0
 *
 * The smallest sink, in plain C: says of each greeting that it arrived. Shows the ABI without the
 * C++ glue: a struct that begins with the table, one exported function.
 */
#include <carrick/abi/carrick_plugin.h>

#include <stdlib.h>
#include <string.h>

static carrick_span text(const char* from) {
    const carrick_span span = {from, strlen(from)};
    return span;
}

static int32_t deliver(carrick_flow* self, const carrick_call* call, const carrick_record* records,
                       uint64_t record_count, const carrick_payload* payloads,
                       uint64_t payload_count, const carrick_ledger_entry* ledger,
                       uint64_t ledger_count) {
    (void)self, (void)records, (void)payloads, (void)payload_count, (void)ledger,
        (void)ledger_count;
    carrick_outcome done;
    memset(&done, 0, sizeof done);
    done.struct_size = sizeof done;
    done.kind = CARRICK_OUTCOME_DONE;
    done.learnt = text("{\"arrived\":true}");
    for (uint64_t i = 0; i < record_count; ++i) {
        const int32_t status = call->host->set_outcome(call, (uint32_t)i, &done);
        if (status != CARRICK_OK) return CARRICK_FAILED;
    }
    return CARRICK_OK;
}

static void destroy(carrick_flow* self) {
    free(self);
}

static carrick_flow* create(carrick_span config, const carrick_host* host,
                            void (*fail)(void* fail_context, const carrick_error* error),
                            void* fail_context) {
    (void)config, (void)host;
    carrick_flow* flow = calloc(1, sizeof *flow);
    if (flow == NULL) {
        carrick_error error;
        memset(&error, 0, sizeof error);
        error.struct_size = sizeof error;
        error.error_class = CARRICK_ERROR_TRANSIENT;
        error.code = text("hello_count.memory");
        error.message = text("no memory for an instance; try again later");
        fail(fail_context, &error);
        return NULL;
    }
    flow->struct_size = sizeof *flow;
    flow->destroy = &destroy;
    flow->deliver = &deliver;
    return flow;
}

const carrick_plugin* carrick_plugin_v0(void) {
    static const carrick_plugin plugin = {sizeof plugin, CARRICK_ABI_MINOR, {"hello_count", 11},
                                          {"1.0.0", 5},  &create,           NULL};
    return &plugin;
}
