// SPDX-License-Identifier: Apache-2.0
// The operation netsuite.records.batch: its request taken apart, its results put together.
#include "core/connectors/netsuite/batch.hpp"
#include "core/connectors/netsuite/records.hpp"
#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/url_text.hpp"

#include <algorithm>
#include <set>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::string_view kName = "netsuite.records.batch";

/// The single operation's request for one record.
Json single_request(const Batch& batch, const Json& record) {
    Json request = record;
    request.set("record_type", Json(batch.record_type));
    return request;
}

/// Checks one record by the rules of the single operation.
Result<BatchItem> item_of(const Batch& batch, const Json& record) {
    if (batch.verb == Batch::Verb::Patch) {
        RequestReader reader(kName, record);
        BatchItem item{reader.optional_text("external_id"), reader.optional_text("id"),
                       reader.object("body")};
        if (!item.id.empty() && !is_internal_id(item.id))
            reader.complain("\"" + item.id.substr(0, 60) + "\" is no internal id");
        if (reader.problem()) return *reader.problem();
        if (item.id.empty())
            if (const Result<std::string> fit = eid_segment(item.external_id); !fit)
                return fit.error();
        if (std::optional<Error> problem = unkeyed_lines(kName, item.body, {})) return *problem;
        return item;
    }
    const Json request = single_request(batch, record);
    Result<RecordWrite> write =
        batch.verb == Batch::Verb::Create ? read_create(request) : read_upsert(request);
    if (!write) return write.error();
    if (!write->replace.empty())
        return bug("netsuite.request", std::string(kName) +
                                           ": a batch cannot replace sublists; upsert this "
                                           "record by itself");
    return BatchItem{std::move(write->external_id), "", std::move(write->body)};
}

Result<Batch> batch_of(const Json& request) {
    RequestReader reader(kName, request);
    Batch batch;
    batch.record_type = reader.record_type("record_type");
    const std::string verb = reader.text("verb");
    batch.parallel = reader.flag("parallel", false);
    const Json::Array& records = request["records"].items();
    if (verb == "create")
        batch.verb = Batch::Verb::Create;
    else if (verb == "upsert")
        batch.verb = Batch::Verb::Upsert;
    else if (verb == "patch")
        batch.verb = Batch::Verb::Patch;
    else
        reader.complain("verb \"" + verb.substr(0, 40) + "\" is none of create, upsert, patch");
    if (records.empty() || records.size() > kMostInBatch)
        reader.complain("\"records\" must be a list of 1 to 100, has " +
                        std::to_string(records.size()));
    if (reader.problem()) return *reader.problem();
    std::set<std::string> seen;
    for (const Json& record : records) {
        Result<BatchItem> item = item_of(batch, record);
        if (!item) return item.error();
        if (!seen.insert(item->id.empty() ? item->external_id : "id " + item->id).second)
            return bug("netsuite.request", std::string(kName) + ": two records of the batch are " +
                                               (item->id.empty() ? item->external_id : item->id));
        batch.items.push_back(std::move(*item));
    }
    return batch;
}

Reply send_single(Session& session, const Batch& batch, const Json& record,
                  const CallContext& context) {
    const Json request = single_request(batch, record);
    switch (batch.verb) {
        case Batch::Verb::Create: return create_record(session, request, context);
        case Batch::Verb::Upsert: return upsert_record(session, request, context);
        case Batch::Verb::Patch: break;
    }
    return patch_record(session, request, context);
}

Json result_of(const Reply& reply) {
    static constexpr std::string_view kStatus[] = {"ok", "failed", "cancelled", "unknown"};
    Json result = Json::object({{"status", Json(kStatus[static_cast<std::size_t>(reply.status)])}});
    if (reply.status == ReplyStatus::Ok) {
        result.set("id", Json::parse(reply.body).value_or(Json())["id"]);
        return result;
    }
    result.set("error", Json::object({{"class", Json(to_string(reply.error.error_class))},
                                      {"code", Json(reply.error.code)},
                                      {"message", Json(reply.error.message)},
                                      {"field", Json(reply.error.field)}}));
    return result;
}

/// A trouble that all have and that no record is to blame for: nothing was sent.
bool is_of_the_call(const std::vector<std::optional<Reply>>& replies) {
    const Reply& first = *replies.front();
    return first.status != ReplyStatus::Ok && first.status != ReplyStatus::Unknown &&
           first.error.error_class != ErrorClass::Rejected &&
           std::all_of(replies.begin(), replies.end(), [&](const std::optional<Reply>& reply) {
               return reply->status == first.status && reply->error.code == first.error.code;
           });
}

}  // namespace

Reply batch_records(Session& session, const Json& request, const CallContext& context) {
    const Result<Batch> batch = batch_of(request);
    if (!batch) return failed_reply(batch.error());
    std::vector<std::optional<Reply>> replies(batch->items.size());
    if (replies.size() > 1) replies = run_batch(session, *batch, context);
    const Json::Array& records = request["records"].items();
    for (std::size_t i = 0; i < replies.size(); ++i)
        if (!replies[i]) replies[i] = send_single(session, *batch, records[i], context);
    if (is_of_the_call(replies)) return *replies.front();

    Json results = Json::array();
    Reply reply;
    for (const std::optional<Reply>& one : replies) {
        results.push_back(result_of(*one));
        if (one->status == ReplyStatus::Unknown && reply.status == ReplyStatus::Ok) {
            reply.status = ReplyStatus::Unknown;
            reply.error = one->error;
        }
    }
    reply.body = Json::object({{"results", std::move(results)}}).dump();
    return reply;
}

}  // namespace carrick::connectors::netsuite
