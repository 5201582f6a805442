// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/customer_transactions.hpp"

#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/suiteql.hpp"
#include "core/connectors/netsuite/url_text.hpp"

#include <map>
#include <set>

namespace carrick::connectors::netsuite {
namespace {

Reply incomplete() {
    return failed_reply(transient("netsuite.lookup_incomplete",
                                  "a look-up has more than 100000 rows; ask for longer prefixes"));
}

}  // namespace

Reply lookup_customer_transactions(Session& session, const Json& request,
                                   const CallContext& context) {
    RequestReader reader("netsuite.lookup.customer_transactions", request);
    const std::vector<std::string> listed = reader.texts("keys");
    const std::set<std::string> prefixes(listed.begin(), listed.end());
    for (const std::string& prefix : prefixes)
        if (prefix.find('%') != std::string::npos)
            reader.complain("prefix \"" + prefix.substr(0, 60) + "\" has a %");
    if (reader.problem()) return failed_reply(*reader.problem());

    std::map<std::string, Json::Array> customers;
    std::set<std::string> ids;
    for (const std::string& prefix : prefixes) {
        SuiteQl query;
        query.text =
            "SELECT id, externalid, isinactive FROM customer WHERE externalid LIKE ? "
            "AND id > :after ORDER BY id";
        query.params.emplace_back(prefix + "%");
        SuiteQlOutcome answer = run_suiteql(session, query, context);
        if (!answer.outcome.ok()) return failed_reply(answer.outcome);
        if (!answer.result.complete) return incomplete();
        for (const Json& row : answer.result.rows) {
            // LIKE takes `_` for any character.
            if (!row["externalid"].text().starts_with(prefix)) continue;
            ids.insert(row["id"].text());
            customers[prefix].push_back(
                Json::object({{"id", row["id"]},
                              {"external_id", row["externalid"]},
                              {"inactive", Json(row["isinactive"].text() == "T")}}));
        }
    }
    std::map<std::string, std::string> counts;
    if (!ids.empty()) {
        SuiteQl query;
        // Each entity is in one part of the list only, so its count is whole.
        query.text =
            "SELECT entity, COUNT(id) AS transactions FROM transaction WHERE entity IN (?) "
            "AND entity > :after GROUP BY entity ORDER BY entity";
        query.key_column = "entity";
        Json list = Json::array();
        for (const std::string& id : ids) list.push_back(Json(id));
        query.params.push_back(std::move(list));
        const SuiteQlOutcome answer = run_suiteql(session, query, context);
        if (!answer.outcome.ok()) return failed_reply(answer.outcome);
        if (!answer.result.complete) return incomplete();
        for (const Json& row : answer.result.rows)
            counts.emplace(row["entity"].text(), row["transactions"].text());
    }
    Json found = Json::object();
    for (auto& [prefix, list] : customers) {
        for (Json& customer : list) {
            // Whom no transaction names has none.
            const auto count = counts.find(customer["id"].text());
            const bool counted = count != counts.end() && is_internal_id(count->second);
            customer.set("transactions", Json::number_token(counted ? count->second : "0"));
        }
        found.set(prefix, Json::object({{"customers", Json::array(std::move(list))}}));
    }
    return {ReplyStatus::Ok, Json::object({{"found", std::move(found)}}).dump(), {}};
}

}  // namespace carrick::connectors::netsuite
