// SPDX-License-Identifier: Apache-2.0
// The conformance test's plugin in C++; conformance_flow.c is the same in C.
#include <carrick/sdk/plugin.hpp>

#include <stdexcept>

namespace {

using namespace carrick::sdk;
using carrick::Json;

// Touched on the calling thread: a thread-local with a destructor pins a library, and must not
// trouble anyone.
thread_local std::string last_key;

class ConformanceFlow {
public:
    void needs(Pure& pure, const Records& records) {
        for (const RecordView record : records) {
            last_key = record.key;
            if (record.key == "throw") throw std::runtime_error("told to throw");
            pure.emit_lookup(record, "item", record.key, true);
        }
    }
    void map(Pure& pure, const Records& records, const Lookups& lookups, const Ledger& ledger) {
        for (const RecordView record : records) {
            const auto item = lookups.find(record, "item");
            const std::string id = "AMZ-SO-NA1-" + std::string(record.key);
            if (const auto entry = ledger.find(record))
                pure.emit_payload(record, {.write = "document",
                                           .action = WriteAction::Adopt,
                                           .target_id = entry->target_ids});
            else if (item && item->found)
                pure.emit_payload(record,
                                  {.write = "document", .external_id = id, .body = record.body});
            else
                pure.skipped(record, "no item");
        }
    }
    void verify(Pure& pure, const Records&, const Payloads& payloads) {
        for (const PayloadView payload : payloads)
            if (payload.body == "{}")
                pure.failed(payload.record,
                            carrick::rejected("test.empty", "the document is empty", "body"));
    }
    void deliver(Call& call, const Records& records, const Payloads& payloads, const Ledger&) {
        std::vector<Request> requests;
        for (const PayloadView payload : payloads)
            requests.push_back(Request::write(payload.record, "test.create", payload.body));
        call.call("target", requests, [&](std::size_t i, const Reply& reply) {
            const auto record = static_cast<std::uint32_t>(requests[i].record);
            if (call.settle_failure(record, reply)) return;
            call.link_put(record, "test.document", records[record].key, reply.body["id"].text());
            call.done(record, Json::object({{"document", reply.body["id"]}}));
        });
    }
    void reconcile(Call& call, const Records&, const Attempts& attempts) {
        for (const AttemptView attempt : attempts) call.absent(attempt.record);
    }
    void resume(Call& call, const Records&, const Waits& waits) {
        for (const WaitView wait : waits)
            call.waiting(wait.record,
                         {.reason = "still",
                          .look_again_at = carrick::UtcTime(wait.since.milliseconds() + 1),
                          .token = wait.token});
    }
};

carrick::Result<std::unique_ptr<ConformanceFlow>> make(const FlowConfig& config) {
    if (config.settings["refuse"].bool_if().value_or(false))
        return carrick::misconfigured("test.refused", "settings.refuse is set", "settings.refuse");
    return std::make_unique<ConformanceFlow>();
}

}  // namespace

CARRICK_PLUGIN(CONFORMANCE_NAME, "1.0.0", make)
