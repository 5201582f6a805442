/* SPDX-License-Identifier: Apache-2.0
 *
 * A sink whose outcome tells which version of the library answered, and how often.
 */
#include <carrick/abi/carrick_plugin.h>

#include <stdio.h>
#include <string.h>

int versioned_library_number(void);

static int32_t deliver(carrick_flow* self, const carrick_call* call, const carrick_record* records,
                       uint64_t record_count, const carrick_payload* payloads,
                       uint64_t payload_count, const carrick_ledger_entry* ledger,
                       uint64_t ledger_count) {
    (void)self, (void)records, (void)record_count, (void)payloads, (void)payload_count;
    (void)ledger, (void)ledger_count;
    char learnt[40];
    const int length = snprintf(learnt, sizeof learnt, "{\"n\":%d}", versioned_library_number());
    carrick_outcome done;
    memset(&done, 0, sizeof done);
    done.struct_size = sizeof done;
    done.kind = CARRICK_OUTCOME_DONE;
    done.learnt.data = learnt;
    done.learnt.length = (uint64_t)length;
    return call->host->set_outcome(call, 0, &done);
}

static void destroy(carrick_flow* self) {
    (void)self;
}

static carrick_flow flow = {.struct_size = sizeof flow, .destroy = &destroy, .deliver = &deliver};

static carrick_flow* create(carrick_span config, const carrick_host* host,
                            void (*fail)(void* fail_context, const carrick_error* error),
                            void* fail_context) {
    (void)config, (void)host, (void)fail, (void)fail_context;
    return &flow;
}

const carrick_plugin* carrick_plugin_v0(void) {
    static const carrick_plugin plugin = {
        sizeof plugin, CARRICK_ABI_MINOR, {LIBRARY_FLOW_NAME, sizeof LIBRARY_FLOW_NAME - 1},
        {"1.0.0", 5},  &create,           0};
    return &plugin;
}
