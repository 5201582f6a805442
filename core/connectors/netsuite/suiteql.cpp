// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/suiteql.hpp"

#include "core/connectors/netsuite/url_text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::string_view kAfter = ":after";

Error bad_query(std::string why) {
    return bug("netsuite.suiteql", "SuiteQL: " + std::move(why));
}

SuiteQlOutcome stop(Error error) {
    SuiteQlOutcome stopped;
    stopped.outcome = {ReplyStatus::Failed, {}, std::move(error)};
    return stopped;
}

/// The text cut at its parameters: `?` and `:after`, wherever they are not inside quotes.
struct Template {
    std::vector<std::string> pieces;  ///< one more than holes
    std::vector<bool> is_after;       ///< per hole
};

Template cut(std::string_view text) {
    Template out;
    std::string piece;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool after = quote == 0 && text.substr(i).starts_with(kAfter);
        if (after || (quote == 0 && c == '?')) {
            out.pieces.push_back(std::exchange(piece, {}));
            out.is_after.push_back(after);
            if (after) i += kAfter.size() - 1;
            continue;
        }
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        piece += c;
    }
    out.pieces.push_back(std::move(piece));
    return out;
}

/// What stands in one hole.
std::string as_literal(const Json& value) {
    if (const std::string* number = value.number_if()) return *number;
    return quoted(value.text());
}

Json as_parameter(const Json& value) {
    // NetSuite documents texts only; a number as text converts on its side.
    if (const std::string* number = value.number_if()) return Json(*number);
    return value;
}

/// The request body for one page of one part of the list.
Json request_body(const Template& text, std::span<const Json> params, const Json::Array* list,
                  std::string_view after, bool bound) {
    std::string q = text.pieces[0];
    Json values = Json::array();
    const auto put = [&](const Json& value) {
        q += bound ? "?" : as_literal(value);
        if (bound) values.push_back(as_parameter(value));
    };
    std::size_t next = 0;
    for (std::size_t hole = 0; hole < text.is_after.size(); ++hole) {
        if (text.is_after[hole]) {
            // A number key unquoted in the text; a text key cannot be one.
            put(!bound && is_internal_id(after) ? Json::number_token(std::string(after))
                                                : Json(std::string(after)));
        } else if (params[next].is_array()) {
            for (std::size_t i = 0; i < list->size(); ++i) {
                if (i > 0) q += ", ";
                put((*list)[i]);
            }
            ++next;
        } else {
            put(params[next++]);
        }
        q += text.pieces[hole + 1];
    }
    Json body = Json::object({{"q", Json(std::move(q))}});
    if (!values.empty()) body.set("params", std::move(values));
    return body;
}

bool key_precedes(std::string_view a, std::string_view b) {
    if (!is_internal_id(a) || !is_internal_id(b)) return a < b;
    const auto number = [](std::string_view text) { return std::stoll(std::string(text)); };
    return number(a) < number(b);
}

struct Page {
    ApiOutcome outcome;
    std::vector<Json> rows;
    bool more = false;
};

Page fetch_page(Session& session, const Json& body, std::size_t limit, std::size_t offset,
                const CallContext& context) {
    ApiRequest request;
    request.method = "POST";
    request.kind = ConcurrencyBudget::Kind::Query;
    request.path =
        "/query/v1/suiteql?limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset);
    request.headers = {{"Content-Type", "application/json"},
                       {"Accept", "application/json"},
                       {"Prefer", "transient"}};
    request.body = body.dump();
    Page page{session.send(request, context), {}, false};
    if (!page.outcome.ok()) return page;
    Result<Json> answer = Json::parse(page.outcome.response.body);
    if (!answer || !(*answer)["items"].is_array()) {
        page.outcome = {
            ReplyStatus::Failed,
            {},
            transient("netsuite.answer_lost",
                      "SuiteQL: the answer is no page of rows; it will be asked again")};
        return page;
    }
    page.more = (*answer)["hasMore"].bool_if().value_or(false);
    Json* items = answer->find("items");
    for (Json& row : *items->items_if()) {
        row.erase("links");  // not a column
        page.rows.push_back(std::move(row));
    }
    return page;
}

