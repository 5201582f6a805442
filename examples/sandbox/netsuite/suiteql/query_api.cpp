// SPDX-License-Identifier: Apache-2.0
// The query service around the translator and the mirror.
#include "examples/sandbox/netsuite/suiteql/query_api.hpp"

#include "examples/sandbox/netsuite/suiteql/lexer.hpp"
#include "examples/sandbox/netsuite/suiteql/parser.hpp"
#include "examples/sandbox/netsuite/suiteql/translator.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

constexpr std::int64_t kMaxPage = 1000;
constexpr std::int64_t kMaxRows = 100'000;

Refusal bad_parameter(std::string name, std::string text) {
    Refusal refusal;
    refusal.code = "INVALID_PARAMETER";
    refusal.detail = std::move(text);
    refusal.query_param = std::move(name);
    return refusal;
}

std::int64_t number(const Request& request, const std::string& name, std::int64_t fallback) {
    const std::optional<std::string> text = request.parameter(name);
    if (!text) return fallback;
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value < 0)
        throw bad_parameter(name,
                            "Invalid query parameter value '" + *text + "'. Provide a number.");
    return value;
}

struct Page {
    std::int64_t limit;
    std::int64_t offset;
};
Page read_page(const Request& request) {
    const Page page{number(request, "limit", kMaxPage), number(request, "offset", 0)};
    if (page.limit < 1 || page.limit > kMaxPage)
        throw bad_parameter("limit", "The limit must be between 1 and 1000.");
    if (page.offset % page.limit != 0)
        throw bad_parameter("offset", "The offset must be a multiple of the limit.");
    if (page.offset + page.limit > kMaxRows)
        throw bad_parameter("offset", "A query gives at most 100000 rows.");
    return page;
}

std::vector<Cell> read_parameters(const Json& params) {
    std::vector<Cell> cells;
    for (const Json& value : params.items()) {
        if (value.is_number())
            cells.emplace_back(*value.number_if());
        else if (const std::optional<bool> flag = value.bool_if())
            cells.emplace_back(*flag ? "T" : "F");
        else if (value.is_null())
            cells.emplace_back(std::nullopt);
        else
            cells.emplace_back(value.text());
    }
    return cells;
}

bool is_denied(const Table& table, const Switches& switches) {
    const std::string denied = "," + lower(switches.get("netsuite.denied_permission")) + ",";
    if (table.name == "dual") return switches.is("netsuite.dual", "absent");
    return !table.owner.empty() && denied.find("," + lower(table.owner) + ",") != std::string::npos;
}

Json rows_json(const Mirror::Answer& answer) {
    Json items = Json::array();
    for (const std::vector<Cell>& row : answer.rows) {
        Json item = Json::object({{"links", Json::array()}});
        for (std::size_t i = 0; i < row.size(); ++i)
            if (row[i]) item.set(answer.names[i], *row[i]);
        items.push_back(std::move(item));
    }
    return items;
}

Json page_links(const Request& request, const Page& page, std::int64_t total) {
    const std::string root = request.base_url + "/services/rest/query/v1/suiteql";
    const auto link = [&](const char* rel, std::int64_t offset) {
        return Json::object({{"rel", rel},
                             {"href", root + "?limit=" + std::to_string(page.limit) +
                                          "&offset=" + std::to_string(offset)}});
    };
    Json links = Json::array();
    if (page.offset > 0) {
        links.push_back(link("first", 0));
        links.push_back(link("prev", page.offset - page.limit));
    }
    if (page.offset + page.limit < total) {
        links.push_back(link("next", page.offset + page.limit));
        links.push_back(link("last", (total - 1) / page.limit * page.limit));
    }
    links.push_back(link("self", page.offset));
    return links;
}

/// A role without permission on sales orders sees no rows of them, and is not told.
bool hides_sales_orders(const Switches& switches) {
    const std::string denied = "," + lower(switches.get("netsuite.denied_permission")) + ",";
    return denied.find(",salesorder,") != std::string::npos;
}

}  // namespace

Response answer_query(const Request& request, Mirror& mirror, const Tables& tables,
                      const Switches& switches, UtcTime now) {
    if (lower(request.header("Prefer")).find("transient") == std::string::npos) {
        Refusal refusal;
        refusal.code = "INVALID_HEADER";
        refusal.detail =
            "The required request header 'Prefer' is missing or its value is not "
            "'transient'.";
        refusal.header = "Prefer";
        throw refusal;
    }
    const Page page = read_page(request);
    const Result<Json> body = Json::parse(request.body);
    if (!body || !(*body)["q"].is_string())
        throw bad_parameter("q", "Invalid request body. Provide a query in the property 'q'.");
    const std::string& q = (*body)["q"].text();
    if (body->contains("params") && switches.is("netsuite.release", "2026.1"))
        throw invalid_content(
            "Invalid content was passed in the request: unknown field name 'params'. Provide a "
            "valid "
            "field name.",
            "params");
    const std::vector<Cell> parameters = read_parameters((*body)["params"]);
    const Parsed parsed = parse(q, switches.is("netsuite.suiteql_with", "accepted"));
    if (parsed.parameters != parameters.size())
        throw search_error("Invalid or unsupported search: the query has " +
                           std::to_string(parsed.parameters) + " parameters, the request gives " +
                           std::to_string(parameters.size()) + ".");
    Dialect dialect;
    dialect.date_format = switches.get("netsuite.date_format");
    dialect.hidden = [&](const Table& table) { return is_denied(table, switches); };
    dialect.empty = [&](const Table& table) {
        return table.owner == "transaction" && hides_sales_orders(switches);
    };
    dialect.absent = [&](const Column& column) {
        return switches.is("netsuite.amazon_fields", "absent") && is_amazon_field(column.name);
    };
    const std::string sql = translate(*parsed.query, tables, dialect);

    Mirror::Settings settings;
    settings.now = now;
    settings.view = {switches.get("netsuite.user_zone"),
                     switches.is("netsuite.picked_is_cumulative", "on")};
    settings.date_format = dialect.date_format;
    settings.dates_only = switches.is("netsuite.datetime_without_time", "on");
    const Result<Mirror::Answer> answer =
        mirror.run(sql, parameters, page.offset, page.limit, settings);
    if (!answer) throw search_error("Invalid or unsupported search: " + answer.error().message);
    const std::int64_t total = std::min(answer->total, kMaxRows);
    const auto count = static_cast<std::int64_t>(answer->rows.size());
    Response response =
        Response::json(200,
                       Json::object({{"links", page_links(request, page, total)},
                                     {"count", count},
                                     {"hasMore", page.offset + count < total},
                                     {"items", rows_json(*answer)},
                                     {"offset", page.offset},
                                     {"totalResults", total}}),
                       "application/vnd.oracle.resource+json; type=collection; charset=UTF-8");
    response.set_header("Preference-Applied", "transient");
    return response;
}

}  // namespace carrick::sandbox::netsuite::suiteql
