// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/recording.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace carrick::bench {

namespace {

constexpr std::string_view kCustomerReference = R"("entity":{"id":")";

bool is_netsuite(const Exchange& exchange) {
    return exchange.request.target.starts_with("/netsuite");
}

bool is_token(const Exchange& exchange) {
    return exchange.request.target.ends_with("/token");
}

std::string lane_of(const Exchange& exchange) {
    if (is_netsuite(exchange)) return "netsuite";
    for (const auto& [name, value] : exchange.request.headers)
        if (name == "x-amz-access-token") return "amazon " + value;
    return "amazon tokens";
}

/// "AMZ-SO-NA1-113-..." and the like, wherever they stand in the text.
void add_external_ids(const std::string& text, std::set<std::string>& ids) {
    const auto part_of_id = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '_';
    };
    for (std::size_t at = text.find("AMZ-"); at != std::string::npos; at = text.find("AMZ-", at)) {
        std::size_t end = at;
        while (end < text.size() && part_of_id(text[end])) ++end;
        ids.insert(text.substr(at, end - at));
        at = end;
    }
}

/// The customer that an order names, by its internal id; empty when the body names none.
std::string customer_of(const std::string& body) {
    const std::size_t at = body.find(kCustomerReference);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + kCustomerReference.size();
    return body.substr(begin, body.find('"', begin) - begin);
}

/// Internal ids are given in the order in which documents arrive, and that differs from run to run.
std::string created_customer(const Exchange& exchange) {
    if (exchange.location.find("/customer/") == std::string::npos) return {};
    return exchange.location.substr(exchange.location.rfind('/') + 1);
}

Json call_json(const std::string& lane, const Exchange& exchange, std::int64_t after) {
    Json headers = Json::object();
    // The library makes these itself.
    for (const auto& [name, value] : exchange.request.headers)
        if (name != "Host" && name != "Connection" && name != "Content-Length")
            headers.set(name, value);
    return Json::object({{"lane", lane},
                         {"method", exchange.request.method},
                         {"target", exchange.request.target},
                         {"body", exchange.request.body},
                         {"headers", std::move(headers)},
                         {"status", std::int64_t{exchange.status}},
                         {"creates", created_customer(exchange)},
                         {"customer", customer_of(exchange.request.body)},
                         {"after", after}});
}

}  // namespace

std::size_t netsuite_width(const std::vector<Exchange>& exchanges) {
    std::vector<std::pair<SteadyTime, int>> changes;
    for (const Exchange& exchange : exchanges) {
        if (!is_netsuite(exchange)) continue;
        changes.emplace_back(exchange.began, 1);
        changes.emplace_back(exchange.ended, -1);
    }
    std::sort(changes.begin(), changes.end());
    int now = 0;
    int most = 1;
    for (const auto& change : changes) most = std::max(most, now += change.second);
    return static_cast<std::size_t>(most);
}

void write_recording(const std::vector<Exchange>& exchanges, const std::filesystem::path& file) {
    struct Lane {
        std::int64_t calls = 0;
        std::int64_t token = -1;  ///< the call that fetched it
        std::map<std::string, std::pair<std::int64_t, SteadyTime>> last_of_id;
    };
    std::map<std::string, Lane> lanes;
    std::ofstream out(file);
    out << Json::object({{"lane", "netsuite"},
                         {"width", static_cast<std::int64_t>(netsuite_width(exchanges))}})
               .dump()
        << '\n';
    for (const Exchange& exchange : exchanges) {
        if (exchange.request.target.starts_with("/_sandbox")) continue;
        const std::string name = lane_of(exchange);
        Lane& lane = lanes[name];
        std::set<std::string> ids;
        for (const std::string& customer :
             {customer_of(exchange.request.body), created_customer(exchange)})
            if (!customer.empty()) ids.insert("customer " + customer);
        add_external_ids(exchange.request.target, ids);
        add_external_ids(exchange.request.body, ids);
        std::int64_t after = lane.token;
        for (const std::string& id : ids) {
            const auto known = lane.last_of_id.find(id);
            if (known != lane.last_of_id.end() && known->second.second <= exchange.began)
                after = std::max(after, known->second.first);
        }
        out << call_json(name, exchange, after).dump() << '\n';
        for (const std::string& id : ids) lane.last_of_id[id] = {lane.calls, exchange.ended};
        if (is_netsuite(exchange) && is_token(exchange)) lane.token = lane.calls;
        ++lane.calls;
    }
}

}  // namespace carrick::bench