/// How a release without bound parameters refuses the member "params".
constexpr std::string_view kNoParameters = "netsuite.invalid_params";

/// All pages of one part of the list, appended to `all`.
ApiOutcome fetch_part(Session& session, const SuiteQl& query, const Template& text,
                      const Json::Array* list, const CallContext& context, SuiteQlRows& all) {
    const bool keyset =
        std::find(text.is_after.begin(), text.is_after.end(), true) != text.is_after.end();
    std::string after = query.after;
    std::size_t offset = 0;
    for (;;) {
        const std::size_t room = query.limit - all.rows.size();
        // Offsets must be multiples of the limit, so the page keeps one size.
        const std::size_t limit = std::min(kSuiteQlPage, std::max<std::size_t>(1, query.limit));
        const bool bound = session.binds_parameters();
        const Json body = request_body(text, query.params, list, after, bound);
        Page page = fetch_page(session, body, limit, keyset ? 0 : offset, context);
        if (bound && body.contains("params") && page.outcome.error.code == kNoParameters) {
            session.bind_no_parameters();
            continue;
        }
        if (!page.outcome.ok()) return std::move(page.outcome);
        for (std::size_t i = 0; i < page.rows.size() && i < room; ++i) {
            if (keyset) {
                const std::string key = page.rows[i][query.key_column].text();
                if (key.empty() || !key_precedes(after, key)) {
                    page.outcome.status = ReplyStatus::Failed;
                    page.outcome.error = bad_query("column \"" + query.key_column +
                                                   "\" does not rise from row to row; select "
                                                   "it and end with ORDER BY it");
                    return std::move(page.outcome);
                }
                after = key;
                all.last_key = key;
            }
            all.rows.push_back(std::move(page.rows[i]));
        }
        const bool cut_short = page.rows.size() > room;
        if (cut_short || (page.more && all.rows.size() >= query.limit)) all.complete = false;
        if (!page.more || !all.complete || page.rows.empty()) return std::move(page.outcome);
        offset += limit;
    }
}

}  // namespace

SuiteQlOutcome run_suiteql(Session& session, const SuiteQl& query, const CallContext& context) {
    const Template text = cut(query.text);
    const auto holes =
        static_cast<std::size_t>(std::count(text.is_after.begin(), text.is_after.end(), false));
    if (holes != query.params.size())
        return stop(bad_query("the text has " + std::to_string(holes) + " `?` and there are " +
                              std::to_string(query.params.size()) + " parameters"));
    const Json::Array* list = nullptr;
    for (const Json& param : query.params) {
        if (!param.is_array()) {
            if (param.is_string() || param.is_number()) continue;
            return stop(bad_query("parameters are texts, numbers and at most one list"));
        }
        if (list != nullptr) return stop(bad_query("only one parameter may be a list"));
        list = &param.items();
    }
    SuiteQlOutcome out;
    out.outcome.status = ReplyStatus::Ok;
    if (list == nullptr) {
        out.outcome = fetch_part(session, query, text, nullptr, context, out.result);
        return out;
    }
    for (std::size_t begin = 0; begin < list->size(); begin += kSuiteQlInList) {
        const std::size_t end = std::min(list->size(), begin + kSuiteQlInList);
        const Json::Array part(list->begin() + static_cast<std::ptrdiff_t>(begin),
                               list->begin() + static_cast<std::ptrdiff_t>(end));
        out.outcome = fetch_part(session, query, text, &part, context, out.result);
        if (!out.outcome.ok() || !out.result.complete) return out;
    }
    return out;
}

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

bool is_identifier(std::string_view text) {
    if (text.empty() || text.size() > 128) return false;
    bool start = true;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '.' && !start) {
            start = true;
            continue;
        }
        const bool letter = std::isalpha(byte) != 0 || c == '_';
        if (!letter && (start || std::isdigit(byte) == 0)) return false;
        start = false;
    }
    return !start;
}

}  // namespace carrick::connectors::netsuite
