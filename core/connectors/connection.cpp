// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/connection.hpp"

namespace carrick::connectors {

Reply call_one(Connection& connection, const Request& request, const CallContext& context) {
    class Keep final : public ReplyHandler {
    public:
        void on_reply(std::size_t, Reply reply) override { kept = std::move(reply); }
        Reply kept{ReplyStatus::Failed,
                   {},
                   bug("connector.no_reply", "the connector returned without a reply")};
    };
    Keep keep;
    connection.call(std::span(&request, 1), context, keep);
    return std::move(keep.kept);
}

Result<FetchedDocument> Connection::fetch(const Request& request, const CallContext&,
                                          DocumentSink&) {
    return bug("connector.no_document", "\"" + request.operation.substr(0, 60) +
                                            "\" is no operation that fetches a document");
}

}  // namespace carrick::connectors
