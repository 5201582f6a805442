// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/netsuite_documents/create_or_adopt.hpp"

namespace carrick::plugins {

namespace {

constexpr std::string_view kTarget = "target";

sdk::Request create_request(const Document& document) {
    std::string body = Json::object({{"record_type", Json(document.record_type)},
                                     {"external_id", Json(document.external_id)}})
                           .dump();
    // The payload is JSON that passed the schema: taken as the text it is, not read once more.
    body.back() = ',';
    body += "\"body\":" + document.body + '}';
    return sdk::Request::write(document.record, "netsuite.records.create", body);
}

sdk::Request find_request(const Document& document) {
    return sdk::Request::read("netsuite.records.get",
                              Json::object({{"record_type", Json(document.record_type)},
                                            {"external_id", Json(document.external_id)},
                                            {"fields", Json::array({Json("id")})}}));
}

/// The refusal says that something is there; only what carries our external id is ours.
void adopt(sdk::Call& call, std::span<const Document> documents,
           std::span<const std::size_t> refused,
           const std::function<void(std::size_t, const Written&)>& on_written) {
    std::vector<sdk::Request> requests;
    for (const std::size_t at : refused) requests.push_back(find_request(documents[at]));
    call.call(kTarget, requests, [&](std::size_t request, const sdk::Reply& reply) {
        const std::size_t at = refused[request];
        const Document& document = documents[at];
        if (reply.ok()) return on_written(at, {reply.body["id"].text(), false});
        if (reply.failed() && reply.error.code == "netsuite.nonexistent_id")
            // Refused at once and found a second later: an earlier write of ours, whose answer was
            // lost, may still be on its way through NetSuite. Only time tells it from a stranger.
            return call.failed(
                document.record,
                transient("netsuite.duplicate",
                          "NetSuite says that this " + document.record_type +
                              " exists already, but shows none with the external id " +
                              document.external_id +
                              " yet; if this stays so, another record has the same name or "
                              "external id: rename one of them and retry"));
        call.settle_failure(document.record, reply);
    });
}

sdk::Request transform_request(const Transform& transform) {
    const Document& target = transform.target;
    std::string body = Json::object({{"source_type", Json(transform.source_type)},
                                     {"source_id", Json(transform.source_id)},
                                     {"target_type", Json(target.record_type)},
                                     {"external_id", Json(target.external_id)}})
                           .dump();
    body.back() = ',';
    body += "\"body\":" + target.body + '}';
    return sdk::Request::write(target.record, "netsuite.records.transform", body);
}

/// Sends the requests, one for each document, and adopts what NetSuite says is there already.
void write_or_adopt(sdk::Call& call, std::span<const sdk::Request> requests,
                    std::span<const Document> documents,
                    const std::function<void(std::size_t, const Written&)>& on_written) {
    if (requests.empty()) return;
    std::vector<std::size_t> refused;
    call.call(kTarget, requests, [&](std::size_t at, const sdk::Reply& reply) {
        if (reply.ok())
            on_written(at, {reply.body["id"].text(), true});
        else if (reply.failed() && reply.error.code == "netsuite.duplicate")
            refused.push_back(at);
        else
            call.settle_failure(documents[at].record, reply);
    });
    if (!refused.empty()) adopt(call, documents, refused, on_written);
}

}  // namespace

void create_or_adopt(sdk::Call& call, std::span<const Document> documents,
                     const std::function<void(std::size_t, const Written&)>& on_written) {
    std::vector<sdk::Request> requests;
    requests.reserve(documents.size());
    for (const Document& document : documents) requests.push_back(create_request(document));
    write_or_adopt(call, requests, documents, on_written);
}

void transform_or_adopt(sdk::Call& call, std::span<const Transform> transforms,
                        const std::function<void(std::size_t, const Written&)>& on_written) {
    std::vector<sdk::Request> requests;
    std::vector<Document> targets;
    for (const Transform& transform : transforms) {
        requests.push_back(transform_request(transform));
        targets.push_back(transform.target);
    }
    write_or_adopt(call, requests, targets, on_written);
}

}  // namespace carrick::plugins
